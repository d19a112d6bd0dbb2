"""The lines of a transcript."""

import pytest

from tests.transcripts.happenings import (
    Connects,
    IsCut,
    RoomIs,
    ServerStops,
    TimePasses,
    WritesMuch,
)
from tests.transcripts.notation import (
    Answered,
    Asked,
    Closed,
    Heard,
    Said,
    Step,
    Unreadable,
    read,
)

PING = {"type": "ping"}


def only(line: str) -> Step:
    """Return what a single line says."""
    (one,) = read(line, name="tea").lines
    return one.step


@pytest.mark.parametrize(
    ("line", "step"),
    [
        ('B> {"type":"ping"}', Said("B", PING)),
        ('A< {"type":"ping"}', Heard("A", PING)),
        ("B< close 4401 revoked", Closed("B", 4401, "revoked")),
        ("B< close 1012", Closed("B", 1012, None)),
        ('B> POST /v1/sync {"a":1}', Asked("B", "POST", "/v1/sync", {"a": 1})),
        ("B> GET /v1/me", Asked("B", "GET", "/v1/me", None)),
        ('B< 200 {"a":1}', Answered("B", 200, {"a": 1})),
        ("B< 204", Answered("B", 204, None)),
        ("(Bob connects)", Connects("B")),
        ("   (Bob's connection is cut)", IsCut("B")),
        ("(the server is told to stop)", ServerStops()),
        ("(<ms> milliseconds pass)", TimePasses("ms")),
        ("(Alice writes more messages than are replayed)", WritesMuch("A")),
        ("(<room> is a public room of Alice's)", RoomIs("room", "public", "A", ())),
        (
            "(<tea room> is a private room of Alice's with Bob and Charlie in it)",
            RoomIs("tea room", "private", "A", ("B", "C")),
        ),
    ],
)
def test_a_line_is_a_step(line: str, step: Step) -> None:
    assert only(line) == step


def test_a_line_that_begins_with_a_space_goes_on_with_the_one_before() -> None:
    text = '# Tea.\n\nB> {"type":\n    "ping"}\n  (Bob connects)\n# The end.\n'

    transcript = read(text, name="tea")

    assert [(line.number, line.step) for line in transcript.lines] == [
        (3, Said("B", PING)),
        (5, Connects("B")),
    ]


def test_a_remark_says_whose_part_a_client_may_have() -> None:
    assert read("# Tea.\n# For clients: A, B\n", name="tea").clients == ("A", "B")
    assert read("# Tea.\n", name="tea").clients == ()


@pytest.mark.parametrize(
    "line",
    ["(Bob dances)", "(Dave connects)", "B: hello", "B> hello", "B< close", "b> {}", "B> {"],
)
def test_what_says_nothing_is_named_with_its_line(line: str) -> None:
    with pytest.raises(Unreadable, match=r"^tea:2: "):
        read(f"# Tea.\n{line}", name="tea")

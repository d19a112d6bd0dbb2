"""What a report says of what came."""

import pytest

from hubbub_client.frames import Frame
from tests.conformance.clause import (
    SHOWN_CHARS,
    Broken,
    expect,
    expect_equal,
    first_difference,
    shown,
)


def test_what_is_so_is_fine() -> None:
    expect(True, "nothing in particular")
    expect_equal([1, 2], [1, 2], "the seqs")


def test_what_is_not_so_says_what_was_expected_and_what_came() -> None:
    error = Frame("error", {"code": "invalid"}, ref="r1")

    with pytest.raises(Broken) as broken:
        expect(False, "an ack", error)

    assert str(broken.value) == (
        'expected an ack; came {"type":"error","ref":"r1","data":{"code":"invalid"}}'
    )


def test_what_is_not_equal_says_both() -> None:
    with pytest.raises(Broken, match="expected a close with 4401; came 1006"):
        expect_equal(1006, 4401, "a close with")


def test_nothing_is_shown_as_nothing() -> None:
    assert shown(None) == "nothing"


def test_of_many_frames_the_last_are_shown() -> None:
    frames = [Frame("message", {}, seq=seq) for seq in range(1, 8)]

    text = shown(frames)

    assert text.startswith("(3 more) ")
    assert [seq for seq in range(1, 8) if f'"seq":{seq}' in text] == [4, 5, 6, 7]


def test_what_is_long_is_cut() -> None:
    assert shown("x" * 1_000) == "x" * SHOWN_CHARS + "..."


@pytest.mark.parametrize(
    ("came", "difference"),
    [
        ([1, 2, 4], "4 in place 2 where 3 belongs"),
        ([1, 2], "2 of 3, the last [2] instead of [3]"),
        ([1, 2, 2, 3], "2 in place 2 where 3 belongs"),
    ],
)
def test_the_first_difference_is_named(came: list[int], difference: str) -> None:
    assert first_difference(came, [1, 2, 3]) == difference

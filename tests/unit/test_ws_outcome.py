"""How results of the WebSocket cases are judged: only what is explained may be less than passed."""

import pytest

from tests.ws_conformance.outcome import EXPLAINED, Outcome, table, unexplained

STRANGE = "1.1.1"


def outcome(case: str, behavior: str, close: str = "OK") -> Outcome:
    return Outcome.of(case, behavior=behavior, close=close, said="what was said")


def explained() -> list[Outcome]:
    """Return results that need each explanation."""
    return [outcome(name, "NON-STRICT") for name in EXPLAINED]


@pytest.mark.parametrize(
    ("behavior", "close", "verdict"),
    [
        ("OK", "OK", "passed"),
        ("OK", "INFORMATIONAL", "passed"),
        ("NON-STRICT", "OK", "non-strict"),
        ("INFORMATIONAL", "INFORMATIONAL", "informational"),
        ("UNIMPLEMENTED", "OK", "not negotiated"),
        ("FAILED", "OK", "failed"),
        ("OK", "UNCLEAN", "failed"),
        ("OK", "WRONG CODE", "failed"),
        ("OK", "FAILED", "failed"),
        ("never heard of", "OK", "failed"),
    ],
)
def test_a_good_word_with_a_bad_end_is_a_failure(behavior: str, close: str, verdict: str) -> None:
    assert outcome(STRANGE, behavior, close).verdict == verdict


def test_what_is_explained_is_no_fault() -> None:
    assert list(unexplained([*explained(), outcome(STRANGE, "OK")])) == []


def test_a_group_is_explained_as_a_whole_and_no_other() -> None:
    assert outcome("13.3.18", "UNIMPLEMENTED").group == "13.3"
    assert outcome("13.31.1", "UNIMPLEMENTED").group == ""


@pytest.mark.parametrize("behavior", ["NON-STRICT", "UNIMPLEMENTED", "FAILED"])
def test_what_is_not_explained_is_a_fault(behavior: str) -> None:
    [fault] = unexplained([*explained(), outcome(STRANGE, behavior)])

    assert fault.startswith("1.1.1 ")


def test_a_failure_cannot_be_explained_away() -> None:
    name = next(iter(EXPLAINED))

    assert len(list(unexplained([*explained(), outcome(name, "FAILED")]))) == 1


def test_an_explanation_that_nobody_needs_is_a_fault() -> None:
    first, *others = explained()

    assert list(unexplained(others)) == [f"{first.case} is explained and needs it no more"]


def test_the_table_counts_by_category() -> None:
    lines = table([outcome("9.1.1", "OK"), outcome("9.1.2", "FAILED"), outcome("1.1", "OK")])

    assert "| 9 | large messages, many messages | 2 | 1 | 0 | 0 | 0 | 1 |" in lines
    assert lines.splitlines()[-1] == "|  | all | 3 | 2 | 0 | 0 | 0 | 1 |"

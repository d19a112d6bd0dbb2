"""Acts happen one after the other; only what is done in one moment goes together."""

from services.demo.acts import Act, Enter, Read, Say
from services.demo.telling import moments

ONE = Say(1.0, "alice", ("tea", 0), "One")
TWO = Say(1.0, "bob", ("tea", 1), "Two")
ANSWER = Say(1.0, "bob", ("tea", 2), "Three", ("tea", 0))
LATER = Say(2.0, "alice", ("tea", 3), "Four")
COME = Enter(2.0, "charlie", "tea")
LOOK = Read(2.0, "bob", "tea")


def together(*acts: Act) -> list[list[Act]]:
    return list(moments(acts))


def test_messages_of_one_moment_go_together() -> None:
    assert together(ONE, TWO, LATER) == [[ONE, TWO], [LATER]]


def test_an_answer_waits_for_what_it_answers() -> None:
    assert together(ONE, ANSWER, TWO) == [[ONE], [ANSWER], [TWO]]


def test_rooms_are_read_together_but_after_what_is_said() -> None:
    assert together(LATER, LOOK, LOOK) == [[LATER], [LOOK, LOOK]]


def test_other_acts_are_alone() -> None:
    assert together(COME, COME) == [[COME], [COME]]


def test_nothing_gives_nothing() -> None:
    assert together() == []

"""An owner that is slow is given no more than it can obey; others do not feel it."""

from libs.common.contracts.ids import ConnectionId
from services.gateway.core.unanswered import PROBE_S, Ask, Unanswered

NOW = 50.0
SLOW_S = 2.0
ROOMS, PEOPLE = "m.1", "p.1"


def ask(number: int) -> Ask:
    return ConnectionId("c-1"), f"r{number}"


def given(*times: float, owner: str = ROOMS, **more: int) -> Unanswered:
    """Return what waits after commands were sent at these times."""
    at = Unanswered(slow_s=SLOW_S, forget_s=20.0, max_commands=more.get("max_commands", 100))
    for number, time in enumerate(times):
        at.add(owner, ask(number), time)
    return at


def test_an_owner_that_is_quick_gets_everything() -> None:
    at = given(NOW, NOW + 0.1)

    assert at.may_add(ROOMS, NOW + 1.9)
    assert at.oldest_s(NOW + 1.5) == 1.5
    assert at.oldest_s(NOW) == 0.0


def test_an_owner_that_is_slow_gets_one_command_a_while() -> None:
    at = given(NOW, NOW + 1.9)

    assert not at.may_add(ROOMS, NOW + SLOW_S)
    assert at.may_add(PEOPLE, NOW + SLOW_S)
    assert at.may_add(ROOMS, NOW + 1.9 + PROBE_S)

    at.add(ROOMS, ask(7), NOW + 1.9 + PROBE_S)
    assert not at.may_add(ROOMS, NOW + 2 + PROBE_S)


def test_an_answer_says_that_all_before_it_is_done_with() -> None:
    at = given(NOW, NOW + 0.5, NOW + 1)

    at.answered(ask(1))

    assert len(at) == 1
    assert at.oldest_s(NOW + 2) == 1.0
    assert at.may_add(ROOMS, NOW + 2.9)


def test_an_answer_to_what_is_not_known_changes_nothing() -> None:
    at = given(NOW)

    at.answered(ask(9))
    at.drop(ask(9))

    assert len(at) == 1


def test_what_was_not_sent_is_dropped_alone() -> None:
    at = given(NOW, NOW + 1)

    at.drop(ask(1))

    assert len(at) == 1
    assert at.oldest_s(NOW + 1) == 1.0


def test_a_ref_that_is_used_again_counts_from_now() -> None:
    at = given(NOW)

    at.add(PEOPLE, ask(0), NOW + 3)

    assert len(at) == 1
    assert at.may_add(ROOMS, NOW + 3)
    at.answered(ask(0))
    assert len(at) == 0


def test_so_many_wait_in_all() -> None:
    at = given(NOW, NOW, max_commands=2)

    assert not at.may_add(PEOPLE, NOW)


def test_an_owner_that_never_answers_is_forgiven_after_a_while() -> None:
    at = given(NOW, NOW + 5)

    at.forget(NOW + 21)
    assert len(at) == 1

    at.forget(NOW + 26)
    assert at.may_add(ROOMS, NOW + 26)
    assert at.oldest_s(NOW + 26) == 0.0


def test_answers_that_may_be_lost_are_not_waited_for() -> None:
    at = given(NOW)

    at.clear()

    assert len(at) == 0
    at.answered(ask(0))

"""What is counted of a talk: from when a message was due, each once, nothing twice."""

import math

import pytest

from tests.bench.tally import ERRORS_KEPT, Spread, Tally, share_of

ALICE, BOB, CHARLIE = range(3)


@pytest.fixture
def tally() -> Tally:
    return Tally(first=100, others=2)


@pytest.mark.parametrize(
    ("count", "share", "value"),
    [(1, 0.5, 1), (1, 0.99, 1), (2, 0.5, 1), (100, 0.5, 50), (100, 0.99, 99), (101, 0.99, 100)],
)
def test_a_share_is_the_least_value_that_so_many_are_at_most(
    count: int, share: float, value: int
) -> None:
    assert share_of(range(1, count + 1), share) == value


def test_a_spread_needs_no_order() -> None:
    assert Spread.of([3.0, 1.0, 2.0]) == Spread(p50=2.0, p99=3.0, longest=3.0)


def test_the_spread_of_nothing_is_not_a_number() -> None:
    assert math.isnan(Spread.of([]).p50)


def test_times_run_from_when_a_message_was_due(tally: Tally) -> None:
    number = tally.send(ALICE, due=1.0, now=1.5)

    tally.ack(number, 2.0)
    tally.hear(number, BOB, 3.0)

    outcome = tally.outcome()
    assert (outcome.late.p50, outcome.ack.p50, outcome.heard.p50) == (0.5, 1.0, 2.0)


def test_who_sends_a_message_is_not_counted_as_hearing_it(tally: Tally) -> None:
    number = tally.send(ALICE, due=1.0, now=1.0)

    tally.hear(number, ALICE, 2.0)

    assert tally.outcome().missed == 2


def test_a_talk_is_complete_when_all_was_acknowledged_and_heard_by_all_others(
    tally: Tally,
) -> None:
    number = tally.send(ALICE, due=1.0, now=1.0)
    tally.ack(number, 2.0)
    tally.hear(number, BOB, 2.0)
    tally.hear(number, CHARLIE, 2.0)

    assert tally.is_complete
    assert (tally.outcome().missed, tally.outcome().surplus) == (0, 0)


def test_a_talk_that_somebody_has_not_heard_is_not_complete(tally: Tally) -> None:
    number = tally.send(ALICE, due=1.0, now=1.0)
    tally.ack(number, 2.0)
    tally.hear(number, BOB, 2.0)

    assert not tally.is_complete


def test_what_one_heard_twice_does_not_hide_what_another_missed(tally: Tally) -> None:
    first, second = (tally.send(ALICE, due=1.0, now=1.0) for _ in range(2))
    for number in (first, first, first, second):
        tally.hear(number, BOB, 2.0)

    outcome = tally.outcome()

    assert (outcome.missed, outcome.surplus) == (1, 1)


def test_an_answer_counts_once(tally: Tally) -> None:
    number = tally.send(ALICE, due=1.0, now=1.0)

    assert [tally.ack(number, 2.0), tally.ack(number, 3.0)] == [True, False]
    assert tally.outcome().acked == 1


@pytest.mark.parametrize("number", [-1, 99, 101])
def test_numbers_of_other_talks_count_nowhere(tally: Tally, number: int) -> None:
    tally.send(ALICE, due=1.0, now=1.0)

    tally.hear(number, BOB, 2.0)

    assert not tally.ack(number, 2.0)
    assert (tally.outcome().acked, tally.outcome().missed) == (0, 2)


def test_all_errors_are_counted_and_the_first_kept(tally: Tally) -> None:
    for number in range(ERRORS_KEPT + 2):
        tally.fail(str(number))

    outcome = tally.outcome()

    assert outcome.error_count == ERRORS_KEPT + 2
    assert outcome.errors == ("0", "1", "2")

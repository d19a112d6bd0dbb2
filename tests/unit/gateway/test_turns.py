"""So many a second are let in, in order, and nobody waits for long."""

import pytest

from libs.common.errors import Unavailable
from services.gateway.core.turns import Turns

NOW = 50.0


def test_a_seconds_worth_is_let_in_at_once() -> None:
    turns = Turns(per_s=4, max_wait_s=1)

    assert [turns.take(NOW) for _ in range(4)] == [0, 0, 0, 0]


def test_the_next_wait_in_the_order_in_which_they_came() -> None:
    turns = Turns(per_s=4, max_wait_s=1)
    for _ in range(4):
        turns.take(NOW)

    assert [turns.take(NOW) for _ in range(3)] == [0.25, 0.5, 0.75]
    assert turns.take(NOW + 0.5) == 0.5


def test_when_the_wait_is_too_long_no_turn_is_taken() -> None:
    turns = Turns(per_s=4, max_wait_s=0.5)
    for _ in range(7):
        turns.take(NOW)
    assert turns.are_all_taken(NOW)

    with pytest.raises(Unavailable):
        turns.take(NOW)

    assert turns.wait_s(NOW) == 0.75
    assert turns.take(NOW + 0.5) == 0.5


def test_after_a_pause_there_is_no_wait() -> None:
    turns = Turns(per_s=4, max_wait_s=0.5)
    for _ in range(7):
        turns.take(NOW)

    assert [turns.take(NOW + 60) for _ in range(4)] == [0, 0, 0, 0]

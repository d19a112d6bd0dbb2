"""What is too slow together is parted; what is too slow alone is given up after a few tries."""

from collections.abc import Sequence

import pytest

from libs.common.errors import Unavailable
from libs.common.outages import StatementTooSlow
from libs.common.patience import MAX_SLOW_TRIES, Patience, TooSlow

TEA, COFFEE = object(), object()


def outcome(patience: Patience, work: Sequence[object], error: Exception) -> type[Exception]:
    """Return what becomes of an error that comes up while working on `work`."""
    with pytest.raises(Exception) as raised, patience.over(work):  # noqa: PT011
        raise error
    return raised.type


def tried(patience: Patience, work: object, *, times: int) -> list[type[Exception]]:
    return [outcome(patience, [work], StatementTooSlow()) for _ in range(times)]


def test_several_things_are_to_be_parted_at_once() -> None:
    assert outcome(Patience(), [TEA, COFFEE], StatementTooSlow()) is TooSlow


def test_one_thing_is_tried_a_few_times() -> None:
    *again, last = tried(Patience(), TEA, times=MAX_SLOW_TRIES)

    assert set(again) == {StatementTooSlow}
    assert last is TooSlow


def test_each_thing_has_tries_of_its_own() -> None:
    patience = Patience()
    tried(patience, TEA, times=MAX_SLOW_TRIES - 1)

    assert tried(patience, COFFEE, times=1) == [StatementTooSlow]
    assert tried(patience, TEA, times=1) == [StatementTooSlow]


def test_an_outage_is_not_counted() -> None:
    patience = Patience()

    outages = [outcome(patience, [TEA], Unavailable()) for _ in range(2 * MAX_SLOW_TRIES)]

    assert set(outages) == {Unavailable}
    assert tried(patience, TEA, times=1) == [StatementTooSlow]


def test_giving_up_is_no_outage() -> None:
    """A worker tries again for ever what is `Unavailable`."""
    assert not issubclass(TooSlow, Unavailable)


def test_nothing_happens_when_nothing_is_slow() -> None:
    with Patience().over([TEA]):
        pass

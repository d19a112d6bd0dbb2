"""What waits goes in order, in flights and holds that are bounded."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.batch import Batch, Bounds, Full

ROOMY = Bounds(max_items=1000, max_bytes=1_000_000)
SMALL = Bounds(max_items=3, max_bytes=10)
RETRY_S = 0.5
# Exact in binary, unlike a few milliseconds.
LINGER_S = 0.25


def batch(*, held: Bounds = ROOMY, flight: Bounds = SMALL) -> Batch[str]:
    return Batch[str](held=held, flight=flight)


def test_a_flight_takes_what_waits_in_order() -> None:
    waiting = batch()
    waiting.add("a", 1)
    waiting.add("b", 1)

    assert waiting.flight() == ["a", "b"]


def test_a_flight_stays_the_same_until_it_has_landed() -> None:
    waiting = batch()
    waiting.add("a", 1)
    waiting.flight()
    waiting.add("b", 1)

    assert waiting.flight() == ["a"]
    waiting.landed()
    assert waiting.flight() == ["b"]


def test_a_flight_is_bounded_by_items() -> None:
    waiting = batch()
    for letter in "abcd":
        waiting.add(letter, 1)

    assert waiting.flight() == ["a", "b", "c"]


def test_a_flight_is_bounded_by_bytes() -> None:
    waiting = batch()
    for letter in "abc":
        waiting.add(letter, 5)

    assert waiting.flight() == ["a", "b"]


def test_an_item_larger_than_a_flight_flies_alone() -> None:
    waiting = batch()
    waiting.add("huge", 99)
    waiting.add("a", 1)

    assert waiting.flight() == ["huge"]
    waiting.landed()
    assert waiting.flight() == ["a"]


def test_what_is_in_flight_counts_towards_what_is_held() -> None:
    waiting = batch(held=Bounds(max_items=2, max_bytes=100))
    waiting.add("a", 30)
    waiting.flight()
    waiting.add("b", 30)

    with pytest.raises(Full):
        waiting.add("c", 1)

    assert (len(waiting), waiting.size_bytes) == (2, 60)
    waiting.landed()
    waiting.add("c", 1)
    assert (len(waiting), waiting.size_bytes) == (2, 31)


def test_bytes_are_bounded_too() -> None:
    waiting = batch(held=Bounds(max_items=99, max_bytes=10))
    waiting.add("a", 6)

    with pytest.raises(Full) as refusal:
        waiting.add("b", 5)

    assert refusal.value.code == "unavailable"
    assert refusal.value.retryable


def test_nothing_flies_when_nothing_waits() -> None:
    assert batch().flight() == []


@given(st.lists(st.integers(0, 20), max_size=60), st.data())
def test_everything_flies_once_in_order_and_within_bounds(
    sizes: list[int], data: st.DataObject
) -> None:
    waiting: Batch[tuple[int, int]] = Batch(held=ROOMY, flight=SMALL)
    flown: list[tuple[int, int]] = []
    for number, size in enumerate(sizes):
        waiting.add((number, size), size)
        if data.draw(st.booleans()):
            flown += check(waiting)
    while waiting:
        flown += check(waiting)

    assert flown == list(enumerate(sizes))
    assert waiting.size_bytes == 0


def check(waiting: Batch[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    flight = waiting.flight()
    size_bytes = sum(size for _, size in flight)
    assert len(flight) <= SMALL.max_items
    assert size_bytes <= SMALL.max_bytes or len(flight) == 1
    waiting.landed()
    return flight

"""One flight at a time: company, failures, order, bounds and the end."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.batch import Bounds, Full, OneFlight
from libs.common.errors import Draining, TimedOut, Unavailable
from tests.support.clock import SetClock, settle

ROOMY = Bounds(max_items=1000, max_bytes=1_000_000)
SMALL = Bounds(max_items=3, max_bytes=10)
RETRY_S = 0.5
# Exact in binary, unlike a few milliseconds.
LINGER_S = 0.25


class Runway:
    """Takes flights, slowly if told so, and lets those fail that are told to."""

    def __init__(self) -> None:
        self.flights: list[list[str]] = []
        self.arrived: list[str] = []
        self.failures: list[Exception] = []
        self.is_clear = asyncio.Event()
        self.is_clear.set()

    async def send(self, flight: Sequence[str]) -> None:
        self.flights.append(list(flight))
        await self.is_clear.wait()
        if self.failures:
            raise self.failures.pop(0)
        self.arrived += flight


def one_flight(
    runway: Runway,
    clock: SetClock,
    *,
    held: Bounds = ROOMY,
    flight: Bounds = ROOMY,
    linger_s: float = 0.0,
) -> OneFlight[str]:
    return OneFlight(
        runway.send,
        held=held,
        flight=flight,
        retry_delay_s=lambda failures: RETRY_S * failures,
        linger_s=linger_s,
        clock=clock,
    )


class Field:
    """A flusher at work with its runway and its clock."""

    def __init__(self, *, linger_s: float = 0.0, held: Bounds = ROOMY, flight: Bounds = ROOMY):
        self.clock = SetClock()
        self.runway = Runway()
        self.flusher = one_flight(
            self.runway, self.clock, held=held, flight=flight, linger_s=linger_s
        )
        self.running = asyncio.create_task(self.flusher.run())

    def add(self, letters: str) -> None:
        for letter in letters:
            self.flusher.add(letter, 1)

    async def close(self) -> None:
        self.running.cancel()
        await asyncio.wait({self.running})


@pytest.fixture
async def field() -> AsyncIterator[Field]:
    field = Field()
    yield field
    await field.close()


@pytest.fixture
async def lingering() -> AsyncIterator[Field]:
    field = Field(linger_s=LINGER_S, flight=SMALL)
    yield field
    await field.close()


async def test_what_is_added_in_one_turn_goes_together(field: Field) -> None:
    field.add("a")
    field.add("b")
    await settle()

    assert field.runway.flights == [["a", "b"]]


async def test_what_comes_during_a_flight_goes_with_the_next(field: Field) -> None:
    field.runway.is_clear.clear()
    field.add("a")
    await settle()
    field.add("b")
    await settle()
    field.add("c")
    await settle()
    assert field.runway.flights == [["a"]]

    field.runway.is_clear.set()
    await settle()

    assert field.runway.flights == [["a"], ["b", "c"]]


async def test_it_sleeps_when_nothing_waits_and_wakes_again(field: Field) -> None:
    field.add("a")
    await settle()
    field.add("b")
    await settle()

    assert field.runway.arrived == ["a", "b"]
    assert field.clock.sleepers == 0


@pytest.mark.parametrize("failure", [Unavailable(), TimedOut()])
async def test_a_flight_that_fails_goes_again_before_anything_else(
    field: Field, failure: Exception
) -> None:
    field.runway.failures = [failure]
    field.add("ab")
    await settle()
    field.add("c")
    await settle()
    assert field.runway.flights == [["a", "b"]]

    await field.clock.advance(RETRY_S)

    assert field.runway.flights == [["a", "b"], ["a", "b"], ["c"]]


async def test_the_delay_grows_with_failures_in_a_row(field: Field) -> None:
    field.runway.failures = [Unavailable(), Unavailable()]
    field.add("a")

    await field.clock.advance(RETRY_S)
    assert (len(field.runway.flights), field.flusher.failures) == (2, 2)

    await field.clock.advance(2 * RETRY_S - 0.01)
    assert len(field.runway.flights) == 2

    await field.clock.advance(0.01)
    assert (field.runway.arrived, field.flusher.failures) == (["a"], 0)


async def test_a_mistake_of_ours_ends_the_worker(field: Field) -> None:
    field.runway.failures = [ZeroDivisionError()]
    field.add("a")
    await settle()

    with pytest.raises(ZeroDivisionError):
        await field.running
    assert len(field.flusher) == 1


async def test_the_adder_hears_at_once_that_it_is_full() -> None:
    field = Field(held=Bounds(max_items=2, max_bytes=100))
    field.add("ab")

    with pytest.raises(Full):
        field.flusher.add("c", 1)

    await settle()
    assert field.runway.arrived == ["a", "b"]
    field.add("c")
    await field.close()


async def test_flights_are_capped() -> None:
    field = Field(flight=SMALL)
    field.add("abcdefg")
    await settle()

    assert field.runway.flights == [["a", "b", "c"], ["d", "e", "f"], ["g"]]
    await field.close()


async def test_draining_sends_the_rest_and_takes_nothing_more(field: Field) -> None:
    field.runway.failures = [Unavailable()]
    field.add("ab")
    draining = asyncio.create_task(field.flusher.drain(timeout_s=5))
    await settle()

    with pytest.raises(Draining):
        field.flusher.add("c", 1)
    await field.clock.advance(RETRY_S)

    assert await draining == 0
    assert field.runway.arrived == ["a", "b"]


async def test_draining_gives_up_in_time_and_says_what_is_left(field: Field) -> None:
    field.runway.is_clear.clear()
    field.add("ab")
    await settle()

    assert await field.flusher.drain(timeout_s=0) == 2


async def test_draining_what_is_empty_takes_no_time(field: Field) -> None:
    assert await field.flusher.drain(timeout_s=0) == 0


async def test_being_cancelled_loses_nothing(field: Field) -> None:
    field.runway.is_clear.clear()
    field.add("ab")
    await settle()
    await field.close()
    field.runway.is_clear.set()

    again = asyncio.create_task(field.flusher.run())
    await settle()

    assert field.runway.arrived == ["a", "b"]
    again.cancel()


async def test_a_quiet_room_does_not_wait_for_company(lingering: Field) -> None:
    lingering.add("a")
    await settle()
    await lingering.clock.advance(LINGER_S)
    lingering.add("b")
    await settle()

    assert lingering.runway.flights == [["a"], ["b"]]


async def test_a_busy_one_does(lingering: Field) -> None:
    lingering.add("a")
    await lingering.clock.advance(LINGER_S / 2)
    lingering.add("b")
    await lingering.clock.advance(LINGER_S / 2)
    lingering.add("c")
    assert lingering.runway.flights == [["a"]]

    await lingering.clock.advance(LINGER_S / 2)

    assert lingering.runway.flights == [["a"], ["b", "c"]]


async def test_a_full_flight_has_company_enough(lingering: Field) -> None:
    lingering.add("a")
    await settle()
    lingering.add("bcd")
    await settle()

    assert lingering.runway.flights == [["a"], ["b", "c", "d"]]


@given(
    st.lists(st.sampled_from(["add", "fail", "time", "turn", "clear", "block"]), max_size=80),
    st.sampled_from([0.0, LINGER_S]),
)
def test_items_never_overtake_each_other(steps: list[str], linger_s: float) -> None:
    asyncio.run(overtake(steps, linger_s))


async def overtake(steps: list[str], linger_s: float) -> None:
    field = Field(linger_s=linger_s, flight=SMALL)
    added = 0
    for step in steps:
        match step:
            case "add":
                field.flusher.add(f"{added:03}", 1)
                added += 1
            case "fail":
                field.runway.failures.append(Unavailable())
            case "time":
                await field.clock.advance(0.3)
            case "turn":
                await asyncio.sleep(0)
            case "clear":
                field.runway.is_clear.set()
            case "block":
                field.runway.is_clear.clear()
    field.runway.is_clear.set()
    field.runway.failures.clear()
    await field.clock.advance(100)

    assert field.runway.arrived == [f"{number:03}" for number in range(added)]
    await field.close()

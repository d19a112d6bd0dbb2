"""The schedule sleeps until a room is due, and is woken when hours are set meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from libs.common.errors import Unavailable
from services.rooms.consumers.schedule import Schedule
from services.rooms.settings import RoomsSettings
from tests.support.clock import TEN_O_CLOCK, SetClock, settle


@dataclass(slots=True)
class DueRooms:
    """In the place of the store: moments at which rooms are due, and when each was turned."""

    clock: SetClock
    due: list[float] = field(default_factory=list)
    turned: list[float] = field(default_factory=list)
    looks: int = 0
    is_away: bool = False

    async def turn(self, _: Callable[[Any], Any], *, now: float, **_more: Any) -> int:
        self.looks += 1
        if self.is_away:
            raise Unavailable
        over = [at for at in self.due if at <= now]
        self.due = [at for at in self.due if at > now]
        self.turned += [self.clock.now() - TEN_O_CLOCK] * len(over)
        return len(over)

    async def next_at(self) -> float | None:
        return min(self.due, default=None)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def rooms(clock: SetClock) -> DueRooms:
    return DueRooms(clock)


@pytest.fixture
async def schedule(rooms: DueRooms, clock: SetClock) -> AsyncIterator[Schedule]:
    """One that runs, and has looked once."""
    store: Any = rooms
    schedule = Schedule(store, RoomsSettings(schedule_every_s=60.0), clock=clock)
    running = asyncio.create_task(schedule.run())
    await settle()
    yield schedule
    running.cancel()
    await asyncio.wait({running})


async def test_hours_that_are_set_meanwhile_are_kept_to_the_moment(
    schedule: Schedule, rooms: DueRooms, clock: SetClock
) -> None:
    await clock.advance(10.0)
    rooms.due.append(TEN_O_CLOCK + 12.0)
    schedule.wake()

    await clock.advance(5.0)

    assert rooms.turned == [12.0]


@pytest.mark.usefixtures("schedule")
async def test_hours_that_others_set_are_found_at_the_next_look(
    rooms: DueRooms, clock: SetClock
) -> None:
    rooms.due.append(TEN_O_CLOCK + 12.0)

    await clock.advance(120.0)

    assert rooms.turned == [60.0]


async def test_who_is_woken_for_nothing_sleeps_on(
    schedule: Schedule, rooms: DueRooms, clock: SetClock
) -> None:
    for _ in range(3):
        schedule.wake()
        await clock.advance(1.0)

    assert rooms.looks == 4


async def test_a_call_during_a_look_is_not_lost(
    schedule: Schedule, rooms: DueRooms, clock: SetClock
) -> None:
    schedule.wake()
    schedule.wake()
    await settle()
    schedule.wake()
    rooms.due.append(TEN_O_CLOCK + 1.0)

    await clock.advance(2.0)

    assert rooms.turned == [1.0]


async def test_without_a_database_it_is_tried_again(
    schedule: Schedule, rooms: DueRooms, clock: SetClock
) -> None:
    rooms.is_away = True
    rooms.due.append(TEN_O_CLOCK + 1.0)
    schedule.wake()
    await clock.advance(30.0)
    rooms.is_away = False

    await clock.advance(60.0)

    assert rooms.turned == [60.0]

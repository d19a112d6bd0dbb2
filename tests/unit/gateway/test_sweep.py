"""One timer for all: each is looked at once a second, and flushed once a turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from prometheus_client import CollectorRegistry

from libs.common.chance import SystemChance
from libs.common.metrics import Metrics
from services.gateway.connection.drain import Drain
from services.gateway.connection.flusher import SLICE, Flusher
from services.gateway.connection.sweep import PERIOD_S, SLICES, Sweep
from services.gateway.connection.tally import Tally
from services.gateway.core.admission import Admission
from services.gateway.hub.hub import Hub
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock, settle
from tests.unit.gateway.fakes import Counted
from tests.unit.gateway.pressed import relief_for
from tests.unit.gateway.speaking import NOW


class Looked:
    """Something with a deadline that comes again after `every_s`."""

    def __init__(self, due_at: float, *, every_s: float = 1e9) -> None:
        self.due_at = due_at
        self.every_s = every_s
        self.seen: list[float] = []
        self.sent_away: list[float] = []
        self.stops = 0

    def due(self, now: float) -> None:
        self.seen.append(now)
        self.due_at = now + self.every_s

    def send_away(self, *, after_s: float) -> None:
        self.sent_away.append(after_s)

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@asynccontextmanager
async def running(sweep: Sweep) -> AsyncIterator[None]:
    worker = asyncio.create_task(sweep.run())
    yield
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_what_is_due_is_looked_at_within_a_second(clock: SetClock) -> None:
    sweep = Sweep(clock, on_stall=Counted())
    all_due = [Looked(NOW + number / 10) for number in range(30)]
    for one in all_due:
        sweep.add(one)

    async with running(sweep):
        await clock.advance(3.9)

    for number, one in enumerate(all_due):
        [seen] = one.seen
        assert 0 <= seen - (NOW + number / 10) <= PERIOD_S + 0.02


async def test_what_is_not_due_is_left_alone(clock: SetClock) -> None:
    sweep = Sweep(clock, on_stall=Counted())
    later, gone = Looked(NOW + 100), Looked(NOW)
    sweep.add(later)
    sweep.add(gone)
    sweep.remove(gone)
    sweep.remove(gone)

    async with running(sweep):
        await clock.advance(5)

    assert later.seen == gone.seen == []
    assert sweep.all() == [later]


async def test_connections_of_one_moment_are_spread(clock: SetClock) -> None:
    sweep = Sweep(clock, on_stall=Counted())
    all_due = [Looked(NOW) for _ in range(2 * SLICES)]
    for one in all_due:
        sweep.add(one)

    sweep.tick(NOW)

    assert sum(len(one.seen) for one in all_due) == 2


async def test_without_connections_the_timer_rests(clock: SetClock) -> None:
    sweep = Sweep(clock, on_stall=Counted())

    async with running(sweep):
        await clock.advance(10.5)
        assert clock.sleepers == 1
        sweep.add(one := Looked(NOW))
        await clock.advance(3)

    assert len(one.seen) == 1


class LateClock:
    """Every sleep takes `late_s` longer than it should."""

    def __init__(self, late_s: float) -> None:
        self.late_s = late_s
        self._now = NOW

    def now(self) -> float:
        return self._now

    def monotonic(self) -> float:
        return self._now

    async def sleep(self, duration_s: float) -> None:
        self._now += duration_s + self.late_s
        await asyncio.sleep(0)


@pytest.mark.parametrize(("late_s", "is_stall"), [(0.0, False), (4.9, False), (5.1, True)])
async def test_a_loop_that_stood_still_is_noticed(late_s: float, is_stall: bool) -> None:
    stalls = Counted()

    async with running(Sweep(LateClock(late_s), on_stall=stalls)):
        await settle(3)

    assert bool(stalls.calls) is is_stall


class Flushed:
    def __init__(self) -> None:
        self.flushes = 0

    def flush(self) -> None:
        self.flushes += 1


def flusher() -> Flusher:
    return Flusher(Tally(Metrics(CollectorRegistry(), "gateway")).flushes)


async def test_a_flush_comes_at_the_end_of_the_turn() -> None:
    at, one = flusher(), Flushed()

    at.add(one)
    assert one.flushes == 0
    await asyncio.sleep(0)

    assert one.flushes == 1


async def test_a_large_room_is_flushed_in_slices() -> None:
    at = flusher()
    room = [Flushed() for _ in range(2 * SLICE + 1)]
    for one in room:
        at.add(one)

    counts = []
    for _ in range(4):
        await asyncio.sleep(0)
        counts.append(sum(one.flushes for one in room))

    assert counts == [SLICE, 2 * SLICE, 2 * SLICE + 1, 2 * SLICE + 1]


def drain(sweep: Sweep, clock: SetClock, admission: Admission) -> Drain:
    settings = GatewaySettings(drain_window_s=10, drain_per_s=1)
    chance = SystemChance(clock)
    return Drain(sweep, admission, settings=settings, clock=clock, chance=chance)


async def test_a_drain_spreads_the_clients_and_waits_for_them(clock: SetClock) -> None:
    sweep, admission = Sweep(clock, on_stall=Counted()), relief_for(Hub(clock), clock).admission
    clients = [Looked(NOW + 1e6) for _ in range(4)]
    for one in clients:
        sweep.add(one)
    draining = asyncio.create_task(drain(sweep, clock, admission).run())
    await clock.advance(3)

    assert admission.is_draining
    [times] = zip(*(one.sent_away for one in clients), strict=True)
    assert 0 <= min(times) < max(times) <= 4
    assert not draining.done()

    for one in clients:
        sweep.remove(one)
    await clock.advance(0.2)
    assert draining.done()
    assert [one.stops for one in clients] == [0, 0, 0, 0]


async def test_a_drain_ends_also_with_clients_that_stay(clock: SetClock) -> None:
    sweep, admission = Sweep(clock, on_stall=Counted()), relief_for(Hub(clock), clock).admission
    sweep.add(stubborn := Looked(NOW + 1e6))

    draining = asyncio.create_task(drain(sweep, clock, admission).run())
    await clock.advance(9)

    assert draining.done()
    assert stubborn.stops == 1


async def test_a_drain_without_clients_takes_no_time(clock: SetClock) -> None:
    sweep = Sweep(clock, on_stall=Counted())

    draining = asyncio.create_task(
        drain(sweep, clock, relief_for(Hub(clock), clock).admission).run()
    )
    await settle()

    assert draining.done()

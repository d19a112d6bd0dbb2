"""Holes in rooms' streams are closed from the log; what cannot be closed is said."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from libs.common.contracts.ids import Epoch, Seq
from services.gateway.hub.asking import Asking
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import Allowance
from services.gateway.hub.repairs import Repairs
from services.gateway.settings import GatewaySettings
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import LOBBY, FakeMessages, FakePresence, Log
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW


@dataclass
class Scene:
    """Alice listens to the lobby, which has `log`; nothing comes over the bus by itself."""

    clock: SetClock
    hub: Hub
    messages: FakeMessages
    repairs: Repairs
    alice: FakeClient
    outcomes: list[str]

    @property
    def log(self) -> Log:
        return self.messages.log()


@asynccontextmanager
async def scene(head: int = 0) -> AsyncIterator[Scene]:
    clock, messages = SetClock(NOW), FakeMessages()
    hub, alice = Hub(clock), FakeClient()
    asking = Asking(messages, FakePresence(), settings=GatewaySettings())
    outcomes: list[str] = []
    repairs = Repairs(hub, asking, max_events=500, on_outcome=outcomes.append, clock=clock)
    messages.log().fill(head)
    joining = hub.expect(alice, LOBBY, Allowance())
    hub.meet(joining, messages.log().standing(alice.person_id))
    joining.position = Seq(head)
    hub.go_live(alice, LOBBY, joining)
    workers = [asyncio.create_task(run()) for run in (repairs.close_holes, repairs.compare_heads)]
    yield Scene(clock, hub, messages, repairs, alice, outcomes)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


async def test_a_lost_event_is_read_after_a_quarter_of_a_second() -> None:
    async with scene() as at:
        _, second = at.log.fill(2)
        at.hub.on_events([second])

        await at.clock.advance(0.2)
        assert at.messages.asked("/internal/events") == []
        await at.clock.advance(0.2)

        assert at.alice.heard() == [1, 2]


async def test_a_long_hole_is_read_in_pieces() -> None:
    async with scene() as at:
        at.hub.on_events([at.log.fill(450)[-1]])

        await at.clock.advance(1)

        assert at.alice.heard() == list(range(1, 451))
        assert len(at.messages.asked("/internal/events")) == 3


async def test_while_the_log_is_away_it_is_asked_again() -> None:
    async with scene() as at:
        at.hub.on_events([at.log.fill(2)[-1]])
        at.messages.is_down = True
        await at.clock.advance(3)
        assert at.alice.heard() == []
        assert len(at.messages.asked("/internal/events")) == 3

        at.messages.is_down = False
        await at.clock.advance(1.2)

        assert at.alice.heard() == [1, 2]


async def test_a_hole_that_is_too_long_is_told_as_a_gap() -> None:
    async with scene() as at:
        at.hub.on_events([at.log.fill(501)[-1]])

        await at.clock.advance(0.4)

        assert at.alice.heard() == ["gap"]
        at.hub.on_events([at.log.add()])
        assert at.alice.heard() == [502]


async def test_a_hole_in_what_is_not_kept_is_told_as_a_gap() -> None:
    async with scene() as at:
        at.hub.on_events([at.log.fill(9)[-1]])
        at.log.first_available = 5

        await at.clock.advance(0.4)

        [gap] = at.alice.frames()
        assert gap["data"] == {"from_seq": 1, "to_seq": 9, "reason": "retention"}


async def test_a_rewound_log_is_told_as_a_gap() -> None:
    async with scene(head=20) as at:
        at.hub.on_events([at.log.fill(2)[-1]])
        at.log.epoch = Epoch("restored")
        del at.log.events[7:]

        await at.clock.advance(0.4)

        [gap] = at.alice.frames()
        assert gap["data"] == {"from_seq": 1, "to_seq": 7, "reason": "epoch"}


async def test_what_came_of_each_hole_is_told() -> None:
    async with scene() as at:
        at.messages.is_down = True
        at.hub.on_events([at.log.fill(2)[-1]])
        await at.clock.advance(0.4)
        at.messages.is_down = False
        await at.clock.advance(1.2)
        at.hub.on_events([at.log.fill(503)[-1]])
        await at.clock.advance(0.4)

        assert at.outcomes == ["unread", "repaired", "too_many"]


async def test_in_doubt_all_heads_are_compared() -> None:
    async with scene() as at:
        at.log.add()
        await at.clock.advance(10)
        assert at.alice.heard() == []

        at.repairs.doubt()
        await at.clock.advance(0.4)

        assert at.alice.heard() == [1]


async def test_doubt_outlasts_a_log_that_is_away() -> None:
    async with scene() as at:
        at.log.add()
        at.messages.is_down = True
        at.repairs.doubt()
        await at.clock.advance(2.5)

        at.messages.is_down = False
        await at.clock.advance(1.5)

        assert at.alice.heard() == [1]


async def test_when_the_gateway_stops_nothing_more_is_asked() -> None:
    async with scene() as at:
        at.messages.gates["/internal/events"] = asyncio.Event()
        at.hub.on_events([at.log.fill(2)[-1]])
        await at.clock.advance(0.4)

        await at.repairs.stop()
        at.messages.gates["/internal/events"].set()
        await at.clock.advance(0.1)

        assert at.alice.heard() == []

"""Whatever happens between and during polls: what a poller hears is what a socket hears.

Three gateways on one log; each may lose or swap what the bus brings. The poller goes from one to
the other, asks with what the last answer said, and now and then goes away before its answer.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.contracts.ids import RoomId
from tests.support.clock import settle
from tests.unit.gateway.calling import Call, Gateway, World, at, gateway
from tests.unit.gateway.fakes import ATTIC, LOBBY

WHERE = st.integers(0, 2)
ROOM = st.sampled_from([LOBBY, ATTIC])
POLL = st.tuples(st.just("poll"), WHERE, st.sampled_from([0, 100, 2_000]))
STEPS = st.one_of(
    POLL,
    POLL,
    POLL,
    st.tuples(st.just("say"), st.integers(1, 5), ROOM),
    st.tuples(st.just("say"), st.integers(60, 90), ROOM),
    st.tuples(st.just("burst"), st.integers(2, 9), ROOM),
    st.tuples(st.just("lose"), WHERE),
    st.tuples(st.just("hear"), WHERE),
    st.tuples(st.just("delay"), WHERE),
    st.tuples(st.just("catch up"), WHERE),
    st.tuples(st.just("go away"), WHERE),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.3, 1.1])),
)


class Poller:
    """Keeps cursors as clients do, and all that it heard of each room."""

    def __init__(self) -> None:
        self.cursors: dict[str, Any] = at(0) | at(0, ATTIC)
        self.heard: dict[str, list[bytes]] = {str(LOBBY): [], str(ATTIC): []}
        self.call: Call | None = None

    def take(self, raw: bytes) -> None:
        answer = json.loads(raw)
        for frame in answer["events"]:
            assert frame["type"] == "message", frame
            self.heard[frame["room_id"]].append(json.dumps(frame).encode())
        for room_id, cursor in answer["cursors"].items():
            assert "seq" in cursor, cursor
            assert cursor["seq"] == len(self.heard[room_id])
            self.cursors[room_id] = cursor

    async def poll(self, there: Gateway, timeout_ms: int) -> None:
        """Begin a poll, unless one is held."""
        if self.call is None:
            self.call = await there.wait(cursors=self.cursors, timeout_ms=timeout_ms)
        self.look()

    async def go_away(self) -> None:
        """Hear nothing of what may be on its way."""
        self.look()
        if self.call is not None:
            self.call.cut()
            await self.call.task
            self.call = None

    def look(self) -> None:
        if self.call is not None and self.call.answer.is_whole:
            assert self.call.answer.status == 200, self.call.answer
            self.take(self.call.answer.raw)
            self.call = None


@asynccontextmanager
async def three_gateways(world: World) -> AsyncIterator[list[Gateway]]:
    await world.open()
    world.messages.log(ATTIC)
    async with AsyncExitStack() as stack:
        knobs: dict[str, Any] = {
            "polls_per_s": 1e6,
            "polls_burst": 1_000_000,
            "poll_answer_bytes": 4_096,
            "replay_events_per_room": 100_000,
            "replay_events": 100_000,
        }
        yield [
            await stack.enter_async_context(gateway(world, name=name, **knobs))
            for name in ("one", "two", "three")
        ]


async def take_step(world: World, there: list[Gateway], poller: Poller, step: Any) -> None:
    match step:
        case ("say", number, room_id):
            await world.say(number, room_id=room_id)
        case ("burst", number, room_id):
            for one in there:
                one.way.is_slow = True
            await world.say(number, room_id=room_id)
            for one in there:
                one.way.catch_up()
        case ("lose", where):
            there[where].way.is_lossy = True
        case ("hear", where):
            there[where].way.is_lossy = False
        case ("delay", where):
            there[where].way.is_slow = True
        case ("catch up", where):
            there[where].way.catch_up()
        case ("poll", where, timeout_ms):
            await poller.poll(there[where], timeout_ms)
        case ("go away", _):
            await poller.go_away()
        case ("wait", duration_s):
            await world.clock.advance(duration_s)
    await settle()
    poller.look()


async def finish(world: World, there: list[Gateway], poller: Poller) -> None:
    """Let everything work again, and poll until there is nothing more."""
    await poller.go_away()
    for one in there:
        one.way.is_lossy = False
        one.way.catch_up()
    await settle()
    answer = {"more": True, "events": [1]}
    for number in range(1_000):
        if not (answer["more"] or answer["events"]):
            break
        got = await there[number % 3].sync(cursors=poller.cursors)
        answer = got.body
        poller.take(got.raw)


def written(world: World, room_id: RoomId) -> list[bytes]:
    return [event.frame for event in world.messages.log(room_id).events]


@given(steps=st.lists(STEPS, min_size=15, max_size=30))
@settings(max_examples=20, deadline=None)
def test_polls_at_any_gateway_hear_each_event_once_and_in_order(steps: list[Any]) -> None:
    async def run() -> None:
        world, poller = World(), Poller()
        async with three_gateways(world) as there:
            for step in steps:
                await take_step(world, there, poller, step)
            await finish(world, there, poller)
        for room_id in (LOBBY, ATTIC):
            assert poller.heard[str(room_id)] == written(world, room_id)

    asyncio.run(run())


async def test_an_answer_holds_the_very_bytes_of_the_log() -> None:
    world = World()
    async with three_gateways(world) as (there, *_):
        await world.say(3, text="ünï  {code}")

        answer = await there.sync(cursors=at(0))

        events = b",".join(written(world, LOBBY))
        assert b'"events":[' + events + b'],"cursors"' in answer.raw

"""A reader that does not keep up costs itself, and nobody else; a replay never costs anybody."""

import asyncio
import json
from typing import Any
from uuid import UUID

from libs.common.contracts.events import Signal
from libs.common.contracts.ids import PersonId
from tests.integration.gateway.house import House, house
from tests.integration.gateway.raw import Wire, wire
from tests.unit.gateway.fakes import ALICE, BOB, FIRST_EPOCH, LOBBY

ROOM = {"room_id": str(LOBBY)}
SMALL: dict[str, Any] = {"socket_buffer_bytes": 8_192, "write_buffer_bytes": 8_192}


async def say(it: Wire, type_: str, data: Any, *, ref: str) -> None:
    await it.text(json.dumps({"type": type_, "ref": ref, "data": data}).encode())


async def join(it: Wire) -> None:
    """Get in by hand, so that nothing reads unless the test does."""
    await it.shake_hands()
    await say(it, "auth", {"token": "Bob"}, ref="a")
    await it.until(b'"presence_state":"online"}}')
    await say(it, "join_room", ROOM, ref="j")
    await it.until(b'"states":[]}}')


async def show_online(home: House, number: int) -> list[PersonId]:
    """Tell the lobby of so many people that each is there."""
    people = [PersonId(UUID(int=1_000 + at)) for at in range(number)]
    for person_id in people:
        frame = json.dumps({"type": "presence", "data": {"person_id": str(person_id)}}).encode()
        await home.signal(Signal(LOBBY, "presence", person_id, frame))
        await asyncio.sleep(0)
    return people


async def write(home: House, number: int, *, size: int) -> None:
    """Write messages as fast as somebody who keeps up can hear them."""
    for added in (home.messages.log().add("x" * size) for _ in range(number)):
        await home.publish(added)
        await asyncio.sleep(0)


async def test_a_stalled_reader_is_closed_and_others_hear_everything() -> None:
    async with (
        house(close_timeout_s=0.2, backlog_frames=64, **SMALL) as home,
        wire(home.port, is_slow=True) as stalled,
        home.client(ALICE) as alice,
    ):
        await join(stalled)
        await alice.join(LOBBY)
        writing = asyncio.create_task(write(home, 600, size=1_000))
        seqs = [(await alice.hear())["seq"] for _ in range(600)]
        await writing
        await home.closed_with(4410)

        assert seqs == list(range(1, 601))
        assert home.counted("backlogs_dropped_total") == 1


async def test_a_reader_that_takes_nothing_for_long_is_closed_too() -> None:
    async with (
        house(close_timeout_s=0.2, backlog_age_s=0.3, **SMALL) as home,
        wire(home.port, is_slow=True) as stalled,
        home.client(ALICE) as alice,
    ):
        await join(stalled)
        await alice.join(LOBBY)
        await write(home, 100, size=2_000)
        for _ in range(100):
            await alice.hear()

        await home.closed_with(4410)
        assert (await alice.ask("ping", {}))["type"] == "pong"


async def test_a_slow_reader_that_reads_on_is_kept() -> None:
    async with (
        house(**SMALL) as home,
        wire(home.port, is_slow=True) as slow,
    ):
        await join(slow)
        await write(home, 200, size=1_000)

        for seq in range(1, 201):
            await slow.until(f'"seq": {seq},'.encode())


async def test_a_large_replay_waits_for_a_slow_reader() -> None:
    async with house(backlog_frames=100, **SMALL) as home:
        for _ in range(450):
            home.messages.log().add("x" * 2_000)
        async with wire(home.port, is_slow=True) as slow:
            await slow.shake_hands()
            cursor = ROOM | {"seq": 0, "epoch": FIRST_EPOCH}
            await say(slow, "auth", {"token": "Bob", "resume": [cursor]}, ref="a")
            for seq in range(1, 451):
                await slow.until(f'"seq": {seq},'.encode())

            assert b'"recovered":true' in await slow.until(b"}]}}")


async def test_a_burst_does_not_fill_the_outbox_of_who_reads() -> None:
    async with house(backlog_frames=256) as home, home.client(BOB) as bob:
        await bob.join(LOBBY)
        await home.publish_together(*home.messages.log().fill(2_000))

        assert [(await bob.hear())["seq"] for _ in range(2_000)] == list(range(1, 2_001))


async def test_a_slow_reader_knows_in_the_end_who_is_there() -> None:
    async with (
        house(backlog_frames=64, **SMALL) as home,
        wire(home.port, is_slow=True) as slow,
    ):
        await join(slow)
        await write(home, 40, size=4_000)
        people = await show_online(home, 100)

        for seq in range(1, 41):
            await slow.until(f'"seq": {seq},'.encode())
        for person_id in people:
            await slow.until(str(person_id).encode())


async def test_a_reader_too_slow_for_the_states_of_so_many_is_closed() -> None:
    async with (
        house(close_timeout_s=0.2, backlog_states=32, **SMALL) as home,
        wire(home.port, is_slow=True) as stalled,
    ):
        await join(stalled)
        await write(home, 40, size=4_000)
        await show_online(home, 33)

        await home.closed_with(4410)

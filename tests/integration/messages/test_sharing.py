"""Instances share the rooms of one broker: they come, leave and die, and no room notices."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack

import pytest
from structlog.testing import capture_logs

from libs.common.contracts.commands import Command
from libs.common.contracts.ids import RoomId
from tests.integration.messages.instance import SHARDS
from tests.integration.messages.town import ROOMS, Journal, Town, town_at
from tests.support.rabbitmq import Brokers

pytestmark = pytest.mark.slow

PAUSE_S = 0.002


@pytest.fixture
async def town(dsn: str, brokers: Brokers) -> AsyncIterator[Town]:
    async with brokers.vhost() as bus_url, town_at(dsn, bus_url) as town:
        yield town


async def assert_whole(town: Town, sent: Sequence[Command]) -> None:
    """Assert that every room has all of its messages once and in order, and was told so."""
    await town.answered(sent)
    logs = {room_id: await town.logged(room_id) for room_id in ROOMS}
    await town.told_up_to({room_id: len(log) for room_id, log in logs.items()})
    events = town.events()
    for room_id, log in logs.items():
        assert [seq for seq, _ in log] == list(range(1, len(log) + 1))
        written = [name for _, name in log if name is not None]
        assert written == [one.command_id for one in sent if one.subject == room_id]
        frames: dict[int, bytes] = {}
        for event in events[room_id]:
            known = frames.setdefault(event.seq, event.frame)
            assert known == event.frame, "the same entry was told in two ways"
            assert event.seq <= len(frames), "an event came before one that it follows"
    assert town.refused == []


def repeats(town: Town, room_id: RoomId) -> int:
    """Return how many events of a room came again."""
    seqs = [event.seq for event in town.events()[room_id]]
    return len(seqs) - len(set(seqs))


@pytest.fixture
def journal() -> Iterator[Journal]:
    with capture_logs() as lines:
        yield Journal(lines)


@pytest.mark.parametrize(
    "instances", [*(pytest.param(few, marks=pytest.mark.proof) for few in (1, 2)), 3]
)
async def test_any_number_of_instances_write_every_room_in_order(
    town: Town, journal: Journal, instances: int
) -> None:
    async with AsyncExitStack() as running:
        for _ in range(instances):
            await running.enter_async_context(town.instance())
        await town.begin()

        sent = await town.talk(400, pause_s=PAUSE_S)
        await journal.until_shared_by(instances)
        sent += await town.talk(400, pause_s=PAUSE_S)

        await assert_whole(town, sent)


async def test_a_busy_room_keeps_its_order_over_ten_hand_overs(
    town: Town, journal: Journal
) -> None:
    async with town.instance():
        await town.begin()
        sent: list[Command] = []
        talking = asyncio.create_task(talk_on(town, sent))
        for number in range(1, 6):
            async with town.instance():
                await journal.until_handed_over(number * SHARDS // 2)
            # Who comes before the shards are ours again just finds them free.
            await journal.until_all_are_of(0)
        talking.cancel()
        await asyncio.wait([talking])

        await assert_whole(town, sent)


async def test_a_hand_over_tells_nothing_twice(town: Town, journal: Journal) -> None:
    async with town.instance():
        await town.begin()
        sent: list[Command] = []
        talking = asyncio.create_task(talk_on(town, sent))
        async with town.instance():
            await journal.until_handed_over(SHARDS // 2)
            talking.cancel()
            await asyncio.wait([talking])
            await assert_whole(town, sent)

    assert [repeats(town, room_id) for room_id in ROOMS] == [0] * SHARDS


async def test_who_dies_leaves_its_rooms_to_the_others(town: Town, journal: Journal) -> None:
    async with town.instance(), town.process() as neighbour:
        await town.begin()
        sent = await town.talk(SHARDS, pause_s=PAUSE_S)
        await journal.until_handed_over(SHARDS // 2)
        talking = asyncio.create_task(talk_on(town, sent))

        await neighbour.kill()
        await town.until_claimed(1)
        talking.cancel()
        await asyncio.wait([talking])

        await assert_whole(town, sent)


async def talk_on(town: Town, sent: list[Command]) -> None:
    """Write to all rooms until cancelled."""
    while True:
        sent.append(await town.say(len(sent)))
        await asyncio.sleep(PAUSE_S)


async def test_who_stood_still_and_comes_back_writes_nothing_wrong(
    town: Town, journal: Journal
) -> None:
    async with town.instance(), town.process() as neighbour:
        await town.begin()
        sent: list[Command] = []
        talking = asyncio.create_task(talk_on(town, sent))
        for number in range(1, 4):
            await journal.until_handed_over(number * SHARDS // 2)
            neighbour.suspend()
            # The broker gives its shards to us, who obey what it had in hand, too.
            await town.until_claimed(1)
            await town.answered(list(sent))
            neighbour.resume()
            await town.until_claimed(2)
        talking.cancel()
        await asyncio.wait([talking])

        await assert_whole(town, sent)
        assert any("broker_away" in line for line in neighbour.output)

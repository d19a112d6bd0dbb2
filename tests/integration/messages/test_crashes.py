"""Crashes, repeats of the bus, and commands that nobody can obey."""

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from libs.common.bus.interface import Consumer, Delivery, Outgoing, Refused
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import dead_letters
from libs.common.bus.worker import MAX_TRIES, RETRY_S
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    PostMessage,
    decode_commands,
    encode_commands,
)
from libs.common.contracts.people import Person, PersonKind
from libs.common.postgres import Database
from services.messages.store.tries import TryStore
from tests.integration.messages.around import BOB, LOBBY, PATIENCE_S
from tests.integration.messages.house import House, house_at
from tests.support.clock import SetClock

PARTY = "\U0001f389"


async def test_what_was_written_and_not_told_is_told_when_the_batch_comes_again(
    database: Database,
) -> None:
    bus = FailingBus("evt.v1")
    async with house_at(database, bus=bus) as house:
        await house.lobby()
        bus.failures = 1
        command = house.command(BOB, PostMessage("hello"))
        await house.send(command)
        await house.heard.until(lambda: bus.failures == 0)
        await house.clock.advance(RETRY_S)

        await house.heard.until(lambda: any(event.seq == 3 for event in house.heard.events))
        answers = house.heard.answers[command.ref or ""]

    assert {answer["data"]["message_id"] for answer in answers} == {
        house.heard.frames(LOBBY)[-1]["data"]["id"]
    }
    assert house.heard.frames(LOBBY)[-1]["seq"] == 3


class FailingBus(LocalBus):
    """Refuses messages of one type as often as it is told to."""

    def __init__(self, kind: str) -> None:
        super().__init__(SystemClock())
        self._kind = kind
        self.failures = 0

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        if message.type == self._kind and self.failures:
            self.failures -= 1
            raise Refused
        await super().publish(message, timeout_s=timeout_s)


async def test_a_delivery_that_comes_twice_changes_nothing(house: House) -> None:
    await house.lobby()
    commands = [house.command(BOB, PostMessage(text)) for text in ("one", "two")]

    await house.send(*commands)
    await house.send(*commands)
    await house.heard.until(lambda: len(house.heard.answers.get(commands[1].ref or "", [])) == 2)

    room_head = await house.database.fetchval("SELECT max(last_seq) FROM room_head")
    assert room_head == 4


async def crash_with(bus: FailingBus, database: Database, *contents: str) -> list[Command]:
    """Let an instance write messages and die before it could tell of them."""
    async with house_at(database, bus=bus) as house:
        await house.lobby()
        commands = [house.command(BOB, PostMessage(content)) for content in contents]
        bus.failures = 1
        await house.send(*commands)
        await house.heard.until(lambda: bus.failures == 0)
    return commands


async def test_what_an_instance_wrote_before_it_died_is_told_by_the_next(
    database: Database,
) -> None:
    bus = FailingBus("evt.v1")
    await crash_with(bus, database, "one", "two")

    async with house_at(database, bus=bus, instance="two") as house:
        await house.heard.until(lambda: len(house.heard.events) == 2)

        assert [event.seq for event in house.heard.events] == [3, 4]
        assert await house.database.fetchval("SELECT max(last_seq) FROM room_head") == 4
        assert await house.database.fetchval("SELECT sum(tries) FROM command_try") == 2


async def test_a_command_that_ends_process_after_process_is_buried(database: Database) -> None:
    bus = FailingBus("evt.v1")
    commands = await crash_with(bus, database, "one", "two", "three")
    tries = TryStore(database)
    suspect = (LOBBY, BOB.id, commands[1].command_id)
    for _ in range(MAX_TRIES):
        await tries.count([suspect], now=SetClock().now())

    async with house_at(database, bus=bus, instance="two") as house:
        dead = await dead_of(house)
        [buried] = decode_commands((await dead()).body)
        await house.heard.until(lambda: len(house.heard.events) == 2)

    assert buried.command_id == commands[1].command_id
    assert [event.seq for event in house.heard.events] == [3, 5]


async def test_one_poisonous_command_is_buried_and_its_neighbours_are_obeyed(
    house: House,
) -> None:
    await house.lobby()
    dead = await dead_of(house)
    nul = Person(PersonKind.USER, BOB.id, "Bob\0")
    commands = [
        house.command(BOB, PostMessage("before")),
        house.command(nul, PostMessage("poison")),
        house.command(BOB, PostMessage("after")),
    ]

    await house.send(*commands)

    before, poison, after = [await house.answer(one) for one in commands]
    assert (before["data"]["seq"], after["data"]["seq"]) == (3, 4)
    assert poison["type"] == "error"
    assert poison["data"]["code"] == "internal"
    assert poison["data"]["error_id"]
    [buried] = decode_commands((await dead()).body)
    assert buried.command_id == commands[1].command_id


async def test_a_kind_nobody_knows_is_buried(house: House) -> None:
    await house.lobby()
    strange = msgspec.structs.replace(house.command(BOB, PostMessage("?")), kind="dance")

    await house.send(strange)

    assert (await house.answer(strange))["data"]["code"] == "internal"


async def test_a_delivery_that_is_no_batch_is_buried_whole(house: House) -> None:
    await house.lobby()
    dead = await dead_of(house)

    await house.put(LOBBY, COMMAND_BATCH, b"\xc1garbage")
    await house.put(LOBBY, "cmd.v9", encode_commands([house.command(BOB, PostMessage("?"))]))

    assert (await dead()).body == b"\xc1garbage"
    assert (await dead()).type == "cmd.v9"
    assert (await house.post(BOB, "still here"))["seq"] == 3


async def dead_of(house: House) -> Callable[[], Awaitable[Delivery]]:
    """Return what waits for the next dead letter."""
    found: asyncio.Queue[Delivery] = asyncio.Queue()
    consumers: list[Consumer] = []

    def take(delivery: Delivery) -> None:
        found.put_nowait(delivery)
        consumers[0].settle(delivery)

    consumers.append(await house.bus.consume(dead_letters(), take, prefetch=1))

    async def next_one() -> Delivery:
        async with asyncio.timeout(PATIENCE_S):
            return await found.get()

    return next_one

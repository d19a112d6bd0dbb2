"""What a message costs the messages service.

    python -m tests.bench.messages_writing postgresql://postgres@127.0.0.1:5432/scratch

One batch of messages to random rooms of a thousand is in flight at a time. `store` is the write
statement alone; `service` is everything from the bus to the bus, and the stand-in gateway that
makes the commands and reads the answers and events. The columns: batches of how many messages,
messages per second, milliseconds per batch (half of them, 99 of 100), microseconds of CPU per
message of this process and of the database's process, which must run on this machine.
"""

import asyncio
import os
import random
import resource
import sys
import time
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    PostMessage,
    ProjectMember,
    ProjectRoom,
    encode_commands,
)
from libs.common.contracts.ids import CommandId, Epoch, MessageId, RoomId, Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.migrate import migrate
from libs.common.postgres import Database, DatabaseSettings
from services.messages.app import schema
from services.messages.model.changes import Change, Outcome
from services.messages.model.log import Entry, EntryKind, Message
from services.messages.model.rooms import Room
from services.messages.store.log import LogStore
from tests.integration.messages.around import ALICE
from tests.integration.messages.house import House, house_at

ROOMS: Final = 1_000
TEXT: Final = "A message of some three hundred letters. " * 7
SIZES: Final = (1, 10, 100, 500)
SECONDS: Final = 3.0

Step = Callable[[int], Awaitable[None]]


async def measure(what: str, step: Step, *, backends: list[int]) -> None:
    """Do `step(size)` again and again for each size, and print what it took."""
    for size in SIZES:
        took: list[float] = []
        await step(size)
        own_s, their_s, began = own_cpu_s(), cpu_s(backends), time.perf_counter()
        while time.perf_counter() - began < SECONDS:
            started = time.perf_counter()
            await step(size)
            took.append(time.perf_counter() - started)
        written, took = len(took) * size, sorted(took)
        own_us = (own_cpu_s() - own_s) / written * 1e6
        their_us = (cpu_s(backends) - their_s) / written * 1e6
        half, most = took[len(took) // 2] * 1e3, took[int(len(took) * 0.99)] * 1e3
        print(  # noqa: T201 - a bench is read on the terminal
            f"{what:8} {size:4} {written / sum(took):8.0f}/s {half:7.2f} {most:7.2f} ms"
            f" {own_us:7.1f} {their_us:7.1f} us"
        )


class StoreBench:
    """Writes ready changes."""

    def __init__(self, database: Database) -> None:
        self._log = LogStore(database)
        self._chance = SystemChance(SystemClock())
        self._rooms: dict[RoomId, Room] = {}

    async def begin(self) -> None:
        rooms = [self._room() for _ in range(ROOMS)]
        self._rooms = {room.id: room for room in rooms}
        await self._log.write([Change(room.id, None, room) for room in rooms], now=time.time())

    async def step(self, size: int) -> None:
        changes: dict[RoomId, Change] = {}
        now = time.time()
        for room_id in random.choices(list(self._rooms), k=size):
            room = self._rooms[room_id]
            change = changes.setdefault(room_id, Change(room_id, based_on=room, room=room))
            self._add_message(change, now)
        assert not await self._log.write(list(changes.values()), now=now)
        for change in changes.values():
            assert change.room is not None
            self._rooms[change.room_id] = change.room

    def _add_message(self, change: Change, now: float) -> None:
        was = change.room
        assert was is not None
        seq, command_id = Seq(was.head_seq + 1), CommandId(self._chance.new_id().hex)
        message = Message(
            was.id, seq, MessageId(self._chance.new_id()), ALICE, TEXT, now, command_id
        )
        entry = Entry(was.id, seq, EntryKind.MESSAGE, now, ALICE, message)
        change.entries.append(entry)
        change.outcomes[ALICE.id, command_id] = Outcome("post", b"0" * 16, seq, entry)
        change.room = Room(was.id, was.epoch, seq, 1, was.kind, was.state, "", "", 0)

    def _room(self) -> Room:
        room_id = RoomId(self._chance.new_id())
        return Room(room_id, Epoch("e"), Seq(0), 1, RoomKind.PRIVATE, RoomState.OPEN, "", "", 0)


class ServiceBench:
    """Sends commands and waits until all are answered."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._chance = SystemChance(SystemClock())
        self._rooms = [RoomId(self._chance.new_id()) for _ in range(ROOMS)]
        # Nobody may say the same over and over.
        self._texts = count()

    async def begin(self) -> None:
        for room_id in self._rooms:
            room = ProjectRoom(1, RoomKind.PRIVATE, RoomState.OPEN, "", "", 0)
            owner = ProjectMember(2, ALICE, RoomRole.OWNER)
            commands = [
                self._house.command(ALICE, payload, room_id=room_id) for payload in (room, owner)
            ]
            await self._house.send(*commands)
        await self._heard_all()

    async def step(self, size: int) -> None:
        room_ids = random.choices(self._rooms, k=size)
        commands = [
            self._house.command(
                ALICE,
                PostMessage(f"{TEXT}{next(self._texts)}"),
                room_id=room_id,
                command_id=self._chance.new_id().hex,
            )
            for room_id in room_ids
        ]
        # One batch on one shard, whosesoever these rooms are: the service does not mind.
        await self._house.put(room_ids[0], COMMAND_BATCH, encode_commands(commands))
        await self._heard_all()

    async def _heard_all(self) -> None:
        last = str(next(self._house.numbers) - 1)
        heard = self._house.heard
        await heard.until(lambda: last in heard.answers)
        heard.answers.clear()
        heard.events.clear()
        heard.kinds.clear()


def own_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def cpu_s(pids: list[int]) -> float:
    """Return the CPU seconds that processes of this machine have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def main(dsn: str) -> None:
    """Measure in a database that is empty and stays full."""
    await migrate(dsn, schema("hubbub_bench"), half=None)
    clock = SystemClock()
    settings = DatabaseSettings(database_url=SecretStr(dsn), database_max_connections=1)
    database = await Database.connect(
        settings, service="messages", clock=clock, chance=SystemChance(clock)
    )
    backends = [await database.fetchval("SELECT pg_backend_pid()")]
    store = StoreBench(database)
    await store.begin()
    await measure("store", store.step, backends=backends)
    async with house_at(database, room_sends_per_s=1e6, room_sends_burst=1_000_000) as house:
        service = ServiceBench(house)
        await service.begin()
        await measure("service", service.step, backends=backends)
    await database.close(timeout_s=5)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

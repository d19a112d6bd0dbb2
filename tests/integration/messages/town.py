"""Several instances of messages on one broker and one database, and a gateway beside them."""

import asyncio
import os
import signal
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from itertools import count
from typing import Any, Final
from uuid import UUID

import asyncpg

from libs.common.bus.interface import Bus, Inbox
from libs.common.bus.sender import CommandSender
from libs.common.bus.topology import bucket_bindings, room_command_key, shard_of
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    Command,
    Payload,
    PostMessage,
    ProjectMember,
    ProjectRoom,
    kind_of,
    write_payload,
)
from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import CommandId, ConnectionId, RoomId, Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError, Unavailable
from tests.integration.messages.around import ALICE, Heard
from tests.integration.messages.instance import SHARDS, bus_at, instance_at
from tests.support.child import ROOT
from tests.support.waiting import eventually

PATIENCE_S: Final = 30.0
AGAIN_S: Final = 0.02
"""How soon a gateway tries again that was told `unavailable`."""

DEADLINE_S: Final = 60.0

LOG: Final = "SELECT seq, client_msg_id FROM messages.log WHERE room_id = $1 ORDER BY seq"
CLAIMS: Final = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def room_of(shard: int) -> RoomId:
    """Return a room of that shard, always the same."""
    rooms = (RoomId(UUID(int=number, version=4)) for number in count(1))
    return next(one for one in rooms if shard_of(one, SHARDS) == shard)


ROOMS: Final = tuple(room_of(shard) for shard in range(SHARDS))


class Town:
    """Where the instances are, and everything that a gateway hears of them."""

    def __init__(self, database_url: str, bus_url: str, bus: Bus, inbox: Inbox, heard: Heard):
        self.database_url = database_url
        self.bus_url = bus_url
        self.heard = heard
        self.refused: list[str] = []
        self._inbox = inbox
        self._numbers = count(1)
        self._clock = clock = SystemClock()
        self._sender = CommandSender(
            bus,
            [f"m.{shard}" for shard in range(SHARDS)],
            on_refused=self._on_refused,
            publish_timeout_s=2,
            linger_s=0,
            clock=clock,
            chance=SystemChance(clock),
        )
        self.runs = self._sender.runs()

    @asynccontextmanager
    async def instance(self) -> AsyncIterator[None]:
        """Run one more instance in this loop."""
        async with instance_at(self.database_url, self.bus_url):
            yield

    @asynccontextmanager
    async def process(self) -> AsyncIterator["Neighbour"]:
        """Run one more instance as a process; kill it at the end if it lives."""
        neighbour = Neighbour(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.integration.messages.instance"),
                *(self.database_url, self.bus_url),
                cwd=ROOT,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
        )
        try:
            await neighbour.until_said("ready")
            yield neighbour
        finally:
            await neighbour.kill()

    async def begin(self) -> None:
        """Let rooms tell of one room in each shard, with Alice in it."""
        for room_id in ROOMS:
            owner = ProjectMember(2, ALICE, RoomRole.OWNER)
            room = ProjectRoom(1, RoomKind.PRIVATE, RoomState.OPEN, "", "", 0)
            for payload in (room, owner):
                await self.answered([await self.send(payload, room_id)])

    async def send(self, payload: Payload, room_id: RoomId) -> Command:
        """Send a command, insisting until it is taken, and return it."""
        command = self._command(payload, room_id)
        key = room_command_key(room_id, SHARDS)
        while True:
            with suppress(Unavailable):
                self._sender.send(key, command)
                return command
            await asyncio.sleep(AGAIN_S)

    async def say(self, number: int) -> Command:
        """Write one message, to one room after the other."""
        return await self.send(PostMessage(f"message {number}"), ROOMS[number % SHARDS])

    async def talk(self, messages: int, *, pause_s: float) -> list[Command]:
        """Write so many messages."""
        sent = []
        for number in range(messages):
            sent.append(await self.say(number))
            await asyncio.sleep(pause_s)
        return sent

    async def answered(self, sent: Sequence[Command]) -> None:
        """Wait until every command has its ack."""
        refs = {command.ref or "" for command in sent}
        await self.heard.until(lambda: refs <= self.heard.answers.keys())
        answers = [answer for ref in refs for answer in self.heard.answers[ref]]
        assert {answer["type"] for answer in answers} == {"ack"}, answers

    async def told_up_to(self, heads: Mapping[RoomId, int]) -> None:
        """Wait until the last event of each room was heard: the ack comes before it."""

        def is_so() -> bool:
            heard = {(event.room_id, event.seq) for event in self.heard.events}
            return heard >= set(heads.items())

        await self.heard.until(is_so)

    async def logged(self, room_id: RoomId) -> list[tuple[Seq, str | None]]:
        """Return the log of a room: each seq, and what its sender called it."""
        connection = await asyncpg.connect(self.database_url)
        try:
            return [tuple(row) for row in await connection.fetch(LOG, room_id)]
        finally:
            await connection.close()

    async def until_claimed(self, instances: int) -> None:
        """Wait until so many instances hold a claim."""
        connection = await asyncpg.connect(self.database_url)
        try:
            await eventually(
                lambda: connection.fetchval(CLAIMS),
                lambda seen: seen == instances,
                within_s=PATIENCE_S,
            )
        finally:
            await connection.close()

    def events(self) -> Mapping[RoomId, list[RoomEvent]]:
        """Return what was heard of each room, repeats included, in order."""
        by_room: dict[RoomId, list[RoomEvent]] = defaultdict(list)
        for event in self.heard.events:
            by_room[event.room_id].append(event)
        return by_room

    def _command(self, payload: Payload, room_id: RoomId) -> Command:
        number = next(self._numbers)
        return Command(
            kind=kind_of(payload),
            subject=room_id,
            actor=ALICE,
            command_id=CommandId(f"command-{number}"),
            ref=str(number),
            origin=self._inbox.address,
            connection=ConnectionId("phone"),
            request_id="r-1",
            traceparent="",
            deadline=self._clock.now() + DEADLINE_S,
            payload=write_payload(payload),
        )

    def _on_refused(self, commands: Sequence[Command], _: ChatError) -> None:
        self.refused += [command.command_id for command in commands]


class Journal:
    """What instances in this loop have logged."""

    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._lines = lines

    def count(self, event: str) -> int:
        return sum(line["event"] == event for line in self._lines)

    def shares(self) -> Mapping[int, list[int]]:
        """Return the shards of each ordinal, as each instance saw it last."""
        told = [line for line in self._lines if line["event"] == "shards_shared"]
        return {line["ordinal"]: line["own"] for line in told}

    async def until_handed_over(self, shards: int) -> None:
        """Wait until so many hand-overs were told of."""

        async def look() -> int:
            return self.count("shard_handed_over")

        await eventually(look, lambda seen: seen >= shards, within_s=PATIENCE_S)

    async def until_all_are_of(self, ordinal: int) -> None:
        """Wait until an instance has told last that every shard is its own."""

        async def look() -> list[int]:
            return self.shares().get(ordinal, [])

        await eventually(look, lambda own: len(own) == SHARDS, within_s=PATIENCE_S)

    async def until_shared_by(self, instances: int) -> None:
        """Wait until so many instances have agreed who owns what, and every shard has an owner."""

        async def look() -> list[list[int]]:
            return list(self.shares().values())

        await eventually(
            look,
            lambda seen: len(seen) == instances and sum(map(len, seen)) == SHARDS,
            within_s=PATIENCE_S,
        )


class Neighbour:
    """An instance in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.output: list[str] = []
        self._printed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())
        self._reading.add_done_callback(lambda _: self._printed.set())

    async def until_said(self, text: str) -> None:
        """Wait for a line that holds this text, printed already or yet to come."""
        async with asyncio.timeout(PATIENCE_S):
            while not any(text in line for line in self.output):
                assert not self._reading.done(), self.output
                self._printed.clear()
                await self._printed.wait()

    def suspend(self) -> None:
        os.kill(self._process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)

    async def kill(self) -> None:
        """End it as a crash does."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.output.append(line.decode().rstrip("\n"))
            self._printed.set()


@asynccontextmanager
async def town_at(database_url: str, bus_url: str) -> AsyncIterator[Town]:
    """Open a gateway's bus and inbox; instances come when the test wants them."""
    heard = Heard()
    async with AsyncExitStack() as opened:
        bus = await opened.enter_async_context(bus_at(bus_url, "gateway"))
        bindings = bucket_bindings("eus", 1)
        inbox = await bus.open_inbox("gateway", bindings, heard.on_delivery, on_gap=lambda: None)
        town = Town(database_url, bus_url, bus, inbox, heard)
        flying = [asyncio.ensure_future(run()) for run in town.runs]
        try:
            yield town
        finally:
            for task in flying:
                task.cancel()
            await asyncio.gather(*flying, return_exceptions=True)

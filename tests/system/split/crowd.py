"""Many people in one room, who listen and talk all the time, straight at the gateways."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from websockets.asyncio.client import ClientConnection

from hubbub_client.frames import parse, write
from tests.support.fleet import Fleet
from tests.system.people import Person
from tests.system.wire import authenticate, wire

EVERY_S: Final = 0.3
"""How often each says something: less than one person may."""

LONG: Final = "\U0001f4a7" * 3_900
"""Nearly the longest message: 16 KB, so that few of them fill what many short ones would."""


@dataclass(slots=True)
class Reader:
    """What one connection hears: each message's seq, and how old it was then."""

    socket: ClientConnection
    seqs: list[int] = field(default_factory=list)
    ages_s: list[float] = field(default_factory=list)

    async def listen(self) -> None:
        """Take everything as it comes, until the connection ends."""
        async for raw in self.socket:
            self.take(raw)

    def take(self, raw: str | bytes) -> None:
        frame = parse(raw)
        if frame.type == "message" and frame.seq is not None:
            self.seqs.append(frame.seq)
            said_at, _, _ = frame.data["content"].partition(" ")
            self.ages_s.append(time.monotonic() - float(said_at))


def gateways(fleet: Fleet) -> list[dict[str, Any]]:
    return [one for one in fleet.members().values() if one["service"] == "gateway"]


def socket_url(gateway: dict[str, Any]) -> str:
    """Return where sockets reach this gateway and no other."""
    return f"{str(gateway['api']).replace('http', 'ws', 1)}/v1/ws"


@asynccontextmanager
async def crowd(
    fleet: Fleet, people: Sequence[Person], room: str
) -> AsyncIterator[Sequence[Reader]]:
    """Let each of them listen at every gateway and talk at one; yield those who listen."""
    async with AsyncExitStack() as opened, asyncio.TaskGroup() as busy:
        readers, tasks = [], []
        for number, person in enumerate(people):
            for at, gateway in enumerate(gateways(fleet)):
                one = await opened.enter_async_context(wire(socket_url(gateway)))
                await authenticate(one, person.token)
                assert (await one.ask("join_room", room_id=room)).type == "room_joined"
                readers.append(Reader(one.socket))
                tasks.append(busy.create_task(readers[-1].listen()))
                if number % len(gateways(fleet)) == at:
                    tasks.append(busy.create_task(_talk(one.socket, room)))
        try:
            yield readers
        finally:
            for task in tasks:
                task.cancel()


async def _talk(socket: ClientConnection, room: str) -> None:
    for number in count(1):
        said = {"client_msg_id": f"{number}", "content": f"{time.monotonic()} {LONG}"}
        await socket.send(write("send_message", {"room_id": room, **said}, f"{number}"))
        await asyncio.sleep(EVERY_S)

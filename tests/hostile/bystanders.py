"""People who talk through the gateway all the while, somebody who comes in, and somebody who reads.

What they notice is what counts: how long a message takes to everybody else, how long an answer of
the API takes, and whether who comes anew is let in.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import Final, Self

import httpx
from websockets.exceptions import WebSocketException

from hubbub_client.frames import Frame, parse, write
from tests.support.shapes import Shape
from tests.system.people import Person
from tests.system.wire import Wire, authenticate, wire

NAMES: Final = ("Alice", "Bob", "Charlie", "Dora", "Emil", "Fritz")
PAUSE_S: Final = 0.05
COMES_EVERY_S: Final = 0.5
READS_EVERY_S: Final = 0.2


@dataclass(slots=True)
class Notice:
    """What they noticed in one while. `refused` are those who were not let in, or not answered."""

    heard_s: list[float] = field(default_factory=list)
    read_s: list[float] = field(default_factory=list)
    came: int = 0
    refused: int = 0


def part_ms(values: list[float], part: float) -> float:
    """Return the time within which that part of them lies; 0 without any."""
    return sorted(values)[int(len(values) * part)] * 1_000 if values else 0.0


class Bystanders:
    """Use it as a context manager; `notice` is what they notice now, and may be replaced."""

    def __init__(self, program: Shape) -> None:
        self.notice = Notice()
        self._program = program
        self._stack = AsyncExitStack()
        self._people: list[Person] = []
        self._wires: list[Wire] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        for name in NAMES:
            person = await Person.register(self._program, name)
            self._people.append(person)
            self._stack.push_async_callback(person.close)
        room = await self._people[0].make_room()
        for person in self._people[1:]:
            await person.join(room)
        for person in self._people:
            self._wires.append(await self._stack.enter_async_context(person.wire(room)))
        works = [self._talk(room), self._come(), self._read()]
        works += [self._hear(one) for one in self._wires]
        self._tasks = [asyncio.create_task(work) for work in works]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        ends = await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()
        assert all(isinstance(end, asyncio.CancelledError) for end in ends), ends

    async def _talk(self, room: str) -> None:
        for number, one in enumerate(cycle(self._wires)):
            content = repr(perf_counter())
            said = {"room_id": room, "client_msg_id": f"m{number}", "content": content}
            await one.write(write("send_message", said, f"s{number}"))
            await asyncio.sleep(PAUSE_S)

    async def _hear(self, one: Wire) -> None:
        while True:
            for frame in self._messages(await one.socket.recv()):
                self.notice.heard_s.append(perf_counter() - float(frame.data["content"]))

    def _messages(self, raw: str | bytes) -> Iterator[Frame]:
        frame = parse(raw)
        if frame.type == "message":
            yield frame

    async def _come(self) -> None:
        while True:
            self.notice.came += 1
            try:
                async with asyncio.timeout(5), wire(self._program.socket_url) as one:
                    assert (await authenticate(one, self._people[0].token)).type == "ready"
            except (OSError, WebSocketException, AssertionError):
                self.notice.refused += 1
            await asyncio.sleep(COMES_EVERY_S)

    async def _read(self) -> None:
        while True:
            began = perf_counter()
            with suppress(httpx.HTTPError):
                answer = await self._people[0].call("GET", "/v1/me")
                self.notice.refused += answer.status_code != httpx.codes.OK
            self.notice.read_s.append(perf_counter() - began)
            await asyncio.sleep(READS_EVERY_S)

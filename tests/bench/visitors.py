"""Clients that listen to one room each, and keep to the rules: they come back, and resume.

Light enough that thousands of them fit into one process, and strict: each event must have the next
seq of its room, or a gap must have been told.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from hubbub_client.core import ComeBack, Returns, come_back
from hubbub_client.frames import Cursor, Frame, event_in, write
from tests.bench.crowd import HANDSHAKE, Seat
from tests.bench.frames import CLOSE, PING, PONG, TEXT, cut, masked

END_OF_HEAD: Final = b"\r\n\r\n"
READ_BYTES: Final = 65_536
REFUSED_FOR_NOW: Final = ("503", "1013")
"""What a server says that has too much to do: the only refusals that a storm may bring."""

CUT: Final = "cut"
WRONG_SEQ: Final = "event out of order"


@dataclass(slots=True)
class Register:
    """What became of all visits: how often something went wrong, and what."""

    troubles: Counter[str] = field(default_factory=Counter)

    def errors(self) -> dict[str, int]:
        """Return what should not have been."""
        return {what: count for what, count in self.troubles.items() if what not in REFUSED_FOR_NOW}


class Refusal(Exception):
    """A handshake was answered with something else than 101."""

    def __init__(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.status = lines[0].split(" ")[1]
        told = [line.partition(":")[2] for line in lines if line.lower().startswith("retry-after")]
        self.retry_after_s = float(told[0]) if told else 0.0
        super().__init__(self.status)


class Visitor:
    """One person in one room. `is_live` from when everything missed was heard until it is cut."""

    def __init__(self, seat: Seat, register: Register) -> None:
        self._seat = seat
        self._register = register
        self._returns = Returns(random.uniform)
        self._writer: asyncio.StreamWriter | None = None
        self._is_cut = False
        self.cursor: Cursor | None = None
        self.is_live = asyncio.Event()

    async def stay(self, may_come: asyncio.Event) -> None:
        """Be there for ever, while one may come."""
        loop = asyncio.get_running_loop()
        while True:
            await may_come.wait()
            what_next = await self._visit()
            self.is_live.clear()
            await may_come.wait()
            await asyncio.sleep(self._returns.wait_s(what_next, loop.time()))

    def cut(self) -> None:
        """Be cut off, as by a network that goes away."""
        self._is_cut = True
        self.is_live.clear()
        if self._writer is not None:
            self._writer.transport.abort()

    async def _visit(self) -> ComeBack:
        self._is_cut = False
        try:
            code = await self._listen()
        except Refusal as refusal:
            self._register.troubles[refusal.status] += 1
            self._returns.told(refusal.retry_after_s, asyncio.get_running_loop().time())
            return ComeBack.BACKOFF
        except (OSError, EOFError):
            if not self._is_cut:
                self._register.troubles[CUT] += 1
            return ComeBack.BACKOFF
        self._register.troubles[str(code)] += 1
        return come_back(code)

    async def _listen(self) -> int:
        """Return the code of the close.  Raises: Refusal, OSError, EOFError."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self._seat.port)
        self._writer = writer
        try:
            writer.write(HANDSHAKE.format(port=self._seat.port).encode() + self._greeting())
            head = await reader.readuntil(END_OF_HEAD)
            if not head.startswith(b"HTTP/1.1 101"):
                raise Refusal(head)
            rest = b""
            while data := await reader.read(READ_BYTES):
                data = rest + data
                found, rest_at = cut(data)
                rest = data[rest_at:]
                for opcode, start, end in found:
                    if opcode == CLOSE:
                        return int.from_bytes(data[start : start + 2])
                    self._hear(opcode, data[start:end])
            raise EOFError
        finally:
            self._writer = None
            with suppress(OSError):
                writer.transport.abort()

    def _greeting(self) -> bytes:
        auth: dict[str, Any] = {"token": self._seat.token}
        if self.cursor is not None:
            place = {"seq": self.cursor.seq, "epoch": self.cursor.epoch}
            auth["resume"] = [{"room_id": self._seat.room_id, **place}]
        frames = [write("auth", auth, "auth")]
        if self.cursor is None:
            frames.append(write("join_room", {"room_id": self._seat.room_id}, "join"))
        return b"".join(masked(one.encode(), TEXT) for one in frames)

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == PING and self._writer is not None:
            self._writer.write(masked(payload, PONG))
        if opcode == TEXT:
            self._take(event_in(json.loads(payload)))

    def _take(self, frame: Frame) -> None:
        if frame.type == "ready":
            self._returns.ready(asyncio.get_running_loop().time())
        elif frame.type == "room_joined":
            self.cursor = Cursor(frame.data["epoch"], frame.data["head_seq"])
            self.is_live.set()
        elif frame.type == "resumed":
            if not all(room["recovered"] for room in frame.data["rooms"]):
                self._register.troubles[str(frame.data["rooms"])] += 1
            self.is_live.set()
        elif frame.type == "error":
            self._register.troubles[str(frame.data["code"])] += 1
        elif frame.seq is not None and self.cursor is not None:
            if frame.seq != self.cursor.seq + 1:
                self._register.troubles[WRONG_SEQ] += 1
            self.cursor = Cursor(self.cursor.epoch, frame.seq)


@dataclass(slots=True)
class Visitors:
    """All of them. `may_come` is closed while they are kept outside."""

    everybody: list[Visitor]
    register: Register
    may_come: asyncio.Event

    async def all_live(self) -> None:
        """Return once each is live."""
        for one in self.everybody:
            await one.is_live.wait()

    def cut(self) -> None:
        """Cut all at once, and keep them outside."""
        self.may_come.clear()
        for one in self.everybody:
            one.cut()


@asynccontextmanager
async def visiting(seats: list[Seat]) -> AsyncIterator[Visitors]:
    """Let them all come at once, as soon as `may_come` is set."""
    register, may_come = Register(), asyncio.Event()
    everybody = [Visitor(seat, register) for seat in seats]
    async with asyncio.TaskGroup() as group:
        staying = [group.create_task(one.stay(may_come)) for one in everybody]
        try:
            yield Visitors(everybody, register, may_come)
        finally:
            for task in staying:
                task.cancel()

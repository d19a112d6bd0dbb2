"""Clients that listen to one room each, and keep to the rules: they come back, and resume.

Light enough that thousands of them fit into one process, and strict: each event must have the next
seq of its room, or a gap must have been told, which is read over HTTP in the end.
"""

import asyncio
import json
import math
import random
import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from hubbub_client.core import ComeBack, Returns, come_back
from hubbub_client.frames import Cursor, Frame, Json, event_in, write
from tests.bench.crowd import HANDSHAKE, Seat
from tests.bench.frames import CLOSE, PING, PONG, TEXT, cut, masked

END_OF_HEAD: Final = b"\r\n\r\n"
READ_BYTES: Final = 16_384
PAGE: Final = 100
TOGETHER: Final = 10
"""Who comes at an even pace comes so many at a time, as sleeping costs too."""

REFUSED_FOR_NOW: Final = ("503", "1013")
"""What a server says that has too much to do: the only refusals that a storm may bring."""

CUT: Final = "cut"
WRONG_SEQ: Final = "event out of order"


class Refusal(Exception):
    """A handshake was answered with something else than 101."""

    def __init__(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.status = lines[0].split(" ")[1]
        told = [line.partition(":")[2] for line in lines if line.lower().startswith("retry-after")]
        self.retry_after_s = float(told[0]) if told else 0.0
        super().__init__(self.status)


class Visitor:
    """One person in one room. `is_live` from when everything missed was heard until it is cut.

    `troubles` counts what ended its connections, and what was not as it should be.
    """

    def __init__(self, seat: Seat, troubles: Counter[str], *, receive_bytes: int | None) -> None:
        """`receive_bytes`: how much the kernel keeps that was not read; None: as it likes."""
        self.seat = seat
        self.holes: list[range] = []
        self.cursor: Cursor | None = None
        self.is_live = asyncio.Event()
        self.may_come = asyncio.Event()
        self.may_read = asyncio.Event()
        self.may_read.set()
        self._troubles = troubles
        self._receive_bytes = receive_bytes
        self._returns = Returns(random.uniform)
        self._writer: asyncio.StreamWriter | None = None
        self._is_cut = False

    async def stay(self) -> None:
        """Be there for ever, while `may_come` is set."""
        loop = asyncio.get_running_loop()
        while True:
            await self.may_come.wait()
            what_next = await self._visit()
            self.is_live.clear()
            await self.may_come.wait()
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
            self._troubles[refusal.status] += 1
            self._returns.told(refusal.retry_after_s, asyncio.get_running_loop().time())
            return ComeBack.BACKOFF
        except (OSError, EOFError):
            if not self._is_cut:
                self._troubles[CUT] += 1
            return ComeBack.BACKOFF
        self._troubles[str(code)] += 1
        return come_back(code)

    async def _listen(self) -> int:
        """Return the code of the close.  Raises: Refusal, OSError, EOFError."""
        reader, writer = await asyncio.open_connection(
            sock=await self._connected(), limit=READ_BYTES
        )
        self._writer = writer
        try:
            writer.write(HANDSHAKE.format(port=self.seat.port).encode() + self._greeting())
            head = await reader.readuntil(END_OF_HEAD)
            if not head.startswith(b"HTTP/1.1 101"):
                raise Refusal(head)
            return await self._hear_all(reader)
        finally:
            self._writer = None
            with suppress(OSError):
                writer.transport.abort()

    async def _connected(self) -> socket.socket:
        its = socket.socket()
        its.setblocking(False)
        if self._receive_bytes is not None:
            its.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_bytes)
        try:
            loop = asyncio.get_running_loop()
            await loop.sock_connect(its, ("127.0.0.1", self.seat.port))
        except BaseException:
            its.close()
            raise
        return its

    async def _hear_all(self, reader: asyncio.StreamReader) -> int:
        rest = b""
        while data := await reader.read(READ_BYTES):
            data = rest + data
            found, rest_at = cut(data)
            rest = data[rest_at:]
            for opcode, start, end in found:
                if opcode == CLOSE:
                    return int.from_bytes(data[start : start + 2])
                self._hear(opcode, data[start:end])
            await self.may_read.wait()
        raise EOFError

    def _greeting(self) -> bytes:
        auth: Json = {"token": self.seat.token}
        if self.cursor is not None:
            place = {"seq": self.cursor.seq, "epoch": self.cursor.epoch}
            auth["resume"] = [{"room_id": self.seat.room_id, **place}]
        frames = [write("auth", auth, "auth")]
        if self.cursor is None:
            frames.append(write("join_room", {"room_id": self.seat.room_id}, "join"))
        return b"".join(masked(one.encode(), TEXT) for one in frames)

    def _hear(self, opcode: int, payload: bytes) -> None:
        if opcode == PING and self._writer is not None:
            self._writer.write(masked(payload, PONG))
        if opcode == TEXT:
            self._take(event_in(json.loads(payload)))

    def _take(self, frame: Frame) -> None:
        match frame.type:
            case "ready":
                self._returns.ready(asyncio.get_running_loop().time())
            case "room_joined":
                self.cursor = Cursor(frame.data["epoch"], frame.data["head_seq"])
                self.is_live.set()
            case "resumed":
                self._resumed(frame.data["rooms"])
            case "error":
                self._troubles[str(frame.data["code"])] += 1
            case _ if self.cursor is not None and frame.room_id == self.seat.room_id:
                self._move_on(frame, self.cursor)

    def _resumed(self, rooms: Sequence[Json]) -> None:
        lost = [room["reason"] for room in rooms if not room["recovered"]]
        self._troubles.update(reason for reason in lost if reason != "too_many")
        self.is_live.set()

    def _move_on(self, frame: Frame, cursor: Cursor) -> None:
        if frame.type == "gap":
            self.holes.append(range(frame.data["from_seq"], frame.data["to_seq"] + 1))
            self.cursor = Cursor(cursor.epoch, frame.data["to_seq"])
        elif frame.seq is not None:
            self._troubles.update([WRONG_SEQ] * (frame.seq != cursor.seq + 1))
            self.cursor = Cursor(cursor.epoch, frame.seq)


@dataclass(slots=True)
class Visitors:
    """All of them: nobody comes before they are let in."""

    everybody: list[Visitor]
    troubles: Counter[str] = field(default_factory=Counter)

    async def come(self, *, within_s: float, per_s: float = math.inf) -> None:
        """Let everybody in, so many a second, and return once each is live."""
        async with asyncio.timeout(within_s):
            for number, one in enumerate(self.everybody, start=1):
                one.may_come.set()
                if number % TOGETHER == 0:
                    await asyncio.sleep(TOGETHER / per_s)
            for one in self.everybody:
                await one.is_live.wait()

    def cut(self) -> None:
        """Cut all at once, and keep them outside."""
        for one in self.everybody:
            one.may_come.clear()
            one.cut()

    def read(self, *, may: bool) -> None:
        """Have all of them take what comes, or nothing."""
        for one in self.everybody:
            if may:
                one.may_read.set()
            else:
                one.may_read.clear()

    def errors(self) -> dict[str, int]:
        """Return what should not have been in a storm."""
        return {what: count for what, count in self.troubles.items() if what not in REFUSED_FOR_NOW}


@asynccontextmanager
async def visiting(
    seats: Sequence[Seat], *, receive_bytes: int | None = None
) -> AsyncIterator[Visitors]:
    """Have visitors, who come once they are let in."""
    troubles: Counter[str] = Counter()
    everybody = [Visitor(seat, troubles, receive_bytes=receive_bytes) for seat in seats]
    visitors = Visitors(everybody, troubles)
    async with asyncio.TaskGroup() as group:
        staying = [group.create_task(one.stay()) for one in everybody]
        try:
            yield visitors
        finally:
            for task in staying:
                task.cancel()


async def are_whole(visitors: Visitors, url: str, *, within_s: float) -> int:
    """Return how many have everything, up to the present end of their room's log."""
    async with (
        asyncio.timeout(within_s),
        httpx.AsyncClient(base_url=url, trust_env=False, timeout=within_s) as http,
    ):
        return sum([await _is_whole(one, http) for one in visitors.everybody])


async def _is_whole(one: Visitor, http: httpx.AsyncClient) -> bool:
    head_seq = (await _page(one, http, 0))["head_seq"]
    # Frames come when they come.
    while one.cursor is None or one.cursor.seq < head_seq:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    return all([await _fills(one, http, hole) for hole in one.holes])


async def _fills(one: Visitor, http: httpx.AsyncClient, hole: range) -> bool:
    """Read what was told as a gap; return whether it is all there."""
    found: list[Any] = []
    while len(found) < len(hole):
        page = (await _page(one, http, hole.start - 1 + len(found)))["items"]
        if not page:
            return False
        found += [event["seq"] for event in page]
    return found[: len(hole)] == list(hole)


async def _page(one: Visitor, http: httpx.AsyncClient, after: int) -> Json:
    answer = await http.get(
        f"/v1/rooms/{one.seat.room_id}/events",
        params={"after_seq": after, "limit": PAGE},
        headers={"authorization": f"Bearer {one.seat.token}"},
    )
    return dict(answer.raise_for_status().json())

"""A client that stays: it connects, comes back when it is cut, and loses and doubles nothing.

    async with Client("ws://127.0.0.1:8000/v1/ws", give_token) as client:
        await client.join(room_id)
        sent = await client.send(room_id, "hello")
        async for event in client.events():
            ...

Events of a room come once each and in order, over a socket or, where none gets through, over polls.
A `gap` frame among them means that the server could not replay everything: read the history over
HTTP for what lies between. A send that was not acknowledged is sent again with the same id.
"""

import asyncio
import contextlib
import random
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

from hubbub_client.core import Repeats, RoomLog, Unacked
from hubbub_client.frames import Cursor, Frame, Json, Refused, event_in
from hubbub_client.link.keeping import Link
from hubbub_client.link.listening import GiveToken
from hubbub_client.rooms import Rooms
from hubbub_client.ways import USUAL, Patience, Way

ANSWER_TIMEOUT_S: Final = 30.0
"""Long enough for a reconnect in between; the server itself answers within 10 s."""

OPEN_TIMEOUT_S: Final = 60.0
"""Long enough for three sockets that fail by silence, and a poll after them."""

GIVE_UP_AFTER_S: Final = 120.0
"""How long a send is tried before its caller hears that the outcome is unknown."""

RESUME: Final = "resume"
RESUME_AGAIN_S: Final = 1.0

SYNC_LIMIT: Final = 200

MAX_EVENTS: Final = 10_000
"""Events that nobody has taken; beyond that reading stops and the server closes us as too slow."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands. `is_duplicate`: it was there already, an earlier try had arrived."""

    message_id: str
    seq: int
    is_duplicate: bool


class Stopped(Exception):
    """The server does not want this client back without a person's doing."""


class Client:
    """One connection that renews itself. Close it, or use it as a context manager."""

    def __init__(
        self,
        url: str,
        give_token: GiveToken | str,
        *,
        headers: dict[str, str] | None = None,
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
        patience: Patience = USUAL,
    ) -> None:
        """`give_token` returns a token that is good now, or is an API token. `answer_timeout_s` is
        how long an answer is waited for, a reconnect in between included; `patience` the time
        limits of sockets and polls, and when to go from one to the other.
        """
        self._answer_timeout_s = answer_timeout_s
        self._running: asyncio.Task[None] | None = None
        self._is_ready = asyncio.Event()
        self._refs = count(1)
        self._unacked = Unacked()
        self._answers: dict[str, asyncio.Future[Frame]] = {}
        self._rooms = Rooms()
        self._link = Link(
            url,
            give_token,
            rooms=self._rooms,
            listener=self,
            headers=headers or {},
            patience=patience,
        )
        self._events: asyncio.Queue[Frame | None] = asyncio.Queue(MAX_EVENTS)
        self._resuming: asyncio.Task[None] | None = None
        self._delivering = asyncio.Lock()
        self._turns: dict[str, asyncio.Lock] = {}
        self.ready: Frame | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Return once the server knows us.  Raises: Stopped, TimeoutError."""
        self._running = asyncio.create_task(self._run())
        ready = asyncio.create_task(self._is_ready.wait())
        try:
            either = {self._running, ready}
            await asyncio.wait(either, timeout=OPEN_TIMEOUT_S, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._running.done():
            raise Stopped(self._link.stopped or "stopped")
        if not self._is_ready.is_set():
            await self.close()
            raise TimeoutError

    async def close(self) -> None:
        """Say goodbye and stop."""
        tasks = [task for task in (self._running, self._resuming) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def cut(self) -> None:
        """Drop what one talks over as a bad network does; the client comes back by itself."""
        self._link.cut()

    @property
    def way(self) -> Way:
        """Return over what one talks; both ways do the same."""
        return self._link.way

    @property
    def pressure(self) -> int:
        """Return what the last heartbeat told: 0 calm, 1 busy (typing is dropped), 2 overloaded."""
        return self._link.pressure

    @property
    def cursors(self) -> dict[str, Cursor]:
        """Return how far each joined room was heard."""
        return self._rooms.cursors

    async def join(self, room_id: str, *, after: Cursor | None = None) -> Frame:
        """Hear a room from now on, or from a place in its log.  Raises: Refused."""
        data: Json = {"room_id": room_id}
        if after is not None:
            data |= {"after_seq": after.seq, "epoch": after.epoch}
            self._rooms.begin_at(room_id, after)
        try:
            return await self.ask("join_room", data)
        except Refused:
            if after is not None:
                self._rooms.leave(room_id)
            raise

    async def leave(self, room_id: str) -> None:
        """Hear the room no more; membership stays."""
        await self.ask("leave_room", {"room_id": room_id})

    async def send(self, room_id: str, content: str, *, client_msg_id: str | None = None) -> Sent:
        """Write a message; return once it is stored for good. Messages of a room keep their order.

        Refusals that may pass are tried again with the same id (`internal` once), and so is a send
        that was cut or got no answer; what is sent later waits meanwhile.
        Raises: Refused, TimeoutError (unknown outcome: the same `client_msg_id` settles it).
        """
        data = {
            "room_id": room_id,
            "content": content,
            "client_msg_id": client_msg_id or uuid.uuid4().hex,
        }
        # One at a time in a room: a refused message must not be overtaken by the next.
        async with self._turns.setdefault(room_id, asyncio.Lock()):
            ack = (await self._ask_until_settled("send_message", data)).data
        return Sent(ack["message_id"], ack["seq"], ack["duplicate"])

    async def ask(self, type_: str, data: Json, *, is_kept: bool = False) -> Frame:
        """Send a command and return its answer.

        `is_kept`: send it again after a reconnect; only for commands that carry their own id.
        Raises: Refused, ConnectionError (cut, and not kept), TimeoutError.
        """
        ref = str(next(self._refs))
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._answer_timeout_s):
                await self._is_ready.wait()
                self._answers[ref] = answer
                if is_kept:
                    self._unacked.add(ref, type_, data)
                await self._link.write(type_, data, ref)
                frame = await answer
        finally:
            self._answers.pop(ref, None)
            self._unacked.answered(ref)
        if frame.type == "error":
            raise Refused(frame.data)
        return frame

    async def tell(self, type_: str, data: Json) -> None:
        """Send a command that wants no answer, like `typing`."""
        await self._is_ready.wait()
        await self._link.write(type_, data)

    async def events(self) -> AsyncIterator[Frame]:
        """Yield everything that is not an answer, until the client is closed or stopped."""
        while (event := await self._events.get()) is not None:
            yield event

    async def on_frame(self, frame: Frame) -> None:
        if frame.type == "room_left":
            self._rooms.leave(frame.room_id or frame.data["room_id"])
        log = self._rooms.log_of(frame.room_id)
        if frame.type == "ready":
            await self._on_ready(frame)
        elif frame.type == "resumed" or frame.ref == RESUME:
            self._on_resumed(frame)
        elif frame.ref is not None:
            await self._on_answer(frame.ref, frame)
        elif frame.seq is not None and log is not None:
            await self._on_event(frame, log)
        else:
            if frame.type == "gap":
                self._rooms.on_gap(frame)
            await self._events.put(frame)

    def _on_resumed(self, frame: Frame) -> None:
        """Ask again for rooms that the server could not look after just now."""
        if self._rooms.on_resumed(frame.data.get("rooms", [])) or frame.type == "error":
            self._resuming = asyncio.create_task(self._resume_later())

    async def _resume_later(self) -> None:
        await asyncio.sleep(RESUME_AGAIN_S)
        await self._link.write("resume", {"rooms": self._rooms.resume()}, RESUME)

    def on_leaving(self) -> None:
        self._is_ready.clear()

    def on_cut(self) -> None:
        """Tell those who wait for an answer that will not come; kept commands go out again."""
        self._is_ready.clear()
        kept = {ref for ref, _, _ in self._unacked}
        for ref, answer in self._answers.items():
            if ref not in kept and not answer.done():
                answer.set_exception(ConnectionError("the connection was cut"))

    async def _run(self) -> None:
        try:
            await self._link.run()
        finally:
            with contextlib.suppress(asyncio.QueueFull):
                self._events.put_nowait(None)

    async def _ask_until_settled(self, type_: str, data: Json) -> Frame:
        repeats = Repeats()
        async with asyncio.timeout(GIVE_UP_AFTER_S):
            while True:
                try:
                    return await self.ask(type_, data, is_kept=True)
                except TimeoutError:
                    continue
                except Refused as refusal:
                    pause_s = repeats.pause_s(refusal, random.uniform)
                    if pause_s is None:
                        raise
                await asyncio.sleep(pause_s)

    async def _on_ready(self, frame: Frame) -> None:
        self.ready = frame
        self._rooms.on_ready(frame)
        for ref, type_, data in list(self._unacked):
            await self._link.write(type_, data, ref)
        self._is_ready.set()

    async def _on_answer(self, ref: str, frame: Frame) -> None:
        if frame.type == "room_joined":
            self._rooms.on_joined(frame)
        elif frame.type == "events":
            for event in map(event_in, frame.data["events"]):
                if (log := self._rooms.log_of(event.room_id)) is not None:
                    await self._deliver(event, log)
        waiting = self._answers.get(ref)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)

    async def _on_event(self, frame: Frame, log: RoomLog) -> None:
        was_missing_some = log.is_missing_some
        await self._deliver(frame, log)
        if log.is_missing_some and not was_missing_some:
            data = {"room_id": frame.room_id, "after_seq": log.cursor.seq, "limit": SYNC_LIMIT}
            await self._link.write("sync", data, f"sync-{next(self._refs)}")

    async def _deliver(self, frame: Frame, log: RoomLog) -> None:
        # Over polls an answer to `sync` may come while events are handed on.
        async with self._delivering:
            for event in log.offer(frame):
                await self._events.put(event)

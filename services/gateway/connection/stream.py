"""One `POST /v1/stream`: what a socket would carry, a line for each frame, for some minutes.

    greeted --> replay --resumed--> live --its time, or the end of the server: `reconnect`--> ended
                   `-----------------`--the end of the session: `error`------------------------^

A client cannot say anything here, so no sign of life is expected of it: what shows that it is gone
is the network. While it takes nothing its outbox fills up to its bound, as with a socket, and then
it is cut. A stream has no cursors to tell: whoever is cut goes on from the last event it has read.

See: docs/protocol.md, section 14.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.types import Message, Receive, Send

from libs.common.times import rfc3339
from services.gateway.connection.endings import refusal_of
from services.gateway.connection.surroundings import Surroundings
from services.gateway.connection.visit import Visit, until_gone
from services.gateway.core.bearer import Bearer
from services.gateway.core.effects import TellTime
from services.gateway.core.payloads import payloads_of
from services.gateway.core.polling import Wanted
from services.gateway.core.refusals import CloseCode
from services.gateway.frames import heard

NEVER: Final = float("inf")

SILENT_ENDS: Final = frozenset({CloseCode.RESTART, CloseCode.SLOW})
"""Before the first there was a `reconnect`; after the second nothing is read."""


class Stream:
    """`cut` ends the connection at once. Looked at with every sweep, as there are few."""

    def __init__(
        self,
        around: Surroundings,
        bearer: Bearer,
        wanted: Wanted,
        *,
        address: str,
        cut: Callable[[], None],
    ) -> None:
        self.due_at = 0.0
        self._around = around
        self._wanted = wanted
        self._cut = cut
        self._visit = Visit(around, bearer, self, address=address)
        self._ends_at = around.clock.monotonic() + around.settings.stream_max_s
        self._stalled_since = NEVER
        self._has_some = asyncio.Event()
        self._drained: list[asyncio.Future[None]] = []
        self._is_over = False

    async def run(self, receive: Receive, send: Send, *, start: Message) -> None:
        """Send `start` and then lines until it is over.  Raises: ChatError, instead of `start`."""
        visit = self._visit
        try:
            visit.begin()
            for frame in await visit.greeting():
                visit.tell(frame)
            visit.attach(self._wanted.rooms)
            visit.spawn(self._until_gone(receive))
            await send(start)
            while not self._is_over or len(visit.outbox):
                await self._has_some.wait()
                self._has_some.clear()
                await self._send_on(send)
        finally:
            visit.leave()
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    # What the sweep and other visits ask

    def due(self, now: float) -> None:
        if now >= self._stalled_since + self._around.settings.backlog_age_s:
            self._visit.end(CloseCode.SLOW)
        if now >= self._ends_at:
            self._ends_at = NEVER
            self._visit.do(self._visit.session.leave("rebalance", after_s=0, now=now))
        self._visit.do(self._visit.session.tick(now))

    def send_away(self, *, after_s: float) -> None:
        now = self._around.clock.monotonic()
        self._visit.do(self._visit.session.leave("drain", after_s=after_s, now=now))

    def stop(self) -> None:
        self._cut()

    def replace(self) -> None:
        self._visit.end(CloseCode.REPLACED)

    # What its visit tells

    def flush(self) -> None:
        if self._visit.outbox.is_over and not self._is_over:
            self._visit.end(CloseCode.SLOW)
        self._has_some.set()

    def on_resumed(self, frame: heard.Resumed) -> None:
        self._visit.put(frame.stamped(rfc3339(self._around.clock.now())))

    def on_ping(self) -> None:
        self._visit.session.watch.alive()
        self._visit.do([TellTime(None)])

    def on_end(self, code: CloseCode, reason: str) -> None:
        self._is_over = True
        if code is CloseCode.SLOW:
            self._around.tally.backlogs.inc()
            self._cut()
        if code not in SILENT_ENDS:
            refusal = refusal_of(code, reason, retry_after_ms=None)
            self._visit.tell(heard.Refused.because(refusal, None))
        self._has_some.set()

    async def paced(self) -> None:
        while len(self._visit.outbox):
            taken = asyncio.get_running_loop().create_future()
            self._drained.append(taken)
            await taken

    async def _until_gone(self, receive: Receive) -> None:
        await until_gone(receive)
        self._is_over = True
        self._visit.outbox.close()
        self._has_some.set()

    async def _send_on(self, send: Send) -> None:
        """Send what waits. This takes as long as the client, up to the bound on a stall."""
        lines = payloads_of(self._visit.outbox.take())
        if lines:
            self._stalled_since = self._around.clock.monotonic()
            body = b"\n".join((*lines, b""))
            await send({"type": "http.response.body", "body": body, "more_body": True})
            self._stalled_since = NEVER
            self._around.tally.frames_out += len(lines)
        for taken in self._drained:
            if not taken.done():
                taken.set_result(None)
        self._drained.clear()

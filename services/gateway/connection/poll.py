"""One `POST /v1/sync`: listens until there is something to say, then says it all at once.

    replay --attached--> nothing to say yet --a frame, or the time is over--> answered
       `--as much as one answer holds: `more`-------------------------------------^

Nothing is lost or doubled over any polls at any gateways, though nothing is kept between them. An
answer's cursor is how far the room was put into this very answer: it is looked up in the turn in
which the outbox is emptied for the last time and the rooms are left, so no event comes between.
What comes later is behind the cursor, in the log, and the next poll attaches from there as any
resume does: it holds what comes, replays what the log has behind the cursor, and only then goes on
with what it held. A hole is no exception, as a room's stream ends before it.

See: docs/protocol.md, section 14.
"""

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from libs.common.contracts.ids import Epoch, RoomId, Seq
from libs.common.errors import ChatError, Draining, TooMany, Unavailable
from libs.common.tokens.signed import TokenExpired
from services.gateway.connection.endings import refusal_of
from services.gateway.connection.surroundings import Surroundings
from services.gateway.connection.visit import Visit, later_ms, until_gone
from services.gateway.core.bearer import Bearer
from services.gateway.core.payloads import payloads_of
from services.gateway.core.polling import Progress, Wanted
from services.gateway.core.refusals import CloseCode
from services.gateway.frames import heard
from services.gateway.frames.polled import answer_of

NEVER: Final = float("inf")

RETRY_S: Final = 2.0
"""How long a poll is held while there is a room that could not be asked about."""


class Poll:
    """Ends by itself in time, so the sweep has nothing to do but to send it away."""

    def __init__(
        self, around: Surroundings, bearer: Bearer, wanted: Wanted, *, address: str
    ) -> None:
        self.due_at = NEVER
        self._around = around
        self._wanted = wanted
        self._visit = Visit(around, bearer, self, address=address)
        self._progress = Progress(wanted.rooms, only=bearer.room_id)
        self._gathered: list[bytes] = []
        self._size = 0
        self._is_late = wanted.timeout_s <= 0
        self._is_attached = False
        self._is_full = False
        self._is_over = asyncio.Event()
        self._trouble: Exception | None = None

    async def answer(self, receive: Receive) -> bytes:
        """Return the JSON of the answer.  Raises: ChatError, ClientDisconnect."""
        visit, wanted = self._visit, self._wanted
        left_s = visit.bearer.expires_at - self._around.clock.monotonic()
        if left_s <= 0:
            # Other clocks still take it. An empty answer at once would be asked for again at once.
            raise TokenExpired
        try:
            visit.begin()
            visit.spawn(self._until_gone(receive))
            visit.spawn(self._until_late(min(wanted.timeout_s, left_s)))
            greeting = await visit.greeting() if wanted.greet else None
            visit.attach(wanted.rooms)
            await self._is_over.wait()
            return self._finish(greeting)
        finally:
            visit.leave()

    # What the sweep and other polls ask

    def due(self, now: float) -> None:
        """There is no deadline of which the sweep knows."""

    def send_away(self, *, after_s: float) -> None:
        """Answer after so long: the next poll hears that it should go elsewhere."""
        self._visit.spawn(self._until_sent_away(after_s))

    def stop(self) -> None:
        self._give_way(Draining(retry_after_ms=self._retry_after_ms))

    def replace(self) -> None:
        """Answer with what there is, as another of this person begins."""
        self._give_way(TooMany(retry_after_ms=self._retry_after_ms))

    # What its visit tells

    def flush(self) -> None:
        if self._visit.outbox.is_over:
            self._fail(Unavailable(retry_after_ms=self._retry_after_ms))
        elif self._is_attached:
            self._is_over.set()

    def on_resumed(self, frame: heard.Resumed) -> None:
        visit, progress = self._visit, self._progress
        self._is_attached = True
        progress.resumed(frame.data.rooms, self._reached)
        visit.report()
        has_some = bool(self._gathered or len(visit.outbox))
        if progress.is_in_vain and not has_some:
            self._fail(Unavailable(retry_after_ms=self._retry_after_ms))
        elif self._is_late or has_some or progress.has_news:
            self._is_over.set()
        elif progress.has_doubts:
            visit.spawn(self._until_late(RETRY_S))

    def on_ping(self) -> None:
        """Nobody hears a poll before it is answered."""

    def on_end(self, code: CloseCode, reason: str) -> None:
        self._fail(refusal_of(code, reason, retry_after_ms=self._retry_after_ms))

    async def paced(self) -> None:
        self._gather()
        if self._size >= self._around.settings.poll_answer_bytes:
            self._is_full = True
            self._is_over.set()
            # The replay goes on with the next poll: this one is cancelled where it stands.
            await asyncio.get_running_loop().create_future()

    @property
    def _retry_after_ms(self) -> int:
        return later_ms(self._around.chance)

    async def _until_late(self, after_s: float) -> None:
        await self._around.clock.sleep(after_s)
        self._is_late = True
        if self._is_attached:
            self._is_over.set()

    async def _until_sent_away(self, after_s: float) -> None:
        await self._around.clock.sleep(after_s)
        self.stop()

    async def _until_gone(self, receive: Receive) -> None:
        await until_gone(receive)
        self._fail(ClientDisconnect())

    def _give_way(self, refusal: ChatError) -> None:
        """Answer now. Before the rooms are attached there is no answer but a refusal."""
        if self._is_attached:
            self._is_over.set()
        else:
            self._fail(refusal)

    def _fail(self, trouble: Exception) -> None:
        self._trouble = self._trouble or trouble
        self._is_over.set()

    def _gather(self) -> None:
        frames = self._visit.outbox.take()
        self._gathered += payloads_of(frames)
        self._size += len(frames)

    def _finish(self, greeting: tuple[heard.Hello, heard.Ready] | None) -> bytes:
        """Return the answer.  Raises: what went wrong. There may be no await before `leave`."""
        if self._trouble is not None:
            raise self._trouble
        self._gather()
        self._around.tally.frames_out += len(self._gathered)
        return answer_of(
            greeting,
            self._gathered,
            cursors=self._progress.cursors(self._reached, self._visit.lost),
            more=self._is_full,
        )

    def _reached(self, room_id: RoomId) -> tuple[Seq, Epoch] | None:
        return self._around.hub.reached(self._visit, room_id)

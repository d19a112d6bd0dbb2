"""One connection's life, without the connection: what was said and what time it is go in, what to
do comes out.

    CONNECTED --auth--> ADMITTING --admit--> READY --its time to leave--> LEAVING
        |                   |                  |                             |
        `-------------------`------------------`-----------------------------`--> CLOSED

In CONNECTED only `auth` and `ping` are obeyed. In ADMITTING nothing is handed in: the connection
reads on when the answer is there (`is_reading`). In LEAVING commands in flight are still answered,
new ones are not taken. Every command with a `ref` gets one answer. `now` is monotonic.

See: docs/protocol.md, sections 3, 4 and 17.
"""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, Literal

from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.ids import ConnectionId, RoomId
from libs.common.contracts.internal import RoomStanding
from libs.common.contracts.people import ChosenState
from libs.common.errors import ChatError, Draining, Invalid, Malformed, TooMany, Unauthorized
from services.gateway.core import effects as do
from services.gateway.core.bearer import Bearer
from services.gateway.core.duties import Duties, Effects
from services.gateway.core.greeting import ready_of
from services.gateway.core.pace import Pace, Paces
from services.gateway.core.refusals import (
    AlreadyAuthenticated,
    CloseCode,
    DuplicateRef,
    reason_of,
)
from services.gateway.core.watch import NEVER, Watch
from services.gateway.frames import heard, said
from services.gateway.frames.reading import BadFrame, read_frame
from services.gateway.settings import GatewaySettings

STRANGE_COMMANDS: Final = 3
"""A client that gives commands before it has said who it is is told twice."""


class Phase(Enum):
    CONNECTED = auto()
    ADMITTING = auto()
    READY = auto()
    LEAVING = auto()
    CLOSED = auto()


class Session:
    """See the module. What a method returns is to be done in that order."""

    __slots__ = (
        "_auth",
        "_has_authenticated",
        "_pace",
        "_settings",
        "_strange_count",
        "bearer",
        "duties",
        "phase",
        "watch",
    )

    def __init__(
        self,
        connection_id: ConnectionId,
        *,
        settings: GatewaySettings,
        paces: Paces,
        spread: float,
        now: float,
    ) -> None:
        self.phase = Phase.CONNECTED
        self.bearer: Bearer | None = None
        self.watch = Watch(settings, spread=spread, now=now)
        self._settings = settings
        self._pace = Pace(paces)
        self.duties = Duties(connection_id, settings=settings, pace=self._pace)
        self._auth: said.Auth | None = None
        self._has_authenticated = False
        self._strange_count = 0

    @property
    def is_reading(self) -> bool:
        """Tell whether the next frame may be handed in."""
        has_room = len(self.duties.pending) < self._settings.in_flight
        return has_room and self.phase is not Phase.ADMITTING

    @property
    def due_at(self) -> float:
        """Return when `tick` has something to do."""
        if self.phase is Phase.LEAVING and not self.duties.pending:
            return 0.0
        return min(self.watch.due_at, self.duties.pending.due_at, self.duties.places.due_at)

    def hear(self, raw: bytes, now: float) -> Effects:
        """Obey one text frame."""
        if self.phase is Phase.CLOSED:
            return []
        if self.bearer is None and len(raw) > self._settings.auth_frame_bytes:
            return self.close(CloseCode.TOO_LARGE)
        try:
            frame = read_frame(raw)
        except BadFrame as bad:
            return self._complain(bad.refusal, bad.ref, now)
        if frame.ref is not None and frame.ref in self.duties.pending:
            return self._complain(DuplicateRef(), frame.ref, now)
        return self._obey_or_refuse(frame, now)

    def present(self, bearer: Bearer) -> Effects:
        """Begin with the token that came with the handshake."""
        self._begin_admission()
        return [do.Admit(bearer)]

    def admit(
        self,
        bearer: Bearer,
        standings: Sequence[RoomStanding],
        now: float,
        *,
        presence_state: ChosenState,
    ) -> Effects:
        """Let the bearer of a token in, with the rooms they are in and what they are seen as."""
        self.enter(bearer, now)
        auth, self._auth = self._auth, None
        ref = auth.ref if auth else None
        effects: Effects = [
            do.Tell(ready_of(bearer, standings, presence_state=presence_state, ref=ref)),
            do.Report(LeaseChange.OPENED),
        ]
        if auth and auth.data.resume:
            try:
                effects += self.duties.resume(auth.data.resume, bearer, None)
            except ChatError as refusal:
                effects.append(do.refused(refusal, None))
        return effects

    def enter(self, bearer: Bearer, now: float) -> None:
        """Let the bearer of a token in, without a word."""
        if self.phase in (Phase.CONNECTED, Phase.ADMITTING):
            self.phase = Phase.READY
        self._take(bearer)
        self.watch.auth_by = NEVER
        self.watch.reported(now)

    def deny(self, refusal: ChatError) -> Effects:
        """Answer an `auth` that failed, and close."""
        answer = do.refused(refusal, self._auth.ref if self._auth else None)
        if reason := reason_of(refusal):
            return [answer, *self.close(CloseCode.UNAUTHENTICATED, reason)]
        return [answer, *self.close(CloseCode.LATER)]

    def renew(self, bearer: Bearer, ref: str) -> Effects:
        """Go on with a newer token, if it is one of the same session."""
        self.duties.pending.settle(ref)
        if self.bearer is None or not bearer.is_same_session(self.bearer):
            closing = self.close(CloseCode.UNAUTHENTICATED, "invalid")
            return [do.refused(Unauthorized(), ref), *closing]
        self._take(bearer)
        return [do.Tell(heard.Acked(ref=ref, data={"expires_at": bearer.expires_text}))]

    def answer(self, frame: heard.Spoken) -> Effects:
        """Answer a command that was in flight, unless it was answered."""
        is_waiting = frame.ref is None or self.duties.pending.settle(frame.ref)
        return [do.Tell(frame)] if is_waiting else []

    def refuse(self, ref: str, refusal: ChatError) -> Effects:
        """Answer a command that was in flight with a refusal, unless it was answered."""
        return [do.refused(refusal, ref)] if self.duties.pending.settle(ref) else []

    def leave(
        self, reason: Literal["drain", "rebalance"], *, after_s: float, now: float
    ) -> Effects:
        """Send the client elsewhere; it is served until `after_s` from now."""
        self.watch.leave_at = min(self.watch.leave_at, now + after_s)
        shown = heard.ReconnectShown(reason=reason, after_ms=round(after_s * 1000))
        return [do.Tell(heard.Reconnect(data=shown))]

    def close(self, code: CloseCode, reason: str = "") -> Effects:
        """End the session, once."""
        if self.phase is Phase.CLOSED:
            return []
        return [*self.end(), do.Close(code, reason)]

    def end(self) -> Effects:
        """Take back what others know of this connection, once: it is over."""
        if self.phase is Phase.CLOSED:
            return []
        self.phase = Phase.CLOSED
        report = [do.Report(LeaseChange.CLOSED)] if self.bearer is not None else []
        return [*self.duties.stop_typing(), *report]

    def lose_room(self, room_id: RoomId, reason: str, now: float) -> Effects:
        """Tell the client that it hears this room no more."""
        self.rooms_changed(now)
        left = heard.RoomLeftShown(room_id=room_id, reason=reason)
        return [*self.duties.lose_room(room_id), do.Tell(heard.RoomLeft(data=left))]

    def rename(self, name: str) -> None:
        """Call the person by a new name from now on."""
        if self.bearer is not None:
            self.bearer = self.bearer.renamed(name)

    def rooms_changed(self, now: float) -> None:
        """Have the lease renewed at the next look: it names the rooms."""
        self.watch.lease_at = now

    def tick(self, now: float) -> Effects:
        """Do what is due."""
        if self.phase is Phase.CLOSED:
            return []
        watch, effects = self.watch, self.duties.tick(now)
        if now >= watch.warn_at and self.bearer is not None:
            watch.warn_at = NEVER
            shown = heard.TokenExpiringShown(expires_at=self.bearer.expires_text)
            effects.append(do.Tell(heard.TokenExpiring(data=shown)))
        if now >= watch.ping_at:
            watch.pinged(now)
            effects.append(do.Ping())
        if now >= watch.lease_at:
            watch.reported(now)
            effects.append(do.Report(LeaseChange.RENEWED))
        if now >= watch.old_at:
            watch.old_at = NEVER
            effects += self.leave("rebalance", after_s=self._settings.drain_finish_s, now=now)
        return effects + self._end_if_due(now)

    def _end_if_due(self, now: float) -> Effects:
        watch = self.watch
        if now >= watch.auth_by:
            return self.close(CloseCode.AUTH_TIMEOUT)
        if now >= watch.pong_by:
            return self.close(CloseCode.SILENT)
        if now >= watch.expires_at:
            return self.close(CloseCode.UNAUTHENTICATED, "expired")
        if now >= watch.leave_at:
            watch.leave_at, watch.finish_by = NEVER, now + self._settings.drain_finish_s
            self.phase = Phase.LEAVING
        is_done = self.phase is Phase.LEAVING and not self.duties.pending
        return self.close(CloseCode.RESTART) if is_done or now >= watch.finish_by else []

    def _obey_or_refuse(self, frame: said.AnyFrame, now: float) -> Effects:
        try:
            return self._obey(frame, now)
        except TooMany as refusal:
            is_flood = self._pace.is_flood(now)
            closing = self.close(CloseCode.FLOOD) if is_flood else []
            return [do.refused(refusal, frame.ref), *closing]
        except ChatError as refusal:
            return [do.refused(refusal, frame.ref)]

    def _obey(self, frame: said.AnyFrame, now: float) -> Effects:
        self._pace.take_any(now)
        if isinstance(frame, said.Ping):
            return [do.TellTime(frame.ref)]
        if isinstance(frame, said.Auth):
            return self._authenticate(frame)
        if self.bearer is None:
            return self._turn_away(frame)
        if self.phase is Phase.LEAVING:
            raise Draining
        return self.duties.obey(frame, self.bearer, now)

    def _authenticate(self, frame: said.Auth) -> Effects:
        """Take the one `auth`. Who came with a token in the handshake says it without one."""
        token = frame.data.token
        if self._has_authenticated or (self.bearer is not None and token is not None):
            raise AlreadyAuthenticated
        self._has_authenticated = True
        self._auth = frame
        who = self.bearer or token
        if who is None:
            return self.deny(Unauthorized())
        self._begin_admission()
        batching: Effects = [do.Batch()] if "batch" in frame.data.features else []
        return [*batching, do.Admit(who)]

    def _begin_admission(self) -> None:
        """Stop the client's clock: from here the time that passes is ours."""
        self.phase = Phase.ADMITTING
        self.watch.auth_by = NEVER

    def _turn_away(self, frame: said.Known) -> Effects:
        self._strange_count += 1
        is_last = self._strange_count >= STRANGE_COMMANDS
        closing = self.close(CloseCode.UNAUTHENTICATED, "invalid") if is_last else []
        return [do.refused(Unauthorized(), frame.ref), *closing]

    def _complain(self, refusal: Invalid | Malformed, ref: str | None, now: float) -> Effects:
        is_last = self._pace.is_one_bad_too_many(now)
        closing = self.close(CloseCode.BAD_FRAMES) if is_last else []
        return [do.refused(refusal, ref), *closing]

    def _take(self, bearer: Bearer) -> None:
        self.bearer = bearer
        self.watch.expires_at = bearer.expires_at
        self.watch.warn_at = bearer.expires_at - self._settings.token_warning_s

"""One client's connection: its session decides, its socket speaks, and here both meet the rest.

Questions to other services run as tasks of the connection and end with it. Whatever goes wrong in
one is logged once and costs this connection, no other.
"""

from collections.abc import Coroutine, Sequence
from functools import partial

import structlog
from websockets.http11 import Request

from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId, SessionId
from libs.common.contracts.people import Person
from libs.common.errors import ChatError
from libs.common.times import rfc3339
from services.gateway.connection.address import address_of
from services.gateway.connection.doing import perform
from services.gateway.connection.handshake import accept, refuse, token_of
from services.gateway.connection.ledger import Ledger
from services.gateway.connection.socket import Socket
from services.gateway.connection.surroundings import Surroundings
from services.gateway.connection.tasks import Tasks
from services.gateway.core.bearer import Bearer
from services.gateway.core.effects import Effect
from services.gateway.core.forms import framed
from services.gateway.core.greeting import hello_of
from services.gateway.core.loading import is_loaded
from services.gateway.core.outbox import Outbox, text_frame
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Session
from services.gateway.frames import heard

log = structlog.get_logger()


class Connection:
    """See the module. `due_at` is the first of all its deadlines."""

    __slots__ = (
        "_around",
        "_has_left",
        "_ledger",
        "_tasks",
        "address",
        "connection_id",
        "due_at",
        "outbox",
        "session",
        "socket",
    )

    def __init__(self, around: Surroundings) -> None:
        now = around.clock.monotonic()
        self.connection_id = ConnectionId(str(around.chance.new_id()))
        self.address = ""
        self.session = Session(
            self.connection_id,
            settings=around.settings,
            paces=around.paces,
            spread=around.chance.uniform(-1, 1),
            now=now,
        )
        self.socket = Socket(
            self,
            settings=around.settings,
            odd_frames=around.paces.odd_frames,
            flusher=around.flusher,
            clock=around.clock,
        )
        self.outbox: Outbox = self.socket.outbox
        self.due_at = self.session.due_at
        self._around = around
        self._ledger = Ledger(around.admission, around.tally, around.clock)
        self._tasks = Tasks(partial(self.end, CloseCode.OUR_FAULT))
        self._has_left = False
        around.sweep.add(self)

    # What the socket tells

    @property
    def may_read(self) -> bool:
        return self.session.is_reading

    def on_made(self, peer: str) -> None:
        self.address = peer

    def on_request(self, request: Request) -> None:
        """Look at the handshake; a token in it is checked before it is answered."""
        around = self._around
        forwarded = request.headers.get_all("X-Forwarded-For")
        self.address = address_of(self.address, forwarded, trusted=around.trusted_proxies)
        try:
            token = token_of(request, origins=around.settings.origins)
            around.admission.check(self.address, around.clock.monotonic())
        except ChatError as refusal:
            self._refuse_handshake(refusal)
            return
        self._ledger.came(self.address)
        if token is None:
            self._open(request, None)
        else:
            self.spawn(self._open_with(request, token))

    def on_alive(self) -> None:
        self.session.watch.alive()

    def on_text(self, raw: bytes) -> None:
        self._ledger.heard()
        self.do(self.session.hear(raw, self._around.clock.monotonic()))

    def on_slow(self) -> None:
        self._around.tally.backlogs.inc()
        self.end(CloseCode.SLOW)

    def on_closing(self) -> None:
        self._leave()
        self.look_again()

    def on_gone(self) -> None:
        self._leave()
        self._around.sweep.remove(self)
        self._ledger.gone(
            self.connection_id,
            self.session.bearer,
            address=self.address,
            close_code=self.socket.close_code,
            outbox=self.outbox,
        )

    def look_again(self) -> None:
        self.due_at = min(self.session.due_at, self.socket.due_at)

    # What the hub tells

    @property
    def person(self) -> Person:
        return self._bearer.person

    @property
    def person_id(self) -> PersonId:
        return self._bearer.person.id

    @property
    def session_id(self) -> SessionId | None:
        return self._bearer.session_id

    def answered(self, ref: str, frame: bytes) -> None:
        pending, around = self.session.duties.pending, self._around
        by = pending.by(ref)
        if pending.settle(ref):
            if by is not None:
                asked_at = by - around.settings.command_timeout_s
                around.tally.answers.observe(around.clock.monotonic() - asked_at)
            self.put(frame)
            self.read_on()

    def refused(self, ref: str, refusal: ChatError) -> None:
        self.do(self.session.refuse(ref, refusal))
        self.read_on()

    def lose_answers(self) -> None:
        self.do(self.session.duties.lose_answers())
        self.read_on()

    def rooms(self) -> set[RoomId]:
        return self.session.duties.places.rooms()

    def enter_room(self, room_id: RoomId) -> None:
        self.session.duties.places.entered(room_id)

    def mute_in_room(self, room_id: RoomId, until: float) -> None:
        self.session.duties.places.muted(room_id, until)

    def lose_room(self, room_id: RoomId, reason: str) -> None:
        self.do(self.session.lose_room(room_id, reason, self._around.clock.monotonic()))
        self.outbox.forget_room(room_id)

    def rename(self, name: str) -> None:
        self.session.rename(name)

    def report_lease(self) -> bool:
        return self._around.sending.report(self, LeaseChange.RENEWED)

    def end(self, code: CloseCode, reason: str = "") -> None:
        self.do(self.session.close(code, reason))

    # What its servants ask

    def do(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            perform(effect, self, self._around)
        self.look_again()

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.spawn(work)

    def ping(self) -> None:
        self.socket.ping()

    def part(self, code: CloseCode, reason: str) -> None:
        self._leave()
        self.socket.close(code, reason)

    def forget_room(self, room_id: RoomId) -> None:
        self.outbox.forget_room(room_id)

    def tell(self, frame: heard.Spoken) -> None:
        self.put(frame.stamped(rfc3339(self._around.clock.now())))

    def put(self, payload: bytes) -> None:
        self.outbox.put(framed([payload], self.outbox.form))

    def read_on(self) -> None:
        # While nothing was read the client could not show that it lives.
        self.session.watch.alive()
        self.socket.read_on()
        self.look_again()

    @property
    def is_loaded(self) -> bool:
        return is_loaded(self.outbox)

    async def paced(self) -> None:
        await self.socket.drained()

    # What the sweep and the end of the process ask

    def due(self, now: float) -> None:
        self._ledger.carry(self.outbox)
        self.socket.due(now)
        if self.socket.is_deaf:
            self.session.watch.alive()
        self.do(self.session.tick(now))

    def send_away(self, *, after_s: float) -> None:
        """Ask the client to go elsewhere; it is served for `after_s` seconds more."""
        now = self._around.clock.monotonic()
        self.do(self.session.leave("drain", after_s=after_s, now=now))

    def stop(self) -> None:
        """End at once: the process does."""
        self.socket.reset()

    @property
    def _bearer(self) -> Bearer:
        if self.session.bearer is None:
            raise RuntimeError("nobody has said whose connection this is")
        return self.session.bearer

    def _open(self, request: Request, bearer: Bearer | None) -> None:
        try:
            response = accept(self.socket.wire, request)
        except ChatError as refusal:
            self._refuse_handshake(refusal)
            return
        # The library holds on to the request for ever; most of it are its headers.
        request.headers.clear()
        around = self._around
        now = rfc3339(around.clock.now())
        hello = hello_of(
            around.settings, around.limits, connection_id=self.connection_id, server_time=now
        )
        self.socket.open(response, text_frame(hello.stamped(now)))
        if bearer is not None:
            self.do(self.session.present(bearer))

    async def _open_with(self, request: Request, token: str) -> None:
        try:
            bearer = await self._around.admitting.bearer(token, self.address)
        except ChatError as refusal:
            self._refuse_handshake(refusal)
        else:
            self._open(request, bearer)

    def _refuse_handshake(self, refusal: ChatError) -> None:
        log.info("handshake_refused", code=refusal.code, address=self.address)
        self._around.tally.pressure.refusals.labels(refusal.code).inc()
        self.socket.refuse(refuse(self.socket.wire, refusal))

    def _leave(self) -> None:
        """Be forgotten by everybody, once."""
        if self._has_left:
            return
        self._has_left = True
        self._tasks.cancel()
        self.do(self.session.end())
        around = self._around
        for room_id in self.session.duties.places.rooms():
            around.hub.leave(self, room_id)
        around.unattended.gone(self)
        around.people.remove(self)
        self._ledger.left(self.address, is_stranger=self.session.bearer is None)

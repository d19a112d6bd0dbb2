"""Somebody who listens over HTTP: to the hub and its servants the same as a connection.

Nothing is kept when it is over. The next visit of this client may be at any other gateway, so:

- To presence all visits of a session are one connection, which each of them reports and none ends.
- It is no lasting connection of its person: it does not count as one, nor is it ended for one.
"""

from collections.abc import Coroutine, Iterable, Sequence
from functools import partial
from typing import Final, Protocol

from starlette.types import Receive

from libs.common.chance import Chance
from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId, SessionId
from libs.common.contracts.people import Person
from libs.common.errors import ChatError
from libs.common.times import rfc3339
from services.gateway.connection.doing import perform
from services.gateway.connection.surroundings import Surroundings
from services.gateway.connection.tasks import Tasks
from services.gateway.core.bearer import Bearer
from services.gateway.core.effects import Attach, Effect, From, Report
from services.gateway.core.greeting import hello_of, ready_of
from services.gateway.core.loading import is_loaded
from services.gateway.core.outbox import Outbox, text_frame
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Session
from services.gateway.frames import heard

RETRY_S: Final = (1.0, 4.0)


class Taker(Protocol):
    """What becomes of what a visit hears."""

    def flush(self) -> None:
        """Note that something is in the outbox, or that it was too much (`is_over`)."""
        ...

    def on_resumed(self, frame: heard.Resumed) -> None:
        """Note that the rooms are attached, as far as they may be; what was held comes next."""
        ...

    def on_ping(self) -> None:
        """Show the client that the server lives."""
        ...

    def on_end(self, code: CloseCode, reason: str) -> None:
        """Note that the visit has to end."""
        ...

    async def paced(self) -> None:
        """Wait until the replay may go on."""
        ...


class Visit:
    """See the module. `lost` are rooms that were taken away from the listener."""

    def __init__(self, around: Surroundings, bearer: Bearer, taker: Taker, *, address: str) -> None:
        settings, now = around.settings, around.clock.monotonic()
        self.connection_id = ConnectionId(f"poll-{bearer.session_id or bearer.person.id}")
        self.address = address
        self.bearer = bearer
        self.lost: set[RoomId] = set()
        self.session = Session(
            self.connection_id,
            settings=settings,
            paces=around.paces,
            spread=around.chance.uniform(-1, 1),
            now=now,
        )
        self.session.enter(bearer, now)
        self.outbox = Outbox(
            max_frames=settings.backlog_frames,
            max_bytes=settings.backlog_bytes,
            max_states=settings.backlog_states,
            on_wanted=partial(around.flusher.add, taker),
        )
        self._around = around
        self._taker = taker
        self._tasks = Tasks(partial(self.end, CloseCode.OUR_FAULT))

    # From its beginning to its end

    def begin(self) -> None:
        """Be found by those who end sessions.  Raises: SessionRevoked.

        The body came since the token was looked at, and it may have taken its time.
        """
        self._around.admitting.check_revoked(self.bearer)
        self._around.people.add(self, max_of_person=None)

    async def greeting(self) -> tuple[heard.Hello, heard.Ready]:
        """Return what a connection begins with, each without a time.

        Raises: Unavailable, TimedOut, SessionRevoked.
        """
        around = self._around
        standings, presence_state = await around.admitting.look_up(self.bearer)
        around.unattended.begin(self, standings)
        hello = hello_of(
            around.settings,
            around.limits,
            connection_id=self.connection_id,
            server_time=rfc3339(around.clock.now()),
        )
        return hello, ready_of(self.bearer, standings, presence_state=presence_state, ref=None)

    def attach(self, rooms: Iterable[From]) -> None:
        """Begin to listen to these of the rooms that the token is good for.

        Raises: LimitExceeded.
        """
        own = self.bearer.room_id
        allowed = [room for room in rooms if own is None or room.room_id == own]
        self.session.duties.places.join(room.room_id for room in allowed)
        self.do([Attach(tuple(allowed), None, is_join=False)])

    def report(self) -> None:
        """Tell presence that this client is there, and where."""
        self.do([Report(LeaseChange.RENEWED)])

    def leave(self) -> None:
        """Be forgotten by everybody; what waits is dropped."""
        self._tasks.cancel()
        for room_id in self.session.duties.places.rooms():
            self._around.hub.leave(self, room_id)
        self._around.unattended.gone(self)
        self._around.people.remove(self)
        self.outbox.close()

    # What the hub tells

    @property
    def person(self) -> Person:
        return self.bearer.person

    @property
    def person_id(self) -> PersonId:
        return self.bearer.person.id

    @property
    def session_id(self) -> SessionId | None:
        return self.bearer.session_id

    def answered(self, ref: str, frame: bytes) -> None:
        """Commands do not come this way, so no answer does."""

    def refused(self, ref: str, refusal: ChatError) -> None:
        """As `answered`."""

    def lose_answers(self) -> None:
        """As `answered`."""

    def rooms(self) -> set[RoomId]:
        return self.session.duties.places.rooms()

    def enter_room(self, room_id: RoomId) -> None:
        self.session.duties.places.entered(room_id)

    def mute_in_room(self, room_id: RoomId, until: float) -> None:
        self.session.duties.places.muted(room_id, until)

    def lose_room(self, room_id: RoomId, reason: str) -> None:
        self.lost.add(room_id)
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
            # Its lease runs out by itself: the next poll may be on its way to another gateway.
            if effect != Report(LeaseChange.CLOSED):
                perform(effect, self, self._around)

    def spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.spawn(work)

    def ping(self) -> None:
        self._taker.on_ping()

    def part(self, code: CloseCode, reason: str) -> None:
        self._taker.on_end(code, reason)

    def forget_room(self, room_id: RoomId) -> None:
        self.outbox.forget_room(room_id)

    def tell(self, frame: heard.Spoken) -> None:
        if isinstance(frame, heard.Resumed):
            self._taker.on_resumed(frame)
        else:
            self.put(frame.stamped(rfc3339(self._around.clock.now())))

    def put(self, payload: bytes) -> None:
        self.outbox.put(text_frame(payload))

    def read_on(self) -> None:
        """There is nothing to read."""

    @property
    def is_loaded(self) -> bool:
        return is_loaded(self.outbox)

    async def paced(self) -> None:
        await self._taker.paced()


async def until_gone(receive: Receive) -> None:
    """Return when the client has gone away: behind the body nothing else can come."""
    while (await receive())["type"] != "http.disconnect":
        pass


def later_ms(chance: Chance) -> int:
    """Return after how long somebody who is refused is to come back: not all at the same time."""
    return round(1000 * chance.uniform(*RETRY_S))

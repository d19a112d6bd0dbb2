"""The rooms of one connection: which it listens to, which it is joining, where it is typing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.internal import RoomStanding
from libs.common.contracts.people import RoomRole
from libs.common.errors import NotFound
from libs.common.permissions.rules import NotMember
from services.gateway.core.refusals import Busy, LimitExceeded

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Place:
    """How this person stands in a room, as the log had it at `since`.

    `role=None`: listening to a public room. `muted_until` is in seconds since 1970.
    """

    role: RoomRole | None
    since: Seq
    muted_until: float

    @classmethod
    def of(cls, standing: RoomStanding) -> "Place":
        return cls(standing.role, standing.head_seq, standing.muted_until or 0.0)


class Places:
    """At most `limit` rooms, joining ones included."""

    __slots__ = ("_joining", "_limit", "_typing", "attached")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self.attached: dict[RoomId, Place] = {}
        self._joining: set[RoomId] = set()
        self._typing: dict[RoomId, float] = {}

    @property
    def due_at(self) -> float:
        """Return when the first typing expires. All last equally long, so the oldest is first."""
        return next(iter(self._typing.values()), NEVER)

    def rooms(self) -> set[RoomId]:
        """Return the rooms listened to and those on the way."""
        return self._joining | self.attached.keys()

    def join(self, rooms: Iterable[RoomId]) -> None:
        """Note that these are being joined, or joined anew.  Raises: Busy, LimitExceeded."""
        wanted = set(rooms)
        if wanted & self._joining:
            raise Busy
        if len(wanted | self._joining | self.attached.keys()) > self._limit:
            raise LimitExceeded
        self._joining |= wanted

    def joined(self, room_id: RoomId, place: Place | None) -> None:
        """Note how a join ended; `None`: without the room."""
        self._joining.discard(room_id)
        if place is None:
            self.attached.pop(room_id, None)
        else:
            self.attached[room_id] = place

    def entered(self, room_id: RoomId) -> None:
        """Note that somebody who listens from outside is a member now."""
        place = self.attached.get(room_id)
        if place is not None and place.role is None:
            self.attached[room_id] = replace(place, role=RoomRole.MEMBER)

    def muted(self, room_id: RoomId, until: float) -> None:
        """Note until when the person is muted in a room; 0: not at all."""
        place = self.attached.get(room_id)
        if place is not None:
            self.attached[room_id] = replace(place, muted_until=until)

    def stayed(self, room_id: RoomId) -> None:
        """Note that joining anew failed and nothing has changed."""
        self._joining.discard(room_id)

    def leave(self, room_id: RoomId) -> bool:
        """Forget a room; say whether somebody was shown as typing there."""
        self._joining.discard(room_id)
        self.attached.pop(room_id, None)
        return self._typing.pop(room_id, None) is not None

    def check_typing(self, room_id: RoomId) -> None:
        """Let only members type, where they listen.  Raises: NotFound, NotMember."""
        place = self.attached.get(room_id)
        if place is None:
            raise NotFound
        if place.role is None:
            raise NotMember

    def type(self, room_id: RoomId, until: float) -> None:
        """Note that somebody is typing until `until`."""
        self._typing.pop(room_id, None)
        self._typing[room_id] = until

    def stop_typing(self, room_id: RoomId) -> bool:
        """Note that somebody is typing no more; return False if nobody was."""
        return self._typing.pop(room_id, None) is not None

    def typed_out(self, now: float) -> list[RoomId]:
        """Forget and return the rooms in which the typing has expired."""
        over = [room_id for room_id, until in self._typing.items() if until <= now]
        for room_id in over:
            del self._typing[room_id]
        return over

    def typing(self) -> list[RoomId]:
        """Return the rooms in which somebody is shown as typing."""
        return list(self._typing)

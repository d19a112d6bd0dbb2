"""What each room is still to be told, and when.

    change --> waits in its room --> the room's window is over --> told, once for each person

The first change in a quiet room is told at once, and the window begins behind it: that is nearly
every change in nearly every room, and nobody waits for it. What comes within the window waits for
its end; of each person only how they are then. That is told even of who came and went meanwhile:
somebody may have joined between and heard of them. So a room is told at most once per window
however much happens in it.

The more people there are, the more frames one change costs and the less it says, so windows grow
with them; beyond `Windows.named_people` only their number is told. A room that was shown as a
number is told of everybody once a tenth less are left, so that one at the border does not change
its manner with every person.

`show` has a room told of everybody: after a start, and when somebody may have missed something.
Many rooms at once are shown one after the other, `shown_per_s` people a second.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final, Protocol

from libs.common.contracts.ids import PersonId, RoomId
from services.presence.model import Change, Notice, Seen

AGAIN_NAMED: Final = 0.9


class Crowd(Protocol):
    """Who is in a room, as the roster knows it."""

    is_whole: bool

    def count_in(self, room_id: RoomId) -> int: ...

    def seen_in(self, room_id: RoomId, *, at_most: int) -> tuple[Seen, ...]: ...


@dataclass(frozen=True, slots=True)
class Windows:
    """How often a room is told: every `small_s` with up to `small_people` there, every `large_s`
    with more; beyond `named_people` only the number.
    """

    small_s: float
    large_s: float
    small_people: int
    named_people: int

    def of(self, count: int) -> float:
        return self.small_s if count <= self.small_people else self.large_s


@dataclass(slots=True)
class _Room:
    """`told_count` is set while the room is told nothing but its number."""

    next_at: float
    waiting: dict[PersonId, Change] = field(default_factory=dict)
    told_count: int | None = None


class News:
    """`now` is monotonic, in seconds."""

    def __init__(self, windows: Windows, *, shown_per_s: float) -> None:
        self._windows = windows
        self._shown_per_s = shown_per_s
        self._rooms: dict[RoomId, _Room] = {}
        # Rooms in which a change waits, each once, by the end of their window: whoever looks what
        # is due, with each delivery, does not look at those of which nothing is.
        self._queue: list[tuple[float, RoomId]] = []
        self._to_show: dict[RoomId, None] = {}
        self._show_at = 0.0

    def add(self, changes: Iterable[Change], now: float) -> None:
        """Have rooms told of changes."""
        for change in changes:
            for room_id in change.rooms:
                room = self._room(room_id, now)
                if not room.waiting:
                    heappush(self._queue, (room.next_at, room_id))
                room.waiting[change.person_id] = change

    def show(self, rooms: Iterable[RoomId]) -> None:
        """Have rooms told of everybody who is there."""
        self._to_show |= dict.fromkeys(rooms)

    def due(self, crowd: Crowd, now: float) -> list[Notice]:
        """Return what is to be told now, and count it as told.

        What cannot be told is to be shown: nobody remembers what was in it.
        """
        notices = self._due_shows(crowd, now) if crowd.is_whole else []
        while self._queue and self._queue[0][0] <= now:
            _, room_id = heappop(self._queue)
            room = self._rooms[room_id]
            # Unless it was shown everybody just now.
            if room.waiting:
                notices += self._tell(room_id, room, crowd, now)
        return notices

    def forget_quiet(self, now: float) -> None:
        """Forget rooms whose window is over and of which nothing has to be remembered."""
        for room_id, room in list(self._rooms.items()):
            if room.next_at <= now and not room.waiting and room.told_count is None:
                del self._rooms[room_id]

    @property
    def room_count(self) -> int:
        """Return of how many rooms something is remembered."""
        return len(self._rooms)

    def _room(self, room_id: RoomId, now: float) -> _Room:
        return self._rooms.setdefault(room_id, _Room(next_at=now))

    def _due_shows(self, crowd: Crowd, now: float) -> list[Notice]:
        notices: list[Notice] = []
        self._show_at = max(self._show_at, now - self._windows.small_s)
        for room_id in list(self._to_show):
            if self._show_at > now:
                break
            room = self._room(room_id, now)
            if room.next_at <= now:
                del self._to_show[room_id]
                notice = self._everybody(room_id, room, crowd, now)
                self._show_at += (1 + len(notice.people)) / self._shown_per_s
                notices.append(notice)
        return notices

    def _tell(self, room_id: RoomId, room: _Room, crowd: Crowd, now: float) -> list[Notice]:
        count = crowd.count_in(room_id)
        if room.told_count is not None or count > self._windows.named_people:
            return self._recount(room_id, room, crowd, count, now)
        waiting = room.waiting.values()
        people = tuple(Seen(one.person_id, one.look, one.last_seen, one.rev) for one in waiting)
        room.waiting.clear()
        room.next_at = now + self._windows.of(count)
        return [Notice(room_id, people)]

    def _recount(
        self, room_id: RoomId, room: _Room, crowd: Crowd, count: int, now: float
    ) -> list[Notice]:
        """Tell a large room its number, unless it knows it; everybody once it is large no more."""
        room.waiting.clear()
        if not crowd.is_whole:
            # So far it is the number of those heard of, which is nobody's business.
            self.show([room_id])
            return []
        if count == room.told_count:
            return []
        return [self._everybody(room_id, room, crowd, now)]

    def _everybody(self, room_id: RoomId, room: _Room, crowd: Crowd, now: float) -> Notice:
        count = crowd.count_in(room_id)
        limit = self._windows.named_people * (1 if room.told_count is None else AGAIN_NAMED)
        room.waiting.clear()
        room.next_at = now + self._windows.of(count)
        room.told_count = count if count > limit else None
        people = () if count > limit else crowd.seen_in(room_id, at_most=count)
        return Notice(room_id, people, count)

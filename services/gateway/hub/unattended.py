"""Tells people how rooms stand in which they are and to which this connection does not listen.

    an event of such a room passes --> noted --> messages is asked how its members stand
                                                                     `--> `room_head` to each

Events stay undecoded: how much is unread, and what mentions whom, the owner of the log knows. A
room is asked about once a second at most and so many pairs a second in all; those that have to wait
hear how it stands then. When everybody listens to their rooms nothing is kept and nothing asked.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.events import Personal, RoomEvent, RoomHead
from libs.common.contracts.ids import PersonId, RoomId, Seq
from libs.common.contracts.internal import MAX_SUBJECTS, RoomStanding
from libs.common.errors import ChatError
from libs.common.times import rfc3339
from services.gateway.core.forms import Forms
from services.gateway.core.pressure import Pressure
from services.gateway.frames import heard
from services.gateway.hub.asking import Asking
from services.gateway.hub.hub import Hub
from services.gateway.hub.people import ENTERED
from services.gateway.hub.room import Listener

LEFT: Final = "room_removed"
"""The kind of frame that tells somebody of a room in which they are no more."""

LOOK_S: Final = 0.25

AGAIN_AFTER_S: Final = 1.0
"""How long nobody is told of a room after it was told of."""

KIND: Final = "room_head"


class _Room:
    """`listeners` belong to members and do not listen. `people` are still to be asked about."""

    __slots__ = ("head", "is_behind", "listeners", "people", "room_id", "told_at")

    def __init__(self, room_id: RoomId) -> None:
        self.room_id = room_id
        self.listeners: dict[Listener, None] = {}
        self.head = Seq(0)
        self.people: list[PersonId] = []
        self.is_behind = False
        self.told_at = float("-inf")


Pair = tuple[_Room, PersonId]


class Unattended:
    """`on_left_out` hears of each time that something is told later because of pressure."""

    def __init__(
        self,
        asking: Asking,
        hub: Hub,
        pressure: Pressure,
        *,
        per_s: float,
        on_left_out: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._asking = asking
        self._hub = hub
        self._pressure = pressure
        self._at_once = min(MAX_SUBJECTS, max(1, round(per_s * LOOK_S)))
        self._on_left_out = on_left_out
        self._clock = clock
        self._rooms: dict[RoomId, _Room] = {}
        self._of: dict[Listener, list[_Room]] = {}
        self._noted: dict[_Room, None] = {}
        self._has_some = asyncio.Event()

    def __len__(self) -> int:
        """Return how many rooms have members here that do not listen to them."""
        return len(self._rooms)

    def begin(self, listener: Listener, standings: Iterable[RoomStanding]) -> None:
        """Take in the rooms of somebody who listens to none of them yet."""
        for standing in standings:
            if standing.role is not None and standing.code is None:
                room = self._add(listener, standing.room_id)
                room.head = max(room.head, standing.head_seq)

    def add(self, listener: Listener, room_id: RoomId) -> None:
        """Tell a member's connection, which listens no more, how the room stands."""
        self._add(listener, room_id)

    def remove(self, listener: Listener, room_id: RoomId) -> None:
        """Tell a connection no more: it listens now, or is no member."""
        room = self._rooms.get(room_id)
        if room is None or listener not in room.listeners:
            return
        # What waits of the room is older than what it will hear now.
        listener.outbox.forget_room(room_id)
        rooms = self._of[listener]
        rooms.remove(room)
        if not rooms:
            del self._of[listener]
        self._take_out(listener, room)

    def gone(self, listener: Listener) -> None:
        """Forget a connection; harmless for one that never came."""
        for room in self._of.pop(listener, ()):
            self._take_out(listener, room)

    def on_moved(self, personal: Personal, listeners: Sequence[Listener]) -> None:
        """Take note that a person came into a room or left it."""
        if personal.room_id is None:
            return
        room_id = RoomId(personal.room_id)
        for listener in listeners:
            if personal.kind == LEFT:
                self.remove(listener, room_id)
            elif personal.kind == ENTERED and self._hub.position(listener, room_id) is None:
                self.add(listener, room_id)

    def on_head(self, head: RoomEvent | RoomHead) -> None:
        """Take note of how far a room goes."""
        room = self._rooms.get(head.room_id)
        if room is not None and head.seq > room.head:
            room.head = head.seq
            self._note(room)
            if self._pressure.leaves_out(KIND):
                self._on_left_out(KIND)

    async def run(self) -> None:
        """Ask and tell, for ever."""
        while True:
            await self._has_some.wait()
            await self._clock.sleep(LOOK_S)
            if self._pressure.leaves_out(KIND):
                continue
            pairs = self._take(self._clock.monotonic())
            if pairs:
                await self._ask(pairs)
            if not self._noted:
                self._has_some.clear()

    def _add(self, listener: Listener, room_id: RoomId) -> _Room:
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = _Room(room_id)
        if listener not in room.listeners:
            room.listeners[listener] = None
            self._of.setdefault(listener, []).append(room)
        return room

    def _take_out(self, listener: Listener, room: _Room) -> None:
        del room.listeners[listener]
        if not room.listeners:
            del self._rooms[room.room_id]
            self._noted.pop(room, None)

    def _note(self, room: _Room) -> None:
        room.is_behind = bool(room.people)
        self._noted[room] = None
        self._has_some.set()

    def _take(self, now: float) -> list[Pair]:
        """Return about whom to ask now, room by room in the order in which they were noted."""
        pairs: list[Pair] = []
        for room in list(self._noted):
            if now - room.told_at < AGAIN_AFTER_S:
                continue
            # A person may have several connections, and is asked about once.
            everybody = dict.fromkeys(one.person_id for one in room.listeners)
            room.people = room.people or list(everybody)
            left = self._at_once - len(pairs)
            pairs += [(room, person_id) for person_id in room.people[:left]]
            room.people = room.people[left:]
            if room.people:
                break
            del self._noted[room]
            if room.is_behind:
                self._note(room)
        return pairs

    async def _ask(self, pairs: Sequence[Pair]) -> None:
        asked = [(person_id, room.room_id) for room, person_id in pairs]
        try:
            standings = await self._asking.standings(asked)
        except ChatError:
            for room, person_id in pairs:
                if room.listeners:
                    room.people.append(person_id)
                    self._noted[room] = None
            await self._clock.sleep(AGAIN_AFTER_S)
            return
        by_room: dict[_Room, list[RoomStanding]] = defaultdict(list)
        for (room, _), standing in zip(pairs, standings, strict=True):
            by_room[room].append(standing)
        for room, of_room in by_room.items():
            self._tell(room, of_room)

    def _tell(self, room: _Room, standings: Iterable[RoomStanding]) -> None:
        if not room.people:
            room.told_at = self._clock.monotonic()
        of_person: dict[PersonId, list[Listener]] = defaultdict(list)
        for listener in room.listeners:
            of_person[listener.person_id].append(listener)
        for standing in standings:
            listeners = of_person[standing.person_id]
            if standing.role is None or standing.code is not None:
                for listener in listeners:
                    self.remove(listener, room.room_id)
                continue
            frames = Forms([self._frame(standing)])
            for listener in listeners:
                key = (KIND, room.room_id, room.room_id)
                listener.outbox.put_state(key, frames.of(listener.outbox.form))

    def _frame(self, standing: RoomStanding) -> bytes:
        shown = heard.HeadShown(
            head_seq=standing.head_seq, unread=standing.unread, mentions=standing.mentions
        )
        told = heard.RoomHead(room_id=standing.room_id, data=shown)
        return told.stamped(rfc3339(self._clock.now()))

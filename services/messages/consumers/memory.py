"""Rooms remembered from batch to batch, so that a message costs no reading.

A memory may be wrong: another instance may have written meanwhile. It is used to accept, never to
refuse, and the store compares before it writes. So nobody has to tell it anything, and what turns
out wrong is replaced by what was read then. Only a read cursor is not compared by anybody: one that
is beyond the head that is remembered is no reason to accept.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final

from libs.common.bus.topology import shard_of
from libs.common.contracts.ids import PersonId, RoomId
from services.messages.core.pace import Pace
from services.messages.core.wanted import is_enough
from services.messages.model.changes import Asked, Known
from services.messages.model.rooms import Member, Room

FULL_PACE: Final = Pace()


class Memory:
    """At most `max_rooms` rooms and `max_members` people in each; what was used last stays."""

    def __init__(self, *, max_rooms: int, max_members: int) -> None:
        self._max_rooms = max_rooms
        self._max_members = max_members
        self._rooms: OrderedDict[RoomId, Known] = OrderedDict()
        self._paces: OrderedDict[RoomId, Pace] = OrderedDict()

    def recall(self, room_id: RoomId, commands: Sequence[Asked]) -> Known | None:
        """Return what is remembered of a room if that is enough to accept these commands upon."""
        known = self._rooms.get(room_id)
        if known is None or known.room is None:
            return None
        head_seq, members = known.room.head_seq, known.members
        if not all(is_enough(members, asked, head_seq=head_seq) for asked in commands):
            return None
        return known

    def forget(self, shard: int, *, shards: int) -> None:
        """Forget the rooms of a shard, since another instance may have served it.

        That saves a round for each of their batches. What rooms were written to, and how fast, is
        as true as before.
        """
        for room_id in [one for one in self._rooms if shard_of(one, shards) == shard]:
            del self._rooms[room_id]

    def keep(self, known: Known, room: Room, *, changed: Mapping[PersonId, Member | None]) -> None:
        """Remember a room as it is after a decision upon `known` was written."""
        kept = self._rooms.get(room.id)
        if kept is None or kept.room != known.room:
            kept = self._rooms[room.id] = Known(None, {}, is_complete=False)
        if kept is not known:
            kept.members.update(known.members)
        kept.members.update(changed)
        kept.room = room
        self._rooms.move_to_end(room.id)
        if len(kept.members) > self._max_members:
            del self._rooms[room.id]
        elif len(self._rooms) > self._max_rooms:
            self._rooms.popitem(last=False)

    def pace(self, room_id: RoomId) -> Pace:
        return self._paces.get(room_id, FULL_PACE)

    def keep_pace(self, room_id: RoomId, pace: Pace) -> None:
        """Remember how fast a room is written to; it survives that the room is forgotten."""
        self._paces[room_id] = pace
        self._paces.move_to_end(room_id)
        if len(self._paces) > self._max_rooms:
            self._paces.popitem(last=False)

"""Which rooms this gateway serves, and how what comes from the bus finds its listeners.

Bytes in, bytes out: an event's frame is never decoded here, only its room and its seq are read. A
room is there for as long as somebody listens to it or is on the way in.
"""

from collections.abc import Sequence

from libs.common.clock import Clock
from libs.common.contracts.events import RoomEvent, RoomHead, Signal
from libs.common.contracts.ids import Epoch, RoomId, Seq
from libs.common.contracts.internal import RoomStanding
from libs.common.times import rfc3339
from services.gateway.core.apart import Apart
from services.gateway.core.outbox import text_frame
from services.gateway.core.stream import DIGEST_S, NEVER, SWAPPED_S
from services.gateway.frames.heard import Gap, GapReason, GapShown
from services.gateway.hub.joining import Allowance, Joining
from services.gateway.hub.room import Listener, Room


class Hub:
    """`apart` says who is never shown to whom."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.apart = Apart()
        self._rooms: dict[RoomId, Room] = {}
        self._with_holes: set[Room] = set()

    @property
    def room_ids(self) -> list[RoomId]:
        return list(self._rooms)

    def serves(self, room_id: RoomId) -> bool:
        return room_id in self._rooms

    @property
    def room_count(self) -> int:
        return len(self._rooms)

    @property
    def hole_count(self) -> int:
        """Return of how many rooms an event is missing at the moment."""
        return len(self._with_holes)

    def expect(self, listener: Listener, room_id: RoomId, allowance: Allowance) -> Joining:
        """Hold the room's events for a listener that is about to be let in."""
        room = self._rooms.get(room_id)
        if room is None:
            room = self._rooms[room_id] = Room(room_id)
        return room.expect(listener, allowance)

    def meet(self, joining: Joining, standing: RoomStanding) -> None:
        """Take in what the log said about a listener on the way in."""
        joining.since = standing.head_seq
        room = self._rooms[standing.room_id]
        if room.stream.last is None:
            now = self._clock.monotonic()
            self._deliver(room, room.stream.start(standing.head_seq, standing.epoch, now))
        elif room.stream.epoch != standing.epoch:
            room.cancel_joining(but=joining)
            self.give_up(room, standing.head_seq, standing.epoch, "epoch")

    def is_next(self, room_id: RoomId, joining: Joining) -> bool:
        """Tell whether the listener can go live without a hole."""
        return joining.is_next(self._rooms[room_id].stream.last)

    def go_live(self, listener: Listener, room_id: RoomId, joining: Joining) -> None:
        self._rooms[room_id].go_live(listener, joining)
        self._forget_if_empty(room_id)

    def leave(self, listener: Listener, room_id: RoomId) -> None:
        """Send this listener nothing more of the room."""
        room = self._rooms.get(room_id)
        if room is not None:
            room.leave(listener)
            self._forget_if_empty(room_id)

    def head_of(self, room_id: RoomId) -> Seq:
        """Return how far the room was told here; 0 when nobody listens."""
        room = self._rooms.get(room_id)
        return (room.stream.last if room else None) or Seq(0)

    def position(self, listener: Listener, room_id: RoomId) -> tuple[Seq, Epoch] | None:
        """Return how far a live listener has heard a room; None for others."""
        room = self._rooms.get(room_id)
        if room is None or room.stream.last is None or listener not in room.live:
            return None
        return room.stream.last, room.stream.epoch

    def reached(self, listener: Listener, room_id: RoomId) -> tuple[Seq, Epoch] | None:
        """Return up to where a listener was sent a room or told a gap, also on the way in; None
        when that is not known yet, and for others.
        """
        room = self._rooms.get(room_id)
        joining = room.joining.get(listener) if room else None
        if joining is None:
            return self.position(listener, room_id)
        return None if joining.epoch is None else (joining.position, joining.epoch)

    def on_events(self, events: Sequence[RoomEvent]) -> int:
        """Deliver events of one room when it is their turn; return how many frames that were, once
        for each reader.
        """
        room = self._rooms.get(events[0].room_id)
        if room is None:
            return 0
        now = self._clock.monotonic()
        return self._deliver(
            room, [ready for event in events for ready in room.stream.offer(event, now)]
        )

    def on_signal(self, signal: Signal) -> int:
        """Deliver a signal; return how many outboxes it went into."""
        room = self._rooms.get(signal.room_id)
        return 0 if room is None else room.signal(signal, self.apart)

    def on_head(self, head: RoomHead) -> None:
        """Compare a digest with what was heard."""
        self.compare(head.room_id, head.seq, patience_s=DIGEST_S)

    def compare(self, room_id: RoomId, head: Seq, *, patience_s: float = SWAPPED_S) -> None:
        """Compare how far the log goes with what was heard."""
        room = self._rooms.get(room_id)
        if room is not None:
            room.stream.hear_head(head, self._clock.monotonic(), patience_s=patience_s)
            self._note_hole(room)

    def due(self, now: float) -> list[Room]:
        """Return the rooms with a hole that is worth a question to the log."""
        due = [room for room in self._with_holes if room.stream.due_at <= now]
        self._with_holes.difference_update(due)
        return due

    def repair(self, room: Room, events: list[RoomEvent]) -> None:
        """Close a hole with what the log said; nothing, if it could not be asked."""
        if self._rooms.get(room.room_id) is room:
            self._deliver(room, room.stream.answered(events, self._clock.monotonic()))

    def give_up(self, room: Room, head: Seq, epoch: Epoch, reason: GapReason) -> None:
        """Tell all listeners that everything up to `head` will not come, and go on from there.

        Those on their way in find the hole themselves, when they want to go live.
        """
        if self._rooms.get(room.room_id) is not room:
            return
        room.promote_waiting()
        after = Seq(0) if reason == "epoch" else room.stream.last or Seq(0)
        shown = GapShown(from_seq=Seq(after + 1), to_seq=head, reason=reason)
        gap = Gap(room_id=room.room_id, data=shown).stamped(rfc3339(self._clock.now()))
        room.tell_live(text_frame(gap))
        self._deliver(room, room.stream.skip(head, epoch, self._clock.monotonic()))

    def _deliver(self, room: Room, events: list[RoomEvent]) -> int:
        count = room.deliver(events) if events else 0
        self._note_hole(room)
        if events:
            self._forget_if_empty(room.room_id)
        return count

    def _note_hole(self, room: Room) -> None:
        if room.stream.due_at != NEVER:
            self._with_holes.add(room)

    def _forget_if_empty(self, room_id: RoomId) -> None:
        room = self._rooms.get(room_id)
        if room is not None and room.is_empty:
            del self._rooms[room_id]
            self._with_holes.discard(room)

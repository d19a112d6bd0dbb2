"""One room as this gateway serves it: its stream, and who hears it.

An event becomes one WebSocket frame and goes as it is into the outbox of each listener; who can
read another form gets that one, also made once. Nothing here awaits, and nothing a listener does in
return changes the room while it is gone through.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, TypeVar

from msgspec import structs

from libs.common.contracts.events import RoomEvent, Signal
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId, SessionId
from libs.common.errors import ChatError
from services.gateway.core.apart import Apart, without
from services.gateway.core.forms import Forms, framed
from services.gateway.core.outbox import PLAIN, Outbox, StateKey, text_frame
from services.gateway.core.refusals import CloseCode
from services.gateway.core.stream import RoomStream
from services.gateway.hub.joining import Allowance, Joining, detaches

T = TypeVar("T")


class Listener(Protocol):
    """One connection, as far as the hub is concerned."""

    @property
    def connection_id(self) -> ConnectionId: ...

    @property
    def person_id(self) -> PersonId: ...

    @property
    def session_id(self) -> SessionId | None: ...

    @property
    def outbox(self) -> Outbox: ...

    def rooms(self) -> Iterable[RoomId]:
        """Return the rooms that are listened to, or will be soon."""
        ...

    def enter_room(self, room_id: RoomId) -> None:
        """Note that this person is a member of the room now."""
        ...

    def mute_in_room(self, room_id: RoomId, until: float) -> None:
        """Note until when this person is muted there, in seconds since 1970; 0: not at all."""
        ...

    def lose_room(self, room_id: RoomId, reason: str) -> None:
        """Tell the client that it hears this room no more."""
        ...

    def answered(self, ref: str, frame: bytes) -> None:
        """Pass on the answer to a command, if it is still waited for."""
        ...

    def refused(self, ref: str, refusal: ChatError) -> None:
        """Answer a command that nobody will obey, if it is still waited for."""
        ...

    def lose_answers(self) -> None:
        """Let the client ask again: answers may have been lost on their way."""
        ...

    def rename(self, name: str) -> None:
        """Call the person by another name."""
        ...

    def report_lease(self) -> bool:
        """Tell presence that this connection lives; return False if that was not taken."""
        ...

    def end(self, code: CloseCode, reason: str) -> None:
        """Close the connection."""
        ...


class Room:
    """`live` hear everything at once, `joining` are on their way in."""

    __slots__ = ("_formed", "joining", "live", "room_id", "stream")

    def __init__(self, room_id: RoomId) -> None:
        self.room_id = room_id
        self.stream = RoomStream()
        self.live: dict[Listener, Outbox] = {}
        self.joining: dict[Listener, Joining] = {}
        # Who of `live` can read another form. As long as there is nobody, nothing is chosen for
        # each delivery.
        self._formed: set[Listener] = set()

    @property
    def is_empty(self) -> bool:
        return not self.live and not self.joining

    def expect(self, listener: Listener, allowance: Allowance) -> Joining:
        """Hold what comes for this listener from now on, also if it was live."""
        self._mute(listener)
        joining = self.joining[listener] = Joining(allowance)
        return joining

    def go_live(self, listener: Listener, joining: Joining) -> None:
        """Send what was held, and from now on everything."""
        for event in joining.take():
            listener.outbox.put(framed([event.frame], listener.outbox.form))
            joining.position = event.seq
            if joining.ends_with(event.seq, event.detach, listener.person_id):
                self._drop(listener, event.reason)
                return
        if joining.out is not None and joining.out.seq > joining.since:
            # It was let go, and what is told instead of it is a gap.
            self._drop(listener, joining.out.reason)
            return
        for key, frame in joining.take_states().items():
            listener.outbox.put_state(key, frame)
        if self.stream.last is not None and self.stream.last >= joining.position:
            self._promote(listener)

    def leave(self, listener: Listener) -> None:
        """Send this listener nothing more."""
        self._mute(listener)
        joining = self.joining.pop(listener, None)
        if joining is not None:
            joining.is_cancelled = True
            joining.let_go()

    def deliver(self, events: Sequence[RoomEvent]) -> int:
        """Hand events to all who listen, and let go whom they take out of the room.

        Return how many frames went into outboxes. Several events that concern nobody in particular
        go as one piece: in a busy room that is most of the cost.
        """
        if not self.joining and not any(event.detach for event in events):
            return self._deliver_together(events)
        return sum(self._deliver_alone(event) for event in events)

    def _deliver_together(self, events: Sequence[RoomEvent]) -> int:
        self._put([event.frame for event in events])
        return len(events) * len(self.live)

    def _deliver_alone(self, event: RoomEvent) -> int:
        self._put([event.frame])
        count = len(self.live)
        if self.joining:
            count += self._deliver_to_joining(event)
        if event.detach is not None:
            for listener in [one for one in self.live if detaches(event.detach, one.person_id)]:
                self._drop(listener, event.reason)
        return count

    def signal(self, signal: Signal, apart: Apart) -> int:
        """Hand a signal to all live listeners but its sender, and those from whom its person is
        hidden; return how many outboxes it went into. A state is held for those on their way in.
        """
        if apart and signal.person_id == signal.room_id:
            return self._signal_of_many(signal, apart)
        hidden = apart.of(signal.person_id)
        if not hidden:
            return self._pass_on(signal, self.live, self.joining)
        return self._pass_on(signal, _seeing(self.live, hidden), _seeing(self.joining, hidden))

    def _signal_of_many(self, signal: Signal, apart: Apart) -> int:
        """Hand a signal that names many people to each without those hidden from them."""
        count = 0
        by_hidden: dict[frozenset[PersonId], set[Listener]] = {}
        for listener in (*self.live, *self.joining):
            by_hidden.setdefault(frozenset(apart.of(listener.person_id)), set()).add(listener)
        for hidden, listeners in by_hidden.items():
            count += self._pass_on(
                structs.replace(signal, frame=without(signal.frame, hidden)) if hidden else signal,
                {one: outbox for one, outbox in self.live.items() if one in listeners},
                {one: joining for one, joining in self.joining.items() if one in listeners},
            )
        return count

    def _pass_on(
        self,
        signal: Signal,
        live: Mapping[Listener, Outbox],
        joining: Mapping[Listener, Joining],
    ) -> int:
        frame = text_frame(signal.frame)
        forms = Forms([signal.frame]) if self._formed else None
        # A presence frame names no room, so a person seen in two rooms is told once.
        place = signal.person_id if signal.kind == "presence" else signal.room_id
        key = (signal.kind, place, signal.person_id)
        is_typing, not_to = signal.kind == "typing", signal.not_to
        for listener, outbox in live.items():
            if listener.connection_id == not_to:
                continue
            told = frame if forms is None else forms.of(outbox.form)
            if is_typing:
                outbox.put_typing(key, told)
            else:
                outbox.put_state(key, told)
        if joining and not is_typing:
            self._hold_state(joining, key, frame)
        return len(live)

    def tell_live(self, frame: bytes) -> None:
        """Hand a frame of our own to all live listeners."""
        for outbox in self.live.values():
            outbox.put(frame)

    def promote_waiting(self) -> None:
        """Take those who wait for the bus to catch up with the log as live."""
        for listener in [one for one, at in self.joining.items() if not at.is_holding]:
            self._promote(listener)

    def cancel_joining(self, *, but: Joining) -> None:
        """Turn back all on their way in but one: what they know of the room is void."""
        for listener in [one for one, at in self.joining.items() if at is not but]:
            self.leave(listener)

    def _put(self, payloads: Sequence[bytes]) -> None:
        count = len(payloads)
        if self._formed:
            forms = Forms(payloads)
            for outbox in self.live.values():
                outbox.put(forms.of(outbox.form), count)
            return
        frames = b"".join([text_frame(payload) for payload in payloads])
        for outbox in self.live.values():
            outbox.put(frames, count)

    def _deliver_to_joining(self, event: RoomEvent) -> int:
        forms, count = Forms([event.frame]), 0
        for listener, joining in list(self.joining.items()):
            if joining.is_holding:
                joining.hold(event, listener.person_id)
            elif event.seq > joining.position:
                listener.outbox.put(forms.of(listener.outbox.form))
                self._promote(listener)
                count += 1
        return count

    def _hold_state(self, joining: Mapping[Listener, Joining], key: StateKey, frame: bytes) -> None:
        for listener, way in list(joining.items()):
            if not way.is_holding:
                listener.outbox.put_state(key, frame)
            elif not way.hold_state(key, frame):
                self.leave(listener)

    def _promote(self, listener: Listener) -> None:
        del self.joining[listener]
        self.live[listener] = listener.outbox
        if listener.outbox.form != PLAIN:
            self._formed.add(listener)

    def _mute(self, listener: Listener) -> None:
        self.live.pop(listener, None)
        self._formed.discard(listener)

    def _drop(self, listener: Listener, reason: str | None) -> None:
        self.leave(listener)
        listener.lose_room(self.room_id, reason or "removed")


def _seeing(listeners: Mapping[Listener, T], hidden: AbstractSet[PersonId]) -> dict[Listener, T]:
    """Return those from whom nobody is hidden here."""
    return {one: each for one, each in listeners.items() if one.person_id not in hidden}

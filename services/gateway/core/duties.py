"""What a gateway does for somebody it knows: which effect each command has.

Commands for the owner of a room or of a person go on to the bus; their answer comes back with the
`ref`. What concerns this one connection (its rooms, its typing, its token) is done here.
"""

from collections.abc import Iterable

from libs.common.contracts.ids import CommandId, ConnectionId, RoomId
from libs.common.errors import Invalid, TimedOut
from libs.common.permissions.scopes import check_scope
from services.gateway.core import effects as do
from services.gateway.core.bearer import Bearer
from services.gateway.core.orders import order_of
from services.gateway.core.pace import Pace
from services.gateway.core.pending import Pending
from services.gateway.core.places import Places
from services.gateway.core.scopes import SCOPES
from services.gateway.frames import heard, said
from services.gateway.settings import GatewaySettings

Effects = list[do.Effect]


class Duties:
    """The commands in flight and the rooms of one connection."""

    __slots__ = ("_connection_id", "_count", "_pace", "_settings", "pending", "places")

    def __init__(
        self, connection_id: ConnectionId, *, settings: GatewaySettings, pace: Pace
    ) -> None:
        self.pending = Pending()
        self.places = Places(settings.rooms_attached)
        self._connection_id = connection_id
        self._settings = settings
        self._pace = pace
        self._count = 0

    def obey(self, frame: said.Known, bearer: Bearer, now: float) -> Effects:
        """Return what a frame asks for.  Raises: ChatError, and then nothing is to be done."""
        check_scope(bearer.scopes, SCOPES.get(type(frame)))
        self._pace.take(frame, bearer.person.id, now)
        match frame:
            case said.JoinRoom(data=data):
                wanted = do.From(data.room_id, data.after_seq, data.epoch)
                effects = self._attach((wanted,), bearer, frame.ref, is_join=True)
            case said.Resume(data=data):
                effects = self.resume(data.rooms, bearer, frame.ref)
            case said.LeaveRoom(data=data):
                effects = self._leave(data.room_id, frame.ref)
            case said.Sync(data=data):
                effects = self._sync(data, bearer, frame.ref)
            case said.Refresh(data=data):
                self.pending.open(frame.ref)
                effects = [do.Renew(data.token, frame.ref)]
            case said.Typing(data=data):
                effects = self._type(data, frame.ref, now)
            case _:
                effects = self._submit(frame, bearer, now)
        return effects

    def resume(self, cursors: Iterable[said.Cursor], bearer: Bearer, ref: str | None) -> Effects:
        """Attach to all these rooms, each from its cursor; of two for one room the last counts."""
        rooms = {at.room_id: do.From(at.room_id, at.seq, at.epoch) for at in cursors}
        return self._attach(tuple(rooms.values()), bearer, ref, is_join=False)

    def lose_room(self, room_id: RoomId) -> Effects:
        """Forget a room that this person may hear no more."""
        if self.places.leave(room_id):
            return [do.ShowTyping(room_id, is_typing=False)]
        return []

    def stop_typing(self) -> Effects:
        """Take back what others were shown."""
        return [do.ShowTyping(room_id, is_typing=False) for room_id in self.places.typing()]

    def lose_answers(self) -> Effects:
        """Let the client ask again: the answers to its commands may have been lost on their way."""
        return [do.refused(TimedOut(), ref) for ref in self.pending.take_commands()]

    def tick(self, now: float) -> Effects:
        """Answer for those who did not, and end typing that nobody said again."""
        late = [do.refused(TimedOut(), ref) for ref in self.pending.overdue(now)]
        typed_out = [do.ShowTyping(room, is_typing=False) for room in self.places.typed_out(now)]
        return [*late, *typed_out]

    def _attach(
        self, rooms: tuple[do.From, ...], bearer: Bearer, ref: str | None, *, is_join: bool
    ) -> Effects:
        for room in rooms:
            bearer.check_room(room.room_id)
        self.places.join(room.room_id for room in rooms)
        if ref is not None:
            self.pending.open(ref)
        return [do.Attach(rooms, ref, is_join)]

    def _leave(self, room_id: RoomId, ref: str) -> Effects:
        left = heard.RoomLeftShown(room_id=room_id, reason="client")
        place = self.places.attached.get(room_id)
        is_member = place is not None and place.role is not None
        return [
            *self.lose_room(room_id),
            do.Detach(room_id, is_member),
            do.Tell(heard.RoomLeft(ref=ref, data=left)),
        ]

    def _sync(self, data: said.SyncPart, bearer: Bearer, ref: str) -> Effects:
        bearer.check_room(data.room_id)
        if data.limit > self._settings.sync_limit:
            raise Invalid(fields={"data.limit": f"must be at most {self._settings.sync_limit}"})
        self.pending.open(ref)
        return [do.ReadLog(data.room_id, data.after_seq, data.limit, ref)]

    def _type(self, data: said.TypingPart, ref: str | None, now: float) -> Effects:
        self.places.check_typing(data.room_id)
        effects: Effects = [] if ref is None else [do.Tell(heard.Acked(ref=ref))]
        if data.is_typing:
            self._pace.take_typing(data.room_id, now)
            self.places.type(data.room_id, now + self._settings.typing_expires_ms / 1000)
        elif not self.places.stop_typing(data.room_id):
            return effects
        return [*effects, do.ShowTyping(data.room_id, data.is_typing)]

    def _submit(self, frame: said.Order, bearer: Bearer, now: float) -> Effects:
        if isinstance(frame, said.SetPresence):
            bearer.check_chooses()
        else:
            bearer.check_room(frame.data.room_id)
        subject, payload = order_of(frame, bearer.person.id)
        if frame.ref is not None:
            self.pending.add(frame.ref, by=now + self._settings.command_timeout_s)
        return [do.Submit(subject, payload, self._command_id(frame), frame.ref)]

    def _command_id(self, frame: said.Order) -> CommandId:
        """Return what makes a repeat on the bus harmless.

        A ref may be used again for another command, so it is no part of the id: the count is.
        """
        if isinstance(frame, said.SendMessage):
            return frame.data.client_msg_id
        self._count += 1
        return CommandId(f"{self._connection_id}-{self._count}")

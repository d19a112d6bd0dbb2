"""Which command of the bus a frame stands for."""

from uuid import UUID

from libs.common.contracts import commands
from libs.common.contracts.ids import PersonId
from services.gateway.frames import said


def order_of(frame: said.Order, person_id: PersonId) -> tuple[UUID, commands.Payload]:
    """Return whose owner is to obey, a room's or the person's own, and what."""
    if isinstance(frame, said.SetPresence):
        return person_id, commands.SetPresence(frame.data.state, frame.data.status_text)
    return frame.data.room_id, _payload(frame)


def _payload(frame: said.RoomOrder) -> commands.Payload:
    payload: commands.Payload
    match frame:
        case said.SendMessage(data=data):
            payload = commands.PostMessage(data.content, data.reply_to, data.thread_root)
        case said.EditMessage(data=data):
            payload = commands.EditMessage(data.message_id, data.content, data.expected_rev)
        case said.DeleteMessage(data=data):
            payload = commands.DeleteMessage(data.message_id)
        case said.AddReaction(data=data):
            payload = commands.AddReaction(data.message_id, data.emoji)
        case said.RemoveReaction(data=data):
            payload = commands.RemoveReaction(data.message_id, data.emoji)
        case _:
            payload = commands.MarkRead(frame.data.seq)
    return payload

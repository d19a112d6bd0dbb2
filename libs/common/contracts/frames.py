"""What clients hear about rooms and people: the JSON that goes out as it stands.

The owner of a fact writes its frame once; gateways pass the bytes on unread. These models are the
wire truth of `chat.v1` for everything that does not depend on one connection; what does (`hello`,
`ready`, `resumed` ...) is in `services/gateway/frames.py`.

Law: additive only. Clients ignore types and fields that they do not know; so do services, which
find some of these values in a log that a newer release has written too.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict

from libs.common.contracts.acks import Acknowledged, ProblemShown, Shows
from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Frame(_Part):
    """One text message of the socket. `ts` is the server's clock, RFC 3339 in UTC."""

    type: str
    ts: str

    def encode(self) -> bytes:
        """Return the frame as JSON; members without a value are left out."""
        return self.model_dump_json(exclude_none=True).encode()


class Durable(Frame):
    """An entry of a room's log."""

    room_id: RoomId
    seq: Seq


class OfRoom(Frame):
    """A signal about a room: no seq, and the next one makes it worthless."""

    room_id: RoomId


class PersonShown(_Part):
    kind: PersonKind
    id: PersonId
    name: str

    @classmethod
    def of(cls, person: Person) -> "PersonShown":
        return cls(kind=person.kind, id=person.id, name=person.name)


class MessageShown(_Part):
    """A message as it is now. One that was deleted keeps its place and has no content."""

    id: MessageId
    author: PersonShown
    content: str
    format: Literal["markdown"] = "markdown"
    created_at: str
    rev: int
    edited_at: str | None = None
    deleted_at: str | None = None
    reply_to: MessageId | None = None
    thread_root: MessageId | None = None
    attachments: tuple[str, ...] = ()
    mentions: tuple[PersonId, ...] = ()
    client_msg_id: str


class MessageFrame(Durable):
    type: Literal["message"] = "message"
    data: MessageShown


class EditShown(_Part):
    """`content` is empty when the message was deleted since."""

    id: MessageId
    content: str
    rev: int
    by: PersonId
    edited_at: str
    deleted_at: str | None = None


class MessageEdited(Durable):
    type: Literal["message_edited"] = "message_edited"
    data: EditShown


class DeletionShown(_Part):
    """`author` is what to call the author from now on, when they were erased."""

    id: MessageId
    by: PersonId
    deleted_at: str
    author: PersonShown | None = None


class MessageDeleted(Durable):
    type: Literal["message_deleted"] = "message_deleted"
    data: DeletionShown


class ReactionShown(_Part):
    message_id: MessageId
    person: PersonShown
    emoji: str


class ReactionAdded(Durable):
    type: Literal["reaction_added"] = "reaction_added"
    data: ReactionShown


class ReactionRemoved(Durable):
    type: Literal["reaction_removed"] = "reaction_removed"
    data: ReactionShown


class MemberShown(_Part):
    person: PersonShown
    role: RoomRole | None = None
    reason: Departure | None = None


class MemberJoined(Durable):
    type: Literal["member_joined"] = "member_joined"
    data: MemberShown


class MemberUpdated(Durable):
    type: Literal["member_updated"] = "member_updated"
    data: MemberShown


class MemberLeft(Durable):
    type: Literal["member_left"] = "member_left"
    data: MemberShown


class RoomShown(_Part):
    """`opens_at` and `closes_at` are RFC 3339; without them the room has no such time.

    `is_locked`: nobody comes in any more.
    """

    kind: RoomKind
    state: RoomState
    title: str
    topic: str
    slow_mode_s: int
    opens_at: str | None = None
    closes_at: str | None = None
    is_locked: bool = False


class RoomUpdated(Durable):
    type: Literal["room_updated"] = "room_updated"
    data: RoomShown


class RoomOpened(Durable):
    """A room that was scheduled is open now."""

    type: Literal["room_opened"] = "room_opened"
    data: RoomShown


class RoomClosed(Durable):
    """The room's time is over: it can be read and not written to."""

    type: Literal["room_closed"] = "room_closed"
    data: RoomShown


class RoomDeleted(Durable):
    type: Literal["room_deleted"] = "room_deleted"
    data: RoomShown


EntryFrame = (
    MessageFrame
    | MessageEdited
    | MessageDeleted
    | ReactionAdded
    | ReactionRemoved
    | MemberJoined
    | MemberUpdated
    | MemberLeft
    | RoomUpdated
    | RoomOpened
    | RoomClosed
    | RoomDeleted
)
"""What one seq of a room's log may be."""


class RoomCard(_Part):
    """A room in somebody's list."""

    room_id: RoomId
    kind: RoomKind
    title: str
    topic: str
    role: RoomRole


class RoomAdded(Frame):
    """To every connection of a person who is a member now, attached or not."""

    type: Literal["room_added"] = "room_added"
    room_id: RoomId
    data: RoomCard


class RemovalShown(_Part):
    room_id: RoomId
    reason: Departure | Literal["deleted"]


class RoomRemoved(Frame):
    type: Literal["room_removed"] = "room_removed"
    room_id: RoomId
    data: RemovalShown


class ReceiptShown(_Part):
    person_id: PersonId
    read_seq: Seq


class Receipt(OfRoom):
    type: Literal["receipt"] = "receipt"
    data: ReceiptShown


class PresenceShown(_Part):
    person_id: PersonId
    state: Literal["online", "away", "dnd", "offline"]
    status_text: str | None = None
    last_seen: str | None = None
    rev: int


class Presence(Frame):
    """One person's state. It is the same for all rooms, so the frame names none."""

    type: Literal["presence"] = "presence"
    data: PresenceShown


class RoomPresenceShown(_Part):
    """Everybody who is there; of too many to name only the number."""

    users: tuple[PresenceShown, ...]
    online_count: int


class RoomPresence(OfRoom):
    """Who is in a room, in the place of what was known of it before."""

    type: Literal["presence"] = "presence"
    data: RoomPresenceShown


class TypingShown(_Part):
    person_id: PersonId
    is_typing: bool
    expires_in_ms: int


class Typing(OfRoom):
    type: Literal["typing"] = "typing"
    data: TypingShown


class Ack(Frame):
    """The one positive answer to the command with this `ref`."""

    type: Literal["ack"] = "ack"
    ref: str
    data: Annotated[dict[str, Any], Shows(Acknowledged)]


class ErrorFrame(Frame):
    """The one negative answer, or, without a `ref`, a complaint of the server."""

    type: Literal["error"] = "error"
    ref: str | None = None
    data: Annotated[dict[str, Any], Shows(ProblemShown)]

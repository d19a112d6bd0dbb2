"""What a client may say: one model per command, one union of them all.

Strict: unknown fields, numbers as text, fractions as integers and control characters are refused.
A field whose limit is a setting is checked later, by the session.

See: docs/protocol.md, sections 2 and 4.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, FailFast, Field, StringConstraints, model_validator

from libs.common.contracts.ids import CommandId, Epoch, MessageId, RoomId, Seq
from libs.common.contracts.people import ChosenState

MAX_CURSORS = 200
"""Rooms in one `resume`; as many as one connection may be attached to."""

MAX_SEQ = 2**53 - 1
"""The largest integer that every client language holds exactly."""

MAX_SYNC = 200

Ref = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]
Position = Annotated[Seq, Field(ge=0, le=MAX_SEQ)]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,4096}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
Content = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x08\x0b-\x1f]+$")]
"""Of the control characters only tab and line feed; no NUL, which Postgres cannot hold."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Said(Part):
    """A frame of a client. `ref` comes back with the one answer."""

    type: str
    ref: Ref | None = None


class Command(Said):
    """A frame that always has an answer."""

    ref: Ref


class Cursor(Part):
    """How far a client has got in a room."""

    room_id: RoomId
    seq: Position
    epoch: Annotated[Epoch, Field(max_length=64)]


Cursors = Annotated[tuple[Cursor, ...], FailFast(), Field(max_length=MAX_CURSORS)]
"""Lists fail fast: to name 30,000 faults of one frame took a tenth of a second."""


class Client(Part):
    name: Word
    version: Word
    platform: Word


class AuthPart(Part):
    token: Token | None = None
    resume: Cursors = ()
    features: Annotated[tuple[Literal["batch"], ...], FailFast(), Field(max_length=1)] = ()
    client: Client | None = None


class Auth(Command):
    type: Literal["auth"]
    data: AuthPart = AuthPart()


class RefreshPart(Part):
    token: Token


class Refresh(Command):
    type: Literal["refresh"]
    data: RefreshPart


class ResumePart(Part):
    rooms: Cursors


class Resume(Command):
    type: Literal["resume"]
    data: ResumePart


class JoinPart(Part):
    room_id: RoomId
    after_seq: Position | None = None
    epoch: Annotated[Epoch, Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _epoch_says_which_seq(self) -> Self:
        if self.after_seq is not None and self.epoch is None:
            raise ValueError("epoch is required with after_seq")
        return self


class JoinRoom(Command):
    type: Literal["join_room"]
    data: JoinPart


class RoomPart(Part):
    room_id: RoomId


class LeaveRoom(Command):
    type: Literal["leave_room"]
    data: RoomPart


class SendPart(Part):
    """`attachments` is there for clients that always send it: nothing can be attached yet."""

    room_id: RoomId
    client_msg_id: Annotated[CommandId, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    content: Content
    reply_to: MessageId | None = None
    thread_root: MessageId | None = None
    attachments: Annotated[tuple[str, ...], FailFast(), Field(max_length=0)] = ()


class SendMessage(Command):
    type: Literal["send_message"]
    data: SendPart


class EditPart(Part):
    room_id: RoomId
    message_id: MessageId
    content: Content
    expected_rev: Annotated[int, Field(ge=0, le=MAX_SEQ)] | None = None


class EditMessage(Command):
    type: Literal["edit_message"]
    data: EditPart


class MessagePart(Part):
    room_id: RoomId
    message_id: MessageId


class DeleteMessage(Command):
    type: Literal["delete_message"]
    data: MessagePart


class ReactionPart(MessagePart):
    emoji: Word


class AddReaction(Command):
    type: Literal["add_reaction"]
    data: ReactionPart


class RemoveReaction(Command):
    type: Literal["remove_reaction"]
    data: ReactionPart


class TypingPart(Part):
    room_id: RoomId
    is_typing: bool


class Typing(Said):
    type: Literal["typing"]
    data: TypingPart


class ReadPart(Part):
    room_id: RoomId
    seq: Annotated[Seq, Field(ge=1, le=MAX_SEQ)]


class Read(Said):
    type: Literal["read"]
    data: ReadPart


class PresencePart(Part):
    state: ChosenState
    status_text: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{0,128}$")] | None = (
        None
    )


class SetPresence(Command):
    type: Literal["set_presence"]
    data: PresencePart


class SyncPart(Part):
    room_id: RoomId
    after_seq: Position
    limit: Annotated[int, Field(ge=1, le=MAX_SYNC)]


class Sync(Command):
    type: Literal["sync"]
    data: SyncPart


class PingPart(Part):
    pass


class Ping(Said):
    type: Literal["ping"]
    data: PingPart = PingPart()


RoomOrder = SendMessage | EditMessage | DeleteMessage | AddReaction | RemoveReaction | Read
"""What the owner of a room obeys."""

Order = RoomOrder | SetPresence
"""What goes on to the bus."""

Known = Order | Refresh | Resume | JoinRoom | LeaveRoom | Typing | Sync
"""What only somebody may say who has said who they are."""

AnyFrame = Annotated[Auth | Ping | Known, Field(discriminator="type")]

"""Bodies of the public API of messages."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from libs.common.contracts.frames import MessageShown
from libs.common.contracts.ids import MessageId, RoomId, Seq
from services.messages.core.frames import message_shown, shown_at
from services.messages.model.log import Message, PastVersion, Reactions

MAX_SEQ = 2**53 - 1
"""The largest whole number that every client can hold."""

SeqParameter = Annotated[int, Field(ge=0, le=MAX_SEQ)]

ClientMessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Strict(BaseModel):
    """What people send: nothing that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NewMessage(Strict):
    """`client_msg_id` may stand in the header `Idempotency-Key` instead."""

    content: str
    client_msg_id: ClientMessageId | None = None
    reply_to: MessageId | None = None
    thread_root: MessageId | None = None


class NewContent(Strict):
    """`expected_rev`: refuse with `conflict` if somebody edited meanwhile."""

    content: str
    expected_rev: Annotated[int, Field(ge=1)] | None = None


class ReadUpTo(Strict):
    seq: SeqParameter


class ReactionsShown(BaseModel):
    emoji: str
    count: int
    mine: bool


class MessageItem(MessageShown):
    """A message in its present state; one that was deleted keeps its place and is empty."""

    room_id: RoomId
    seq: Seq
    reactions: list[ReactionsShown]


class OneMessage(BaseModel):
    message: MessageItem


class VersionItem(BaseModel):
    """What a message said from `written_at` on, until the next edit."""

    rev: int
    content: str
    written_at: str


class ReactionChanged(BaseModel):
    """`changed` is false when it was so already."""

    changed: bool


class ReadCursor(BaseModel):
    read_seq: Seq


class UnreadItem(BaseModel):
    """Counted up to a limit; own and deleted messages never count."""

    room_id: RoomId
    unread: int
    mentions: int
    read_seq: Seq
    head_seq: Seq


class Unread(BaseModel):
    items: list[UnreadItem]


def item_of(message: Message, reactions: list[Reactions]) -> MessageItem:
    return MessageItem(
        **dict(message_shown(message)),
        room_id=message.room_id,
        seq=message.seq,
        reactions=[
            ReactionsShown(emoji=one.emoji, count=one.count, mine=one.is_mine) for one in reactions
        ],
    )


def version_of(past: PastVersion) -> VersionItem:
    return VersionItem(rev=past.rev, content=past.content, written_at=shown_at(past.written_at))

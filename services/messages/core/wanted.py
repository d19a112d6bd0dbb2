"""What must be known before a room's commands can be decided, and when memory is enough of it."""

from collections.abc import Container, Iterable, Iterator

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    EraseWords,
    MarkRead,
    PostMessage,
    ProjectMember,
    RemoveReaction,
)
from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from services.messages.core.content import mentioned_in
from services.messages.model.changes import Asked, Wanted


def wanted_of(room_id: RoomId, commands: Iterable[Asked]) -> Wanted:
    """Return everything that the commands may depend on."""
    wanted = Wanted(room_id)
    for asked in commands:
        wanted.keys.add(asked.key)
        wanted.people.update(_people(asked))
        wanted.messages.update(_messages(asked))
        if isinstance(asked.payload, AddReaction | RemoveReaction | EraseWords):
            wanted.emoji.add((asked.payload.message_id, asked.command.actor.id))
    return wanted


def is_enough(members: Container[PersonId], asked: Asked, *, head_seq: Seq) -> bool:
    """Tell whether a command can be accepted upon the room and these of its members alone.

    Who has read further than to its head knows more of the room than we do.

    What came before, a redelivery, is more likely done than not: that is looked up first.
    """
    payload = asked.payload
    # Exact types, as an isinstance() of these classes costs ten times as much, for every message.
    if type(payload) is PostMessage:
        has_links = payload.reply_to is not None or payload.thread_root is not None
        mentioned = mentioned_in(payload.content)
    elif type(payload) is MarkRead:
        has_links, mentioned = payload.seq > head_seq, ()
    else:
        return False
    if has_links or asked.is_redelivered or asked.command.actor.id not in members:
        return False
    return all(person_id in members for person_id in mentioned)


def _people(asked: Asked) -> Iterator[PersonId]:
    yield asked.command.actor.id
    match asked.payload:
        case PostMessage(content=content) | EditMessage(content=content):
            yield from mentioned_in(content)
        case ProjectMember(person=person):
            yield person.id
        case _:
            pass


def _messages(asked: Asked) -> Iterator[MessageId]:
    match asked.payload:
        case PostMessage(reply_to=reply_to, thread_root=thread_root):
            yield from (link for link in (reply_to, thread_root) if link is not None)
        case (
            EditMessage(message_id=message_id)
            | DeleteMessage(message_id=message_id)
            | AddReaction(message_id=message_id)
            | RemoveReaction(message_id=message_id)
            | EraseWords(message_id=message_id)
        ):
            yield message_id
        case _:
            pass

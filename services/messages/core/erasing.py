"""What somebody wrote is taken back after they have gone, one message or reaction a command.

Nobody is asked whether they may: only this service sends these commands, once auth has said that
the person is to be erased. They take the way of all commands, so the log of a room has one writer
and one order also while somebody is erased from it, and everybody else hears each deletion as one
more entry.
"""

from msgspec import structs

from libs.common.contracts.commands import Command, EraseWords
from libs.common.errors import NotFound
from services.messages.core.draft import Draft
from services.messages.core.messages import emptied
from services.messages.model.log import ERASED, Entry, EntryKind, Message


def erase(draft: Draft, command: Command, wanted: EraseWords) -> Entry | None:
    """Empty a message of the actor, or take their emoji from one; None if that was done before.

    Raises: NotFound, also when it is not the actor's own.
    """
    message = draft.message(wanted.message_id)
    if wanted.emoji is not None:
        return _without_emoji(draft, command, message, emoji=wanted.emoji)
    if message.author.id != command.actor.id:
        raise NotFound
    if message.deleted_seq is not None:
        return None
    nameless = structs.replace(message, author=command.actor)
    deleted = emptied(draft, nameless)
    return draft.append(EntryKind.DELETED, command.actor, message=deleted, detail=ERASED)


def _without_emoji(draft: Draft, command: Command, message: Message, *, emoji: str) -> Entry | None:
    actor = command.actor
    left = draft.emoji_of(message.id, actor.id)
    if emoji not in left or message.deleted_seq is not None:
        return None
    draft.set_emoji(message.id, actor.id, left - {emoji})
    draft.change.reactions[message.seq, actor.id, emoji] = None
    return draft.append(EntryKind.UNREACTED, actor, message=message, detail=emoji)

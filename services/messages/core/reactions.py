"""Putting an emoji on a message and taking it away again."""

from libs.common.contracts.commands import AddReaction, Command, RemoveReaction
from libs.common.errors import Conflict
from libs.common.permissions.case import Action
from services.messages.core.admission import admit
from services.messages.core.content import check_emoji
from services.messages.core.draft import Draft
from services.messages.model.log import Entry, EntryKind


class TooManyEmoji(Conflict):
    code = "limit_exceeded"
    message = "You have put as many different emoji on this message as one may."


def add_reaction(draft: Draft, command: Command, wanted: AddReaction) -> Entry | None:
    """Put an emoji on a message; None if it is there already.

    Raises: those of `admit`, NotFound, Invalid, TooManyEmoji.
    """
    actor = command.actor
    message = draft.living_message(wanted.message_id)
    admit(draft, actor, Action.REACT)
    check_emoji(wanted.emoji)
    emoji = draft.emoji_of(message.id, actor.id)
    if wanted.emoji in emoji:
        return None
    if len(emoji) >= draft.around.limits.emoji_per_person:
        raise TooManyEmoji
    draft.set_emoji(message.id, actor.id, emoji | {wanted.emoji})
    draft.change.reactions[message.seq, actor.id, wanted.emoji] = draft.next_seq
    return draft.append(EntryKind.REACTED, actor, message=message, detail=wanted.emoji)


def remove_reaction(draft: Draft, command: Command, wanted: RemoveReaction) -> Entry | None:
    """Take one's own emoji away; None if it is not there.

    Raises: those of `admit`, NotFound.
    """
    actor = command.actor
    message = draft.living_message(wanted.message_id)
    # Like deleting what one wrote: the muted may, and so may everybody in a closed room.
    admit(draft, actor, Action.DELETE_OWN)
    emoji = draft.emoji_of(message.id, actor.id)
    if wanted.emoji not in emoji:
        return None
    draft.set_emoji(message.id, actor.id, emoji - {wanted.emoji})
    draft.change.reactions[message.seq, actor.id, wanted.emoji] = None
    return draft.append(EntryKind.UNREACTED, actor, message=message, detail=wanted.emoji)

"""Writing, editing and deleting a message."""

from msgspec import structs

from libs.common.contracts.commands import Command, DeleteMessage, EditMessage, PostMessage
from libs.common.contracts.ids import PersonId, Seq
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.errors import Conflict, Invalid, NotFound
from libs.common.permissions.case import RANK, Action
from services.messages.core.admission import admit
from services.messages.core.content import check_content, mentioned_in
from services.messages.core.draft import Draft
from services.messages.core.pace import take_room, take_turn
from services.messages.model.log import Entry, EntryKind, Message, PastVersion


def post(draft: Draft, command: Command, wanted: PostMessage) -> Entry:
    """Append a message.

    Raises: those of `admit`, Invalid, TooMany (the room is flooded, the author says the same over
    and over or mentions too many), SlowMode.
    """
    author = command.actor
    role = admit(draft, author, Action.POST)
    check_content(wanted.content, limits=draft.around.limits)
    _check_links(draft, wanted)
    mentions = _mentions(draft, author, wanted.content)
    _take_turn(draft, author, role, content=wanted.content, mentions=len(mentions))
    message = Message(
        room_id=draft.room_id,
        seq=draft.next_seq,
        id=draft.around.new_id(),
        author=author,
        content=wanted.content,
        created_at=draft.around.now,
        client_msg_id=command.command_id,
        reply_to=wanted.reply_to,
        thread_root=wanted.thread_root,
        mentions=mentions,
    )
    return draft.append(EntryKind.MESSAGE, author, message=message)


def edit(draft: Draft, command: Command, wanted: EditMessage) -> Entry:
    """Give a message another content and keep the old one as a past version.

    Raises: those of `admit`, NotFound, Conflict (somebody else was faster), Invalid.
    """
    actor = command.actor
    message = draft.living_message(wanted.message_id)
    is_own = message.author.id == actor.id
    admit(draft, actor, Action.EDIT_OWN if is_own else Action.EDIT_OTHERS)
    if wanted.expected_rev not in (None, message.rev):
        raise Conflict
    check_content(wanted.content, limits=draft.around.limits)
    edited = structs.replace(
        message,
        content=wanted.content,
        rev=message.rev + 1,
        edited_at=draft.around.now,
        mentions=_mentions(draft, actor, wanted.content),
    )
    said_since = message.created_at if message.edited_at is None else message.edited_at
    draft.change.past.append(PastVersion(message.seq, message.rev, message.content, said_since))
    draft.change.messages[message.seq] = edited
    return draft.append(EntryKind.EDITED, actor, message=edited, detail=edited.rev)


def delete(draft: Draft, command: Command, wanted: DeleteMessage) -> Entry | Seq:
    """Empty a message for good; return the seq at which that was done before, if it was.

    Raises: those of `admit`, NotFound.
    """
    actor = command.actor
    message = draft.message(wanted.message_id)
    is_own = message.author.id == actor.id
    admit(draft, actor, Action.DELETE_OWN if is_own else Action.DELETE_OTHERS)
    if message.deleted_seq is not None:
        return message.deleted_seq
    return draft.append(EntryKind.DELETED, actor, message=emptied(draft, message))


def emptied(draft: Draft, message: Message) -> Message:
    """Let nothing be left of a message but its place; the entry that does it comes next."""
    deleted = structs.replace(
        message,
        content="",
        mentions=(),
        deleted_at=draft.around.now,
        deleted_seq=draft.next_seq,
    )
    draft.change.messages[message.seq] = deleted
    return deleted


def _check_links(draft: Draft, wanted: PostMessage) -> None:
    """Refuse links to what is not a message of this room, wherever else it may be one."""
    try:
        if wanted.reply_to is not None:
            draft.message(wanted.reply_to)
    except NotFound:
        raise Invalid(fields={"reply_to": "must be a message of this room"}) from None
    try:
        if wanted.thread_root is not None and draft.message(wanted.thread_root).thread_root:
            raise Invalid(fields={"thread_root": "must not be in a thread itself"})
    except NotFound:
        raise Invalid(fields={"thread_root": "must be a message of this room"}) from None


def _mentions(draft: Draft, author: Person, content: str) -> tuple[PersonId, ...]:
    """Return which other members a text mentions; who is no member is text like any other.

    Raises: Invalid.
    """
    meant = mentioned_in(content)
    if not meant:
        return ()
    if len(meant) > draft.around.limits.mentions:
        raise Invalid(
            fields={"content": f"must mention at most {draft.around.limits.mentions} people"}
        )
    return tuple(
        person_id for person_id in meant if person_id != author.id and draft.is_in(person_id)
    )


def _take_turn(
    draft: Draft, author: Person, role: RoomRole | None, *, content: str, mentions: int
) -> None:
    """Take what a message takes of the room's pace and of its author's habits, or nothing.

    Hosts are not slowed down, but nobody may flood a room. Hosts have no habits, and bots neither:
    what answers a word in the same way each time is no spam.

    Raises: TooMany, SlowMode.
    """
    around = draft.around
    pace = take_room(draft.pace, limit=around.limits.room_sends, now_ns=around.now_ns)
    if not _is_host(role):
        slow_mode_s = draft.room.slow_mode_s if draft.room else 0
        if slow_mode_s:
            pace = take_turn(pace, author.id, slow_mode_s=slow_mode_s, now_ns=around.now_ns)
        if author.kind is not PersonKind.BOT:
            around.habits.take(
                draft.taken,
                room_id=draft.room_id,
                author_id=author.id,
                content=content,
                mentions=mentions,
                now_ns=around.now_ns,
            )
    draft.pace = pace


def _is_host(role: RoomRole | None) -> bool:
    return RANK[role] >= RANK[RoomRole.ADMIN]

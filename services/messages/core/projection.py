"""What rooms tells of rooms and memberships becomes part of the log.

Every change carries the room's `version`; what is not newer than what is known is old news, told
again or overtaken, and changes nothing.
"""

from msgspec import structs

from libs.common.contracts.commands import Command, ProjectMember, ProjectRoom
from libs.common.contracts.frames import MemberShown, PersonShown, RoomShown
from libs.common.contracts.ids import Epoch, Seq
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from libs.common.times import rfc3339_if
from services.messages.core.draft import Draft
from services.messages.core.pace import go_on
from services.messages.model.log import Entry, EntryKind
from services.messages.model.rooms import Member, Room


class RoomNeverTold(Exception):
    """A member of a room of which rooms has not told: the order that rooms keeps was broken."""


def project_room(draft: Draft, command: Command, told: ProjectRoom) -> Entry | None:
    """Let the room be what rooms says; its first version begins the log, without an entry."""
    if draft.room is None:
        draft.room = Room(
            id=draft.room_id,
            epoch=Epoch(draft.around.new_id().hex),
            head_seq=Seq(0),
            version=told.version,
            kind=told.kind,
            state=told.state,
            title=told.title,
            topic=told.topic,
            slow_mode_s=told.slow_mode_s,
            opens_at=told.opens_at,
            closes_at=told.closes_at,
            is_locked=bool(told.is_locked),
            is_archived=bool(told.is_archived),
        )
        return None
    if told.version <= draft.room.version:
        return None
    was = draft.room
    draft.room = structs.replace(
        draft.room,
        version=told.version,
        kind=told.kind,
        state=told.state,
        title=told.title,
        topic=told.topic,
        slow_mode_s=told.slow_mode_s,
        opens_at=told.opens_at,
        closes_at=told.closes_at,
        is_locked=bool(told.is_locked),
        is_archived=bool(told.is_archived),
    )
    shown = room_shown(draft.room)
    if shown == room_shown(was):
        return None
    return draft.append(_turned(was.state, told.state), command.actor, detail=shown)


def project_member(draft: Draft, command: Command, told: ProjectMember) -> Entry | None:
    """Let the person's membership be what rooms says; None if nobody sees a difference.

    Raises: RoomNeverTold.
    """
    if draft.room is None:
        raise RoomNeverTold
    if told.version <= draft.room.version:
        return None
    draft.room = structs.replace(draft.room, version=told.version)
    was = draft.member(told.person.id)
    is_banned = told.role is None and told.departure is Departure.BANNED
    now = Member(
        told.person,
        told.role,
        is_banned,
        told.muted_until,
        is_blocked=bool(told.is_blocked),
        banned_until=told.banned_until if is_banned else None,
    )
    if told.formerly is not None:
        draft.pace = go_on(draft.pace, told.person.id, formerly=told.formerly)
    draft.change.members[told.person.id] = None if told.role is None and not is_banned else now
    kind = _seen_as(was, now, is_public=draft.room.kind is RoomKind.PUBLIC)
    if kind is None:
        return None
    reason = (told.departure or Departure.LEFT) if kind is EntryKind.LEFT else None
    shown = MemberShown(person=PersonShown.of(told.person), role=told.role, reason=reason)
    return draft.append(kind, command.actor, detail=shown)


def room_shown(room: Room) -> RoomShown:
    return RoomShown(
        kind=room.kind,
        state=room.state,
        title=room.title,
        topic=room.topic,
        slow_mode_s=room.slow_mode_s,
        opens_at=rfc3339_if(room.opens_at),
        closes_at=rfc3339_if(room.closes_at),
        is_locked=room.is_locked,
    )


def _turned(was: RoomState, now: RoomState) -> EntryKind:
    """Return the entry that tells of a room's change from one state to another, or the same."""
    if now is was:
        return EntryKind.ROOM_UPDATED
    if now is RoomState.DELETED:
        return EntryKind.ROOM_DELETED
    if now is RoomState.CLOSED:
        return EntryKind.ROOM_CLOSED
    return EntryKind.ROOM_OPENED if was is RoomState.SCHEDULED else EntryKind.ROOM_UPDATED


def _seen_as(was: Member | None, now: Member, *, is_public: bool) -> EntryKind | None:
    """Return the entry that tells of the difference, if members see one.

    Whoever is banned leaves a public room even if they were no member: they may have been listening
    from outside, and only an entry of the log ends that at one exact seq.
    """
    if now.role is not None:
        if was is None or was.role is None:
            return EntryKind.JOINED
        return None if now == was else EntryKind.UPDATED
    if was is not None and was.role is not None:
        return EntryKind.LEFT
    is_new_ban = now.is_banned and (was is None or not was.is_banned)
    return EntryKind.LEFT if is_new_ban and is_public else None

"""What a decision is made from: who acts, on whom, in which room, and how high each of them stands.

A role in the system counts in every room: OWNER is owner everywhere, ADMIN is admin everywhere.
Between two people of the same role the one with the higher system role stands higher.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState

INHERITED: Final[dict[SystemRole, RoomRole | None]] = {
    SystemRole.OWNER: RoomRole.OWNER,
    SystemRole.ADMIN: RoomRole.ADMIN,
    SystemRole.MEMBER: None,
}

RANK: Final[dict[RoomRole | None, int]] = {
    None: 0,
    RoomRole.GUEST: 1,
    RoomRole.MEMBER: 2,
    RoomRole.ADMIN: 3,
    RoomRole.OWNER: 4,
}

SYSTEM_RANK: Final = {SystemRole.MEMBER: 0, SystemRole.ADMIN: 1, SystemRole.OWNER: 2}


class Action(StrEnum):
    """What somebody may want to do; `ban`, `mute` and `archive` include taking it back.

    `moderate` is to see reports, bans and mutes, and to decide reports.
    """

    SEE = "see"
    READ = "read"
    JOIN = "join"
    LEAVE = "leave"
    POST = "post"
    REACT = "react"
    EDIT_OWN = "edit_own"
    EDIT_OTHERS = "edit_others"
    DELETE_OWN = "delete_own"
    DELETE_OTHERS = "delete_others"
    REPORT = "report"
    PIN = "pin"
    INVITE = "invite"
    ADD_MEMBER = "add_member"
    REMOVE_MEMBER = "remove_member"
    CHANGE_ROLE = "change_role"
    MUTE = "mute"
    BAN = "ban"
    MODERATE = "moderate"
    CHANGE_ROOM = "change_room"
    SEE_CHANGES = "see_changes"
    TAKE_TRANSCRIPT = "take_transcript"
    TRANSFER = "transfer"
    ARCHIVE = "archive"
    DELETE_ROOM = "delete_room"


# A struct is made in a tenth of the time of a dataclass, and one is made for each message.
class Actor(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who acts. `role` is their membership of the room, None without one.

    `is_invited`: holds a good invitation to this very room. `muted_until` is in seconds since
    1970, infinite for ever. `is_blocked`: in a direct room, either has blocked the other.
    """

    kind: PersonKind
    system_role: SystemRole
    role: RoomRole | None
    is_banned: bool
    muted_until: float | None
    is_invited: bool = False
    is_blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Whom it is done to. `new_role` is what they are to become, where roles are given."""

    kind: PersonKind
    system_role: SystemRole
    role: RoomRole | None
    is_self: bool = False
    new_role: RoomRole | None = None


class Room(msgspec.Struct, frozen=True, gc=False):
    kind: RoomKind
    state: RoomState


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a rule may look at.

    `membership` is the actor's own role in the room, `role` the one with inheritance, `needed` the
    least one that the action wants.
    """

    action: Action
    kind: PersonKind
    system_role: SystemRole
    membership: RoomRole | None
    role: RoomRole | None
    needed: RoomRole
    is_banned: bool
    is_muted: bool
    is_invited: bool
    is_blocked: bool
    room: RoomKind
    state: RoomState
    target: Target | None


def effective_role(system_role: SystemRole, role: RoomRole | None) -> RoomRole | None:
    """Return the higher of a membership's role and the one that the system role brings along."""
    inherited = INHERITED[system_role]
    return inherited if RANK[inherited] > RANK[role] else role


def standing(system_role: SystemRole, role: RoomRole | None) -> tuple[int, int]:
    """Return how high somebody of these roles stands, to be compared with somebody else's."""
    return RANK[effective_role(system_role, role)], SYSTEM_RANK[system_role]

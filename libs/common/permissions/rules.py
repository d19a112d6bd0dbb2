"""The rules, in the order in which they are asked.

The first rule that holds decides; when none does, the action is allowed. So the order is the law:
what is gone or hidden comes first, because whoever may not know of a room must not learn of it
from a more talkative refusal further down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError, Forbidden, NotFound
from libs.common.permissions.case import RANK, Action, Case, standing


class NotMember(Forbidden):
    code = "not_member"
    message = "Join the room first."


class RoomReadOnly(Forbidden):
    code = "room_read_only"
    message = "This room can only be read."


class RoomNotOpen(Forbidden):
    code = "room_not_open"
    message = "This room is not open."


class Muted(Forbidden):
    """Carries `until` unless it is for ever."""

    code = "muted"
    message = "You are muted in this room."


class Blocked(Forbidden):
    """Does not say which of the two has blocked the other."""

    code = "blocked"
    message = "You and this person do not write to each other."


WRITING: Final = {Action.POST, Action.REACT, Action.EDIT_OWN}
"""Deleting one's own is none of these: who wrote something may always take it back."""

CHANGES_WHO_IS_IN: Final = {
    Action.JOIN,
    Action.LEAVE,
    Action.INVITE,
    Action.ADD_MEMBER,
    Action.REMOVE_MEMBER,
    Action.CHANGE_ROLE,
    Action.TRANSFER,
    Action.BAN,
}

DONE_TO_MEMBERS: Final = {Action.REMOVE_MEMBER, Action.CHANGE_ROLE, Action.TRANSFER, Action.MUTE}
"""Somebody may be banned before ever coming in."""

DONE_TO_LOWER: Final = {Action.REMOVE_MEMBER, Action.CHANGE_ROLE, Action.MUTE, Action.BAN}

BROUGHT_IN: Final = {PersonKind.GUEST, PersonKind.BOT}
"""They come into a room by somebody's doing, and know of no other."""

DONE_TO_OTHERS: Final = {Action.ADD_MEMBER, *DONE_TO_MEMBERS, *DONE_TO_LOWER}


@dataclass(frozen=True, slots=True)
class Rule:
    """Decides the cases in which it `holds`: refuses them, or allows them if `refusal` is None."""

    name: str
    because: str
    holds: Callable[[Case], bool]
    refusal: type[ChatError] | None = None


def _gone(case: Case) -> bool:
    return case.state is RoomState.DELETED


def _public(case: Case) -> bool:
    return case.room is RoomKind.PUBLIC


def _outside(case: Case) -> bool:
    return case.role is None


def is_sheltered(system_role: SystemRole) -> bool:
    """Tell whether somebody looks after the whole system: sanctions of a room do not bind them."""
    return system_role is not SystemRole.MEMBER


def _banned(case: Case) -> bool:
    return case.is_banned and not is_sheltered(case.system_role)


def _hidden(case: Case) -> bool:
    if case.kind in BROUGHT_IN:
        return _outside(case)
    return _outside(case) and not _public(case) and not case.is_invited


def _looks_around(case: Case) -> bool:
    """A public room can be read from outside; an invitation shows what it is an invitation to."""
    visible = {Action.SEE, Action.READ} if _public(case) else {Action.SEE}
    return _outside(case) and case.action in visible


def _comes_in_late(case: Case) -> bool:
    is_coming = case.action is Action.JOIN and _outside(case)
    return is_coming and case.state is RoomState.CLOSED


def _needs_membership(case: Case) -> bool:
    if case.action is Action.LEAVE:
        return case.membership is None
    return _outside(case) and case.action is not Action.JOIN


def _already_in(case: Case) -> bool:
    return case.action is Action.JOIN and case.membership is not None


def _fixed(case: Case) -> bool:
    return case.room is RoomKind.DIRECT and case.action in CHANGES_WHO_IS_IN


def _role_too_low(case: Case) -> bool:
    return not _outside(case) and RANK[case.role] < RANK[case.needed]


def _not_open(case: Case) -> bool:
    is_open = case.state in (RoomState.OPEN, RoomState.READ_ONLY)
    return case.action in WRITING and not is_open


def _read_only(case: Case) -> bool:
    is_host = RANK[case.role] >= RANK[RoomRole.ADMIN]
    return case.action in WRITING and case.state is RoomState.READ_ONLY and not is_host


def _muted(case: Case) -> bool:
    return case.action in WRITING and case.is_muted and not is_sheltered(case.system_role)


def _blocked(case: Case) -> bool:
    return case.action in WRITING and case.is_blocked and case.room is RoomKind.DIRECT


def _target_not_in(case: Case) -> bool:
    target = case.target
    return case.action in DONE_TO_MEMBERS and target is not None and target.role is None


def _steps_down(case: Case) -> bool:
    target = case.target
    if case.action is not Action.CHANGE_ROLE or target is None or not target.is_self:
        return False
    return target.new_role is not None and RANK[target.new_role] < RANK[target.role]


def _on_oneself(case: Case) -> bool:
    return case.action in DONE_TO_OTHERS and case.target is not None and case.target.is_self


def _on_an_equal(case: Case) -> bool:
    target = case.target
    if case.action not in DONE_TO_LOWER or target is None:
        return False
    own = standing(case.system_role, case.membership)
    return standing(target.system_role, target.role) >= own


def _promotes_a_guest(case: Case) -> bool:
    target = case.target
    if target is None or target.kind is not PersonKind.GUEST:
        return False
    return case.action is Action.TRANSFER or target.new_role not in (None, RoomRole.GUEST)


def _joins_by_itself(case: Case) -> bool:
    is_bot = case.target is not None and case.target.kind is PersonKind.BOT
    return case.action is Action.ADD_MEMBER and _public(case) and not is_bot


def _hands_to_a_bot(case: Case) -> bool:
    target = case.target
    if target is None or target.kind is not PersonKind.BOT:
        return False
    return case.action is Action.TRANSFER or target.new_role is RoomRole.OWNER


def _gives_too_much(case: Case) -> bool:
    if case.target is None or case.target.new_role is None or case.role is RoomRole.OWNER:
        return False
    return RANK[case.target.new_role] >= RANK[case.role]


RULES: Final = (
    Rule("room_deleted", "A deleted room is gone for everybody.", _gone, NotFound),
    Rule(
        "banned_from_public",
        "You are banned from this room.",
        lambda case: _banned(case) and _public(case),
        Forbidden,
    ),
    Rule("banned", "Who is banned is not to know of the room.", _banned, NotFound),
    Rule("hidden_room", "Only members know of this room.", _hidden, NotFound),
    Rule("visible_from_outside", "This may be seen before joining.", _looks_around),
    Rule("closed_to_newcomers", "A closed room takes nobody in.", _comes_in_late, RoomNotOpen),
    Rule("not_a_member", "Only members may do this.", _needs_membership, NotMember),
    Rule(
        "nobody_edits_others",
        "Nobody puts words into another's mouth.",
        lambda case: case.action is Action.EDIT_OTHERS,
        Forbidden,
    ),
    Rule("already_in", "Joining again changes nothing.", _already_in),
    Rule("direct_is_fixed", "A direct room is these people's for good.", _fixed, Forbidden),
    Rule(
        "public_is_joined",
        "People join a public room themselves; only a bot is brought in.",
        _joins_by_itself,
        Forbidden,
    ),
    Rule("role_too_low", "This needs a higher role in the room.", _role_too_low, Forbidden),
    Rule("not_open", "Nothing is written while the room is not open.", _not_open, RoomNotOpen),
    Rule("read_only", "Only its admins write in this room.", _read_only, RoomReadOnly),
    Rule("muted", "A muted member reads and does not write.", _muted, Muted),
    Rule("blocked", "One of the two has blocked the other.", _blocked, Blocked),
    Rule("target_not_in", "That person is not in the room.", _target_not_in, NotFound),
    Rule("steps_down", "Everybody may give up a role.", _steps_down),
    Rule("not_on_oneself", "This is not done to oneself.", _on_oneself, Forbidden),
    Rule("equal_or_higher", "That person stands as high or higher.", _on_an_equal, Forbidden),
    Rule("guests_stay_guests", "A guest has no other role.", _promotes_a_guest, Forbidden),
    Rule("bots_own_nothing", "A room belongs to people.", _hands_to_a_bot, Forbidden),
    Rule(
        "gives_too_much",
        "Only owners give others a role as high as their own.",
        _gives_too_much,
        Forbidden,
    ),
)

ALLOWED: Final = Rule("role", "The role in the room is high enough.", lambda _case: True)

"""Who may do what in a room: one pure function over the table of rules.

Everybody asks here: rooms, messages for what is written, the gateway for what is shown. What is not
decided here, because it needs a count that only the owner of the rows can keep true, is that a
room keeps its last owner: `check_owner_kept`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import isinf
from typing import Final

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError, Conflict
from libs.common.permissions.case import Action, Actor, Case, Room, Target, effective_role
from libs.common.permissions.rules import ALLOWED, RULES, Muted
from libs.common.times import rfc3339

NEEDED: Final = {
    Action.SEE: RoomRole.GUEST,
    Action.READ: RoomRole.GUEST,
    Action.JOIN: RoomRole.GUEST,
    Action.LEAVE: RoomRole.GUEST,
    Action.POST: RoomRole.GUEST,
    Action.REACT: RoomRole.GUEST,
    Action.EDIT_OWN: RoomRole.GUEST,
    Action.EDIT_OTHERS: RoomRole.OWNER,
    Action.DELETE_OWN: RoomRole.GUEST,
    Action.DELETE_OTHERS: RoomRole.ADMIN,
    Action.REPORT: RoomRole.GUEST,
    Action.PIN: RoomRole.ADMIN,
    Action.INVITE: RoomRole.ADMIN,
    Action.ADD_MEMBER: RoomRole.ADMIN,
    Action.REMOVE_MEMBER: RoomRole.ADMIN,
    Action.CHANGE_ROLE: RoomRole.ADMIN,
    Action.MUTE: RoomRole.ADMIN,
    Action.BAN: RoomRole.ADMIN,
    Action.MODERATE: RoomRole.ADMIN,
    Action.CHANGE_ROOM: RoomRole.ADMIN,
    Action.SEE_CHANGES: RoomRole.ADMIN,
    Action.TAKE_TRANSCRIPT: RoomRole.ADMIN,
    Action.TRANSFER: RoomRole.OWNER,
    Action.ARCHIVE: RoomRole.OWNER,
    Action.DELETE_ROOM: RoomRole.OWNER,
}
"""The least role for each action."""

NEEDED_AMONG_FRIENDS: Final = NEEDED | {
    Action.PIN: RoomRole.MEMBER,
    Action.TAKE_TRANSCRIPT: RoomRole.MEMBER,
}
"""In direct and group rooms nobody is the host."""


class LastOwner(Conflict):
    message = "A room keeps at least one owner. Hand it over first."


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether, by which rule, and why in a sentence for people.

    `role` is the actor's with inheritance, `needed` the least one for the action.
    """

    is_allowed: bool
    rule: str
    because: str
    role: RoomRole | None
    needed: RoomRole
    refusal: type[ChatError] | None
    until: str | None = None

    def require(self) -> None:
        """Raise the refusal unless it is allowed."""
        if self.refusal is not None:
            raise self.refusal(until=self.until)


def may(
    actor: Actor, action: Action, *, room: Room, now: float, target: Target | None = None
) -> Decision:
    """Decide whether `actor` may do `action` in `room` now (seconds since 1970).

    Without `target` an action on people is judged by the role alone: may one do it to anybody?
    """
    decision = _decide(
        action,
        actor.kind,
        actor.system_role,
        actor.role,
        actor.is_banned,
        actor.muted_until is not None and actor.muted_until > now,
        actor.is_invited,
        actor.is_blocked,
        room.kind,
        room.state,
        target,
    )
    if decision.refusal is Muted and actor.muted_until is not None:
        return replace(decision, until=_until(actor.muted_until))
    return decision


def check_owner_kept(*, role: RoomRole, new_role: RoomRole | None, owner_count: int) -> None:
    """Refuse to take the last owner's role; `new_role=None` is a departure.

    Call it under a lock on the room, with the owners counted under that lock.  Raises: LastOwner.
    """
    if role is RoomRole.OWNER and new_role is not RoomRole.OWNER and owner_count <= 1:
        raise LastOwner


# Reading the table takes 6 us, which is as much as all the rest that a message costs its service;
# the same few hundred cases come again and again.
@lru_cache(maxsize=8192)
def _decide(  # noqa: PLR0917 - keywords would double the cost of a hit
    action: Action,
    kind: PersonKind,
    system_role: SystemRole,
    membership: RoomRole | None,
    is_banned: bool,
    is_muted: bool,
    is_invited: bool,
    is_blocked: bool,
    room: RoomKind,
    state: RoomState,
    target: Target | None,
) -> Decision:
    friends = room in (RoomKind.DIRECT, RoomKind.GROUP)
    case = Case(
        action=action,
        kind=kind,
        system_role=system_role,
        membership=membership,
        role=effective_role(system_role, membership),
        needed=NEEDED_AMONG_FRIENDS[action] if friends else NEEDED[action],
        is_banned=is_banned,
        is_muted=is_muted,
        is_invited=is_invited,
        is_blocked=is_blocked,
        room=room,
        state=state,
        target=target,
    )
    rule = next((rule for rule in RULES if rule.holds(case)), ALLOWED)
    return Decision(
        is_allowed=rule.refusal is None,
        rule=rule.name,
        because=rule.because,
        role=case.role,
        needed=case.needed,
        refusal=rule.refusal,
    )


def _until(muted_until: float) -> str | None:
    return None if isinf(muted_until) else rfc3339(muted_until)

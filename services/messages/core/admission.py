"""Who may do what in a room, as far as the projection knows.

The projection may be late: somebody joins, and their first message overtakes the news. So a "no" to
somebody of whom nothing is known is in doubt until rooms was asked; every other is final.
"""

from libs.common.contracts.people import Person, PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import ChatError, NotFound, Unavailable
from libs.common.permissions import case
from libs.common.permissions.decide import Decision, may
from libs.common.permissions.rules import NotMember
from libs.common.permissions.schedule import state_at
from services.messages.core.draft import Draft
from services.messages.model.rooms import Member, Room


class InDoubt(Exception):
    """The projection says no, and rooms may know better."""


def admit(draft: Draft, actor: Person, action: case.Action) -> RoomRole | None:
    """Return the actor's role, inherited ones included, if they may do it.

    Raises: what `judge` refuses with, Unavailable, InDoubt.
    """
    member = draft.member(actor.id)
    if draft.room is None:
        raise _no_to_stranger(draft, actor)
    roles = draft.known.system_roles
    decision = judge(
        draft.room,
        actor,
        member,
        system_role=roles.get(actor.id, SystemRole.MEMBER) if roles else SystemRole.MEMBER,
        action=action,
        now=draft.around.now,
    )
    if decision.refusal is not None and is_in_doubt(draft.room, member):
        no = _no_to_stranger(draft, actor)
        # Who looks after the system is no stranger, once it is sure that they are no member.
        if decision.role is None or not isinstance(no, NotMember | NotFound):
            raise no
    decision.require()
    return decision.role


def admit_member(draft: Draft, actor: Person) -> None:
    """Return if the actor is in the room themselves, whatever other rights they have.

    Raises: those of `admit`.
    """
    if draft.room is None or is_in_doubt(draft.room, draft.member(actor.id)):
        raise _no_to_stranger(draft, actor)
    admit(draft, actor, case.Action.READ)
    if not draft.is_in(actor.id):
        raise NotFound


def judge(
    room: Room,
    actor: Person,
    member: Member | None,
    *,
    system_role: SystemRole,
    action: case.Action,
    now: float,
) -> Decision:
    """Decide whether the actor may do it; `member` is how they stand in the room, if at all."""
    return may(
        case.Actor(
            kind=actor.kind,
            system_role=system_role,
            role=member.role if member else None,
            is_banned=member.is_kept_out(now) if member else False,
            muted_until=member.muted_until if member else None,
            is_blocked=member.is_blocked if member else False,
        ),
        action,
        room=case.Room(room.kind, state_at(room, now=now)),
        now=now,
    )


def is_in_doubt(room: Room | None, member: Member | None) -> bool:
    """Tell whether news may be on its way that turns a "no" into a "yes"."""
    return member is None and (room is None or room.state is not RoomState.DELETED)


def _no_to_stranger(draft: Draft, actor: Person) -> ChatError | InDoubt:
    absence = draft.known.absences.get(actor.id)
    if absence is None:
        return InDoubt()
    if absence.is_late:
        return Unavailable()
    kind = draft.room.kind if draft.room else absence.kind
    # Only who may know of the room learns that it is there.
    is_visible = kind is RoomKind.PUBLIC and actor.kind is not PersonKind.GUEST
    return NotMember() if is_visible else NotFound()

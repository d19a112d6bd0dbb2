"""What rooms decides itself; who may do what is in `libs.common.permissions`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256

from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind
from libs.common.errors import Conflict, Invalid, NotFound
from libs.common.permissions.case import Action, Actor, Target
from libs.common.permissions.case import Room as RoomCase
from libs.common.permissions.decide import Decision, may
from libs.common.permissions.rules import is_sheltered
from libs.common.permissions.schedule import state_at
from services.rooms.model import Access, Room, SeenRoom


class RoomFull(Conflict):
    code = "room_full"
    message = "This room takes no more members."


class PersonNotFound(NotFound):
    message = "There is no such person."


def decide(
    action: Action,
    seen: SeenRoom,
    who: PersonCard,
    *,
    now: float,
    target: Target | None = None,
    is_invited: bool = False,
) -> Decision:
    """Decide whether somebody may do this now in a room in which they stand as `seen` says."""
    actor = Actor(
        kind=who.kind,
        system_role=who.system_role,
        role=seen.role,
        is_banned=seen.is_banned,
        muted_until=seen.muted_until,
        is_invited=is_invited,
        is_blocked=seen.is_blocked,
    )
    room = RoomCase(seen.room.kind, state_at(seen.room, now=now))
    return may(actor, action, room=room, now=now, target=target)


def bound(seen: SeenRoom, who: PersonCard) -> SeenRoom:
    """Return how somebody stands in a room, without a mute that does not bind them."""
    return replace(seen, muted_until=None) if is_sheltered(who.system_role) else seen


def roles_in(access: Access) -> dict[PersonId, RoomRole]:
    """Return the roles of those who are in the room."""
    return {
        person_id: actor.role
        for person_id, actor in access.actors.items()
        if actor.role is not None
    }


def seers_of(access: Access, *, now: float) -> list[PersonId]:
    """Return who may see the room, from inside or outside."""
    room = RoomCase(access.kind, access.state)
    return [
        person_id
        for person_id, actor in access.actors.items()
        if may(actor, Action.SEE, room=room, now=now).is_allowed
    ]


def check_room_left(room: Room, *, max_members: int) -> None:
    """Refuse one more member than the room, or any room, may have.  Raises: RoomFull."""
    limit = max_members if room.max_members is None else min(room.max_members, max_members)
    if room.member_count >= limit:
        raise RoomFull


def exactly(person_id: PersonId, others: Iterable[PersonId], *, max_people: int) -> list[PersonId]:
    """Return the people of a direct or group room, each once, in the order of their ids.

    Raises: Invalid when it would be one person or too many.
    """
    people = sorted({person_id, *others})
    if len(people) < 2:
        raise Invalid(fields={"user_ids": "must name somebody else"})
    if len(people) > max_people:
        raise Invalid(fields={"user_ids": f"must have at most {max_people - 1} items"})
    return people


def direct_kind(people: Sequence[PersonId]) -> RoomKind:
    return RoomKind.DIRECT if len(people) == 2 else RoomKind.GROUP


def direct_key(people: Iterable[PersonId]) -> bytes:
    """Return what is equal for equal sets of people, whoever of them asks."""
    return sha256(b"".join(sorted(person_id.bytes for person_id in people))).digest()


def person_of(card: PersonCard) -> Person:
    return Person(kind=card.kind, id=card.id, name=card.name)

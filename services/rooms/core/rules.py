"""What rooms decides itself; who may do what is in `libs.common.permissions`."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import Person, RoomRole
from libs.common.contracts.rooms import RoomKind
from libs.common.errors import Conflict, Invalid, NotFound
from libs.common.permissions.case import Action, Actor, Target
from libs.common.permissions.case import Room as RoomCase
from libs.common.permissions.decide import Decision, may
from services.rooms.model import Room


class RoomFull(Conflict):
    code = "room_full"
    message = "This room takes no more members."


class PersonNotFound(NotFound):
    message = "There is no such person."


def decide(
    action: Action,
    room: Room,
    who: PersonCard,
    role: RoomRole | None,
    *,
    now: float,
    target: Target | None = None,
) -> Decision:
    """Decide whether somebody with the membership `role` may do this in the room."""
    actor = Actor(
        kind=who.kind,
        system_role=who.system_role,
        role=role,
        is_banned=False,
        muted_until=None,
    )
    return may(actor, action, room=RoomCase(room.kind, room.state), now=now, target=target)


def check_room_left(room: Room, *, max_members: int) -> None:
    """Refuse one more member.  Raises: RoomFull."""
    if room.member_count >= max_members:
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

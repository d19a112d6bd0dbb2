"""Somebody acts in a room: who they are, what they are there, and the room under its lock.

Whatever is decided from these three still holds when it is done. Inside the block nothing else may
be asked for: it would wait for a second connection while it has the first.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import Person, RoomRole
from libs.common.errors import Forbidden, NotFound
from libs.common.http.people import Caller
from libs.common.permissions.case import Action, Target
from libs.common.permissions.decide import check_owner_kept
from libs.common.permissions.rules import NotMember
from services.rooms.api.people import People
from services.rooms.core.rules import PersonNotFound, bound, decide, person_of
from services.rooms.model import SeenRoom
from services.rooms.store.held import HeldRoom
from services.rooms.store.rooms import RoomStore

REFUSED: Final = (NotFound, NotMember, Forbidden)
"""What whoever acts in a room may be answered with."""

WELCOMES: Final = {Action.ADD_MEMBER, Action.TRANSFER}
"""Not done to people who were shut out of the system."""


@dataclass(frozen=True, slots=True)
class Acting:
    """`standing` is how the actor stood in the room when it was taken hold of."""

    held: HeldRoom
    who: PersonCard
    standing: SeenRoom
    now: float

    @property
    def role(self) -> RoomRole | None:
        """What the actor was when the room was taken hold of."""
        return self.standing.role

    @property
    def seen(self) -> SeenRoom:
        """The room as it is now, and how the actor stood in it."""
        return replace(self.standing, room=self.held.room)

    @property
    def person(self) -> Person:
        return person_of(self.who)

    def require(
        self, action: Action, *, target: Target | None = None, is_invited: bool = False
    ) -> None:
        """Raise the refusal unless the actor may do this in the room, or to `target`."""
        seen, who, now = self.seen, self.who, self.now
        decide(action, seen, who, now=now, target=target, is_invited=is_invited).require()

    def require_on(
        self,
        action: Action,
        card: PersonCard | None,
        role: RoomRole | None,
        *,
        new_role: RoomRole | None = None,
    ) -> PersonCard:
        """Raise the refusal unless the actor may do this to somebody who has `role` in the room.

        Return them. Nobody learns who exists by trying what they may not do.

        Raises: PersonNotFound.
        """
        if card is None or (card.is_disabled and action in WELCOMES):
            self.require(action)
            raise PersonNotFound
        target = Target(
            kind=card.kind,
            system_role=card.system_role,
            role=role,
            is_self=card.id == self.who.id,
            new_role=new_role,
        )
        self.require(action, target=target)
        return card

    async def check_owner_kept(self, role: RoomRole | None, *, new_role: RoomRole | None) -> None:
        """Refuse that the room's last owner becomes something else.  Raises: LastOwner."""
        if role is RoomRole.OWNER:
            count = await self.held.owner_count()
            check_owner_kept(role=role, new_role=new_role, owner_count=count)


class Holding:
    """Lets callers take hold of rooms."""

    def __init__(self, rooms: RoomStore, people: People, *, clock: Clock) -> None:
        self._rooms = rooms
        self._people = people
        self._clock = clock

    @asynccontextmanager
    async def hold(
        self, caller: Caller, room_id: RoomId, *, is_deleted: bool = False
    ) -> AsyncIterator[Acting]:
        """Hold a room while the caller acts in it; what they do is committed with the block.

        Raises: NotFound, Unavailable; TitleTaken at the latest when the block ends.
        """
        who = await self._people.caller(caller)
        async with self._rooms.hold(room_id, is_deleted=is_deleted) as held:
            if held is None:
                raise NotFound
            now = self._clock.now()
            standing = bound(await held.standing(who.id, now=now), who)
            yield Acting(held, who, standing, now)

"""A person's part in rooms: collected for them, or ended and forgotten.

Who is erased leaves every room, nameless. Nobody else loses anything by it: a room whose last owner
goes is handed to the admin, or else the member, who has been in it for longest; only one in which
nobody is left to whom it could be handed is closed, and its title goes with it.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

from msgspec import structs

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.privacy import (
    ErasureRequest,
    ExportAnswer,
    ExportPart,
    ExportRequest,
)
from libs.common.contracts.rooms import Departure
from libs.common.erasures import AUTH
from libs.common.http.endpoint import Endpoint
from services.rooms.core.cursors import RoomCursor, read_cursor, write_cursor
from services.rooms.core.rules import person_of
from services.rooms.core.titles import MAX_TITLE_CHARS, title_key
from services.rooms.store.erasing import ErasingStore
from services.rooms.store.exporting import ExportingStore
from services.rooms.store.held import HeldRoom
from services.rooms.store.people import PeopleStore
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import TitleTaken

PAGE_ROOMS: Final = 200
"""Rooms in one answer to an export, some 60 KB."""

TURN_ROOMS: Final = 20
"""Rooms that somebody leaves in one turn: each is a transaction and a word to messages."""

FIRST: Final = RoomCursor("export")


class Leaving:
    """Takes a person out of rooms, a turn at a time."""

    def __init__(
        self,
        rooms: RoomStore,
        people: PeopleStore,
        erasing: ErasingStore,
        *,
        clock: Clock,
        rename_batch: int,
    ) -> None:
        self._rooms = rooms
        self._people = people
        self._erasing = erasing
        self._clock = clock
        self._rename_batch = rename_batch

    async def turn(self, request: ErasureRequest) -> bool:
        """Take a part away; tell whether nothing was left.  Raises: Unavailable."""
        card = request.person
        await self._people.learn([card])
        # First of all their rooms hear of nobody's name: who shows names by id forgets theirs.
        limit = self._rename_batch
        if await self._people.rename(person_of(card), limit=limit) == limit:
            return False
        room_ids = await self._erasing.rooms_of(card.id, limit=TURN_ROOMS)
        for room_id in room_ids:
            await self._leave(room_id, request)
        if len(room_ids) == TURN_ROOMS:
            return False
        await self._erasing.forget(request)
        return not await self._erasing.is_waiting(card.id)

    async def _leave(self, room_id: RoomId, request: ErasureRequest) -> None:
        try:
            is_closed = await self._leave_as_it_is_called(room_id, request, renamed="")
        except TitleTaken:
            # The heir has another room of this title.
            renamed = str(room_id)[-4:]
            is_closed = await self._leave_as_it_is_called(room_id, request, renamed=renamed)
        await self._erasing.count(request, member=1, room=int(is_closed))

    async def _leave_as_it_is_called(
        self, room_id: RoomId, request: ErasureRequest, *, renamed: str
    ) -> bool:
        """Leave, hand over or close a room; tell whether it was closed.  Raises: TitleTaken."""
        person = person_of(request.person)
        async with self._rooms.hold(room_id) as held:
            if held is None or (role := await held.role(person.id)) is None:
                return False
            if held.room.member_count > 1 and await self._is_kept(held, role, person.id):
                if renamed:
                    title = f"{held.room.title[: MAX_TITLE_CHARS - 5]} {renamed}"
                    room = replace(held.room, title=title, title_key=title_key(title))
                    await held.change(room, actor=person, now=self._clock.now())
                await held.leave(person, Departure.LEFT, actor=person)
                return False
            nameless = replace(held.room, title="", title_key="", topic="")
            await held.change(nameless, actor=person, now=self._clock.now())
            await held.leave(person, Departure.LEFT, actor=person)
            await held.delete(actor=person, now=self._clock.now())
            return True

    async def _is_kept(self, held: HeldRoom, role: RoomRole, person_id: PersonId) -> bool:
        """Hand the room to another if it needs an owner; tell whether somebody has it now."""
        if role is not RoomRole.OWNER or await held.owner_count() > 1:
            return True
        heir = await held.heir(person_id)
        if heir is None:
            return False
        await held.change_role(heir, RoomRole.OWNER, actor=heir)
        return True


class ExportApi:
    def __init__(self, exporting: ExportingStore) -> None:
        self._exporting = exporting

    def endpoint(self) -> Endpoint:
        return Endpoint("POST", "/internal/exports", self.export, admits=AUTH)

    async def export(self, body: ExportRequest) -> ExportAnswer:
        """Return the rooms in which a person is."""
        after = read_cursor(body.cursor, first=FIRST)
        found = await self._exporting.memberships(body.person_id, after=after.id, limit=PAGE_ROOMS)
        parts = [ExportPart(name="rooms", items=found)] if found else []
        if len(found) < PAGE_ROOMS:
            return ExportAnswer(parts=parts, done=1.0)
        behind = structs.replace(FIRST, id=RoomId(UUID(str(found[-1]["room_id"]))))
        return ExportAnswer(parts=parts, next_cursor=write_cursor(behind), done=0.5)

"""A person's part in rooms: collected for them, or ended and forgotten.

Who is erased leaves every room, nameless. Nobody else loses anything by it: a room whose last owner
goes is handed to the admin, or else the member, who has been in it for longest; only one in which
nobody is left to whom it could be handed is closed, and its title goes with it.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.privacy import (
    ErasureRequest,
    ExportAnswer,
    ExportPart,
    ExportRequest,
)
from libs.common.contracts.rooms import Departure, RoomState
from libs.common.erasures import AUTH
from libs.common.errors import Invalid
from libs.common.http.endpoint import Endpoint
from services.rooms.core.cursors import BEFORE_ALL, IdCursor, read_cursor, write_cursor
from services.rooms.core.rules import direct_key, person_of
from services.rooms.core.titles import MAX_TITLE_CHARS, title_key
from services.rooms.store.blocks import BlockStore
from services.rooms.store.erasing import ErasingStore
from services.rooms.store.exporting import ExportingStore
from services.rooms.store.held import HeldRoom
from services.rooms.store.people import PeopleStore
from services.rooms.store.rooms import RoomStore
from services.rooms.store.writing import TitleTaken

PAGE_ITEMS: Final = 200
"""Items of one part in one answer to an export, some 60 KB."""

TURN_ROOMS: Final = 20
"""Rooms that somebody leaves in one turn: each is a transaction and a word to messages."""

TURN_BLOCKS: Final = 100
"""Blocks that are taken back in one turn, each told to everybody."""


class Leaving:
    """Takes a person out of rooms, a turn at a time."""

    def __init__(
        self,
        rooms: RoomStore,
        people: PeopleStore,
        blocks: BlockStore,
        erasing: ErasingStore,
        *,
        clock: Clock,
        rename_batch: int,
    ) -> None:
        self._rooms = rooms
        self._people = people
        self._blocks = blocks
        self._erasing = erasing
        self._clock = clock
        self._rename_batch = rename_batch

    async def turn(self, request: ErasureRequest) -> bool:
        """Take a part away; tell whether nothing was left.  Raises: Unavailable."""
        card = request.person
        await self._people.learn([card])
        # First of all their rooms hear of nobody's name: who shows names by id forgets theirs.
        limit = self._rename_batch
        if await self._people.rename(card.id, limit=limit) == limit:
            return False
        room_ids = await self._erasing.rooms_of(card.id, limit=TURN_ROOMS)
        for room_id in room_ids:
            await self._leave(room_id, request)
        if len(room_ids) == TURN_ROOMS or not await self._take_back_blocks(request):
            return False
        await self._erasing.forget(request)
        is_in = await self._erasing.rooms_of(card.id, limit=1)
        return not is_in and not await self._erasing.is_waiting(card.id)

    async def _take_back_blocks(self, request: ErasureRequest) -> bool:
        """End blocks by and of the person, as all who keep a copy have to hear of each; tell
        whether those were all.
        """
        blocks = await self._erasing.blocks_of(request.person.id, limit=TURN_BLOCKS)
        for person_id, blocked_id in blocks:
            key = direct_key([person_id, blocked_id])
            await self._blocks.drop(person_id, blocked_id, direct_key=key)
        await self._erasing.count(request, block=len(blocks))
        return len(blocks) < TURN_BLOCKS

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
        async with self._rooms.hold(room_id, is_deleted=None) as held:
            if held is None or (role := await held.role(person.id)) is None:
                return False
            if held.room.state is RoomState.DELETED:
                await held.leave(person, Departure.LEFT, actor=person, now=self._clock.now())
                return False
            if held.room.member_count > 1 and await self._is_kept(held, role, person.id):
                if renamed:
                    title = f"{held.room.title[: MAX_TITLE_CHARS - 5]} {renamed}"
                    room = replace(held.room, title=title, title_key=title_key(title))
                    await held.change(room, actor=person, now=self._clock.now())
                await held.leave(person, Departure.LEFT, actor=person, now=self._clock.now())
                return False
            nameless = replace(held.room, title="", title_key="", topic="")
            await held.change(nameless, actor=person, now=self._clock.now())
            await held.leave(person, Departure.LEFT, actor=person, now=self._clock.now())
            await held.delete(actor=person, now=self._clock.now())
            return True

    async def _is_kept(self, held: HeldRoom, role: RoomRole, person_id: PersonId) -> bool:
        """Hand the room to another if it needs an owner; tell whether somebody has it now."""
        if role is not RoomRole.OWNER or await held.owner_count() > 1:
            return True
        heir = await held.heir(person_id)
        if heir is None:
            return False
        await held.change_role(heir, RoomRole.OWNER, actor=heir, now=self._clock.now())
        return True


class ExportApi:
    def __init__(self, exporting: ExportingStore) -> None:
        self._exporting = exporting

    def endpoint(self) -> Endpoint:
        return Endpoint("POST", "/internal/exports", self.export, admits=AUTH)

    async def export(self, body: ExportRequest) -> ExportAnswer:
        """Return what there is of a person, so many items at a time."""
        place = self._place(body.cursor)
        names = list(self._exporting.parts)
        parts: list[ExportPart] = []
        for number, name in list(enumerate(names))[names.index(place.of) :]:
            after = place.id if name == place.of else BEFORE_ALL
            found = await self._exporting.parts[name](body.person_id, after, PAGE_ITEMS)
            if found:
                parts.append(ExportPart(name=name, items=[item for _, item in found]))
            if len(found) == PAGE_ITEMS:
                behind = write_cursor(IdCursor(name, found[-1][0]))
                done = (number + 0.5) / len(names)
                return ExportAnswer(parts=parts, next_cursor=behind, done=done)
        return ExportAnswer(parts=parts, done=1.0)

    def _place(self, cursor: str | None) -> IdCursor:
        """Return where an export goes on.  Raises: Invalid."""
        for name in self._exporting.parts:
            with suppress(Invalid):
                return read_cursor(cursor, first=IdCursor(name))
        raise Invalid(fields={"cursor": "is not valid"})

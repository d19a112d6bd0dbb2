"""Blocks over HTTP: with whom one wants to have nothing to do."""

from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.frames import PersonShown
from libs.common.contracts.ids import PersonId
from libs.common.contracts.scopes import Scope
from libs.common.errors import Invalid
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.times import rfc3339
from services.rooms.api.bodies import Body
from services.rooms.api.people import People
from services.rooms.core.cursors import IdCursor, read_cursor, write_cursor
from services.rooms.core.rules import PersonNotFound, direct_key
from services.rooms.model import Block
from services.rooms.settings import RoomsSettings
from services.rooms.store.blocks import BlockStore, TooManyBlocks

BLOCK: Final = "/v1/blocks/{user_id}"

FIRST: Final = IdCursor("blocks")


class BlockShown(Body):
    """Whom one blocks, and since when. Who blocks oneself is shown to nobody."""

    person: PersonShown
    since: str

    @classmethod
    def of(cls, block: Block) -> "BlockShown":
        return cls(person=PersonShown.of(block.person), since=rfc3339(block.since))


class BlocksApi:
    """The endpoints around blocks; a block binds both and is seen by the one who made it."""

    def __init__(
        self, blocks: BlockStore, people: People, *, settings: RoomsSettings, clock: Clock
    ) -> None:
        self._blocks = blocks
        self._people = people
        self._settings = settings
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/blocks", self.list, scope=Scope.ROOMS_READ),
            Endpoint(
                "PUT",
                BLOCK,
                self.put,
                scope=Scope.ROOMS_WRITE,
                errors=(PersonNotFound, TooManyBlocks),
            ),
            Endpoint("DELETE", BLOCK, self.drop, scope=Scope.ROOMS_WRITE),
        ]

    async def list(
        self, caller: Caller, limit: Limit = DEFAULT_LIMIT, cursor: Cursor | None = None
    ) -> Page[BlockShown]:
        """List whom one blocks."""
        after = PersonId(read_cursor(cursor, first=FIRST).id)
        found = await self._blocks.page(caller.id, after=after, limit=limit + 1)
        page, more = found[:limit], found[limit:]
        behind = write_cursor(IdCursor(FIRST.of, page[-1].person.id)) if more else None
        return Page(items=[BlockShown.of(block) for block in page], next_cursor=behind)

    async def put(self, caller: Caller, user_id: PersonId) -> None:
        """Block somebody; again it changes nothing."""
        if user_id == caller.id:
            raise Invalid(fields={"user_id": "must be somebody else"})
        await self._people.caller(caller)
        if user_id not in await self._people.find([user_id]):
            raise PersonNotFound
        await self._blocks.put(
            caller.id,
            user_id,
            direct_key=direct_key([caller.id, user_id]),
            now=self._clock.now(),
            max_blocks=self._settings.blocks_per_person,
        )

    async def drop(self, caller: Caller, user_id: PersonId) -> None:
        """Take a block back; without one it changes nothing."""
        key = direct_key([caller.id, user_id])
        await self._blocks.drop(caller.id, user_id, direct_key=key)

"""Who wants to have nothing to do with whom.

A block is made by one and binds both. It is written with both people locked in the order of their
ids: so two who block each other at once do not wait in a circle, a direct room of the two is not
begun in between, and their versions rise in the order in which they are told.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from libs.common.contracts.facts import BLOCK_CHANGED, BlockChanged, encode_fact
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import Conflict
from libs.common.outbox import OutboxRow, put
from libs.common.permissions.rules import Blocked
from libs.common.postgres import Connection, Database
from services.rooms.model import Block
from services.rooms.store.held import HeldRoom
from services.rooms.store.rows import MEMBER_COLUMNS, ROOM_COLUMNS, member_of, room_of
from services.rooms.store.writing import Writing

# The rows come sorted out of a sort, and are locked on their way out.
LOCK_PEOPLE: Final = "SELECT FROM person WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"

COUNT: Final = "SELECT count(*) FROM block WHERE person_id = $1"

PUT: Final = """
    INSERT INTO block (person_id, blocked_id, since) VALUES ($1, $2, to_timestamp($3::float8))
    ON CONFLICT (person_id, blocked_id) DO NOTHING
    RETURNING true
"""

DROP: Final = "DELETE FROM block WHERE person_id = $1 AND blocked_id = $2 RETURNING true"

NEXT_VERSION: Final = """
    UPDATE person SET block_version = block_version + 1 WHERE id = $1 RETURNING block_version
"""

HOLD_DIRECT: Final = f"""
    SELECT {ROOM_COLUMNS} FROM room WHERE direct_key = $1 FOR NO KEY UPDATE
"""

BINDS: Final = """
    SELECT EXISTS (
        SELECT FROM block WHERE person_id = $1 AND blocked_id = $2
        UNION ALL
        SELECT FROM block WHERE person_id = $2 AND blocked_id = $1
    )
"""

MARK: Final = f"""
    UPDATE member SET is_blocked = $2 FROM person
    WHERE member.room_id = $1 AND person.id = member.person_id AND member.is_blocked <> $2
    RETURNING {MEMBER_COLUMNS}
"""

BETWEEN: Final = """
    SELECT EXISTS (
        SELECT FROM block WHERE person_id = $1 AND blocked_id = ANY($2)
        UNION ALL
        SELECT FROM block WHERE person_id = ANY($2) AND blocked_id = $1
    )
"""

PAGE: Final = """
    SELECT block.blocked_id, person.kind, person.name,
        extract(epoch FROM block.since)::float8 AS since
    FROM block JOIN person ON person.id = block.blocked_id
    WHERE block.person_id = $1 AND block.blocked_id > $2
    ORDER BY block.blocked_id
    LIMIT $3
"""

# For each asked both directions, at most $2 of either: whoever was blocked by more than that is not
# hidden from all of them.
OF: Final = """
    SELECT asked.id, other.id AS other_id FROM unnest($1::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (
        (SELECT blocked_id AS id FROM block WHERE person_id = asked.id LIMIT $2)
        UNION
        (SELECT person_id FROM block WHERE blocked_id = asked.id LIMIT $2)
    ) other
"""

MOST_TOLD: Final = 10_000


class TooManyBlocks(Conflict):
    code = "too_many_blocks"
    message = "You have blocked as many people as one may. Take a block back first."


class BlockStore:
    """Reads and writes blocks."""

    def __init__(self, database: Database, writing: Writing) -> None:
        self._database = database
        self._writing = writing

    async def put(
        self,
        person_id: PersonId,
        blocked_id: PersonId,
        *,
        direct_key: bytes,
        now: float,
        max_blocks: int,
    ) -> None:
        """Let somebody block another; again it changes nothing. `direct_key` is that of the room
        of the two, if they have one.

        Raises: TooManyBlocks.
        """
        async with self._writing.begin() as connection:
            await connection.execute(LOCK_PEOPLE, [person_id, blocked_id])
            count = await connection.fetchval(COUNT, person_id)
            if not await connection.fetchval(PUT, person_id, blocked_id, now):
                return
            if count >= max_blocks:
                raise TooManyBlocks
            await _shut_direct_room(connection, person_id, blocked_id, direct_key)
            await _tell(connection, person_id, blocked_id, is_blocked=True)

    async def drop(self, person_id: PersonId, blocked_id: PersonId, *, direct_key: bytes) -> None:
        """Take a block back, if there is one."""
        async with self._writing.begin() as connection:
            await connection.execute(LOCK_PEOPLE, [person_id, blocked_id])
            if await connection.fetchval(DROP, person_id, blocked_id):
                await _shut_direct_room(connection, person_id, blocked_id, direct_key)
                await _tell(connection, person_id, blocked_id, is_blocked=False)

    async def page(self, person_id: PersonId, *, after: PersonId, limit: int) -> list[Block]:
        """Return at most `limit` whom somebody blocks, behind `after`, in the order of ids."""
        return [
            Block(
                Person(PersonKind(row["kind"]), PersonId(row["blocked_id"]), row["name"]),
                row["since"],
            )
            for row in await self._database.fetch(PAGE, person_id, after, limit)
        ]

    async def of(self, person_ids: Sequence[PersonId]) -> dict[PersonId, list[PersonId]]:
        """Return for each who has any those whom they have blocked or who have blocked them."""
        found: defaultdict[PersonId, list[PersonId]] = defaultdict(list)
        for row in await self._database.fetch(OF, person_ids, MOST_TOLD):
            found[row["id"]].append(row["other_id"])
        return found


async def check_none_between(
    connection: Connection, person_id: PersonId, others: Sequence[PersonId]
) -> None:
    """Refuse what takes somebody together with one who blocks them, or whom they block.

    It stays true while the person is locked.  Raises: Blocked.
    """
    if await connection.fetchval(BETWEEN, person_id, others):
        raise Blocked


async def _tell(
    connection: Connection, person_id: PersonId, blocked_id: PersonId, *, is_blocked: bool
) -> None:
    version = await connection.fetchval(NEXT_VERSION, person_id)
    fact = BlockChanged(person_id, blocked_id, is_blocked, version)
    await put(connection, OutboxRow(str(person_id), BLOCK_CHANGED, encode_fact(fact)))


async def _shut_direct_room(
    connection: Connection, person_id: PersonId, blocked_id: PersonId, direct_key: bytes
) -> None:
    """Let the room of the two take no words while a block binds them; or words again."""
    row = await connection.fetchrow(HOLD_DIRECT, direct_key)
    if row is None:
        return
    held = HeldRoom(connection, room_of(row))
    binds = await connection.fetchval(BINDS, person_id, blocked_id)
    for marked in await connection.fetch(MARK, held.room.id, binds):
        member = member_of(marked)
        # Told of each in their own name: which of the two has blocked the other is nobody's affair.
        await held.tell_member(member.person, member.role, actor=member.person)

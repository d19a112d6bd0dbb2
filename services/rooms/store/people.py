"""The copy of what auth says of people.

A newer version replaces an older one, whatever order they come in.

A name stands in memberships, too, and comes into all of them: who makes a membership reads the name
there by `named`, and who renames waits for those who have and are not done.
"""

from collections.abc import Sequence
from typing import Final

import asyncpg
from msgspec import structs

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import Person, PersonKind, RoomRole, SystemRole
from libs.common.postgres import Connection, Database
from services.rooms.model import folded
from services.rooms.store.commands import tell
from services.rooms.store.writing import Writing

FIND: Final = """
    SELECT id, kind, name, system_role, is_disabled, version FROM person
    WHERE id = ANY($1) AND version >= $2
"""

# Rows are locked in the order of their ids, so that two writers never wait for each other.
LEARN: Final = """
    INSERT INTO person (id, kind, name, system_role, is_disabled, version)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::int[])
        AS told (id, kind, name, system_role, is_disabled, version)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET
        kind = excluded.kind, name = excluded.name, system_role = excluded.system_role,
        is_disabled = excluded.is_disabled, version = excluded.version
    WHERE person.version < excluded.version
"""

NAMES: Final = "SELECT id, name FROM person WHERE id = ANY($1) FOR KEY SHARE"

# Waits for all who have read `NAMES`.
NAME: Final = "SELECT kind, name FROM person WHERE id = $1 FOR UPDATE"

# The rooms first and in the order of their ids, as everybody who holds several of them would.
# In one that was left while it was waited for, there is nobody to rename.
RENAME: Final = """
    WITH due AS MATERIALIZED (
        SELECT room.id FROM room
        JOIN member ON member.room_id = room.id
        WHERE member.person_id = $1 AND member.name <> $2
        ORDER BY room.id LIMIT $3
        FOR NO KEY UPDATE OF room
    ), renamed AS (
        UPDATE member SET name = $2, name_key = $4 FROM due
        WHERE member.room_id = due.id AND member.person_id = $1
        RETURNING member.room_id, member.role, member.is_blocked,
            extract(epoch FROM member.muted_until)::float8 AS muted_until
    ), bumped AS (
        UPDATE room SET version = version + 1 FROM renamed
        WHERE room.id = renamed.room_id
        RETURNING room.id, room.version, renamed.role, renamed.muted_until, renamed.is_blocked
    )
    SELECT due.id, version, role, muted_until, is_blocked
    FROM due LEFT JOIN bumped ON bumped.id = due.id
    ORDER BY due.id
"""


class PeopleStore:
    """Reads and writes the copy."""

    def __init__(self, database: Database, writing: Writing) -> None:
        self._database = database
        self._writing = writing

    async def find(
        self, person_ids: Sequence[PersonId], *, min_version: int
    ) -> dict[PersonId, PersonCard]:
        """Return those who are known in this version or a newer one."""
        rows = await self._database.fetch(FIND, person_ids, min_version)
        return {PersonId(row["id"]): _card(row) for row in rows}

    async def learn(self, cards: Sequence[PersonCard]) -> None:
        """Keep what is newer than what is known."""
        await self._database.execute(
            LEARN,
            [card.id for card in cards],
            [card.kind for card in cards],
            [card.name for card in cards],
            [card.system_role for card in cards],
            [card.is_disabled for card in cards],
            [card.version for card in cards],
        )

    async def rename(self, person_id: PersonId, *, limit: int) -> int:
        """Tell at most `limit` rooms a member's name that they do not know; return how many did not
        know it. Once that is none, all do, whoever else was renaming or letting them in.
        """
        row = await self._database.fetchrow(NAME, person_id)
        if row is None:
            return 0
        person = Person(PersonKind(row["kind"]), person_id, row["name"])
        async with self._writing.begin() as connection:
            rows = await connection.fetch(
                RENAME, person.id, person.name, limit, folded(person.name)
            )
            for row in rows:
                if row["version"] is None:
                    continue
                change = ProjectMember(
                    version=row["version"],
                    person=person,
                    role=RoomRole(row["role"]),
                    muted_until=row["muted_until"],
                    is_blocked=row["is_blocked"] or None,
                )
                await tell(connection, RoomId(row["id"]), person, change)
        return len(rows)


async def named(connection: Connection, people: Sequence[Person]) -> list[Person]:
    """Return people who are about to be in a room by their names; whoever renames them waits for
    the end of the transaction.
    """
    rows = await connection.fetch(NAMES, [person.id for person in people])
    names = {row["id"]: row["name"] for row in rows}
    return [structs.replace(person, name=names[person.id]) for person in people]


def _card(row: asyncpg.Record) -> PersonCard:
    return PersonCard(
        id=PersonId(row["id"]),
        kind=PersonKind(row["kind"]),
        name=row["name"],
        system_role=SystemRole(row["system_role"]),
        is_disabled=row["is_disabled"],
        version=row["version"],
    )

"""Invitations in Postgres. What uses one up is written with the room held."""

from typing import Final
from uuid import UUID

import asyncpg

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.postgres import Connection, Database
from services.rooms.model import Invite, Inviter
from services.rooms.store.rows import role_of

COLUMNS: Final = """
    invite.id, invite.room_id, invite.code_hash, invite.role, invite.max_uses, invite.uses,
    invite.made_by, invite.ended_at IS NOT NULL AS is_ended,
    extract(epoch FROM invite.made_at)::float8 AS made_at,
    extract(epoch FROM invite.expires_at)::float8 AS expires_at,
    maker.kind, maker.name, maker.system_role, maker.is_disabled, maker.version,
    member.role AS maker_role
"""

FROM: Final = """
    FROM invite JOIN person maker ON maker.id = invite.made_by
    LEFT JOIN member ON member.room_id = invite.room_id AND member.person_id = invite.made_by
"""

BY_CODE: Final = f"SELECT {COLUMNS} {FROM} WHERE invite.code_hash = $1"

BY_ID: Final = f"SELECT {COLUMNS} {FROM} WHERE invite.id = $1"

LIVE: Final = """
    invite.ended_at IS NULL
    AND (invite.expires_at IS NULL OR invite.expires_at > to_timestamp($2::float8))
"""

PAGE: Final = f"""
    SELECT {COLUMNS} {FROM}
    WHERE invite.room_id = $1 AND {LIVE} AND invite.id < $3
    ORDER BY invite.id DESC
    LIMIT $4
"""

COUNT: Final = f"SELECT count(*) FROM invite WHERE invite.room_id = $1 AND {LIVE}"

INSERT: Final = """
    INSERT INTO invite (id, room_id, code_hash, role, max_uses, made_by, made_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8), to_timestamp($8::float8))
"""

USE: Final = """
    UPDATE invite
    SET uses = uses + 1,
        ended_at = CASE WHEN uses + 1 = max_uses THEN to_timestamp($2::float8) END
    WHERE id = $1 AND ended_at IS NULL AND (max_uses IS NULL OR uses < max_uses)
"""

REVOKE: Final = """
    UPDATE invite SET ended_at = to_timestamp($2::float8) WHERE id = $1 AND ended_at IS NULL
    RETURNING true
"""


class InviteStore:
    """Reads invitations, and who made them as they are now."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_code(self, code_hash: bytes) -> tuple[Invite, Inviter] | None:
        """Return the invitation of this code, good or not."""
        row = await self._database.fetchrow(BY_CODE, code_hash)
        return None if row is None else _made_of(row)

    async def by_id(self, invite_id: UUID) -> tuple[Invite, Inviter] | None:
        """Return the invitation of this id, good or not."""
        row = await self._database.fetchrow(BY_ID, invite_id)
        return None if row is None else _made_of(row)

    async def page(
        self, room_id: RoomId, *, before: UUID, limit: int, now: float
    ) -> list[tuple[Invite, Inviter]]:
        """Return at most `limit` that have not come to their end, the newest first."""
        rows = await self._database.fetch(PAGE, room_id, now, before, limit)
        return [_made_of(row) for row in rows]


async def count(connection: Connection, room_id: RoomId, *, now: float) -> int:
    """Return how many invitations of a room have not come to their end."""
    return int(await connection.fetchval(COUNT, room_id, now))


async def insert(connection: Connection, invite: Invite) -> None:
    """Store a new invitation."""
    await connection.execute(
        INSERT,
        invite.id,
        invite.room_id,
        invite.code_hash,
        invite.role,
        invite.max_uses,
        invite.made_by,
        invite.made_at,
        invite.expires_at,
    )


async def again(connection: Connection, invite_id: UUID) -> tuple[Invite, Inviter] | None:
    """Return an invitation as it is now that its room is held."""
    row = await connection.fetchrow(BY_ID, invite_id)
    return None if row is None else _made_of(row)


async def use(connection: Connection, invite_id: UUID, *, now: float) -> None:
    """Count a use; the last one ends the invitation."""
    await connection.execute(USE, invite_id, now)


async def revoke(connection: Connection, invite_id: UUID, *, now: float) -> bool:
    """Let nobody in with it from now on; tell whether it had not ended before."""
    return bool(await connection.fetchval(REVOKE, invite_id, now))


def _made_of(row: asyncpg.Record) -> tuple[Invite, Inviter]:
    invite = Invite(
        id=row["id"],
        room_id=RoomId(row["room_id"]),
        code_hash=row["code_hash"],
        role=RoomRole(row["role"]),
        max_uses=row["max_uses"],
        uses=row["uses"],
        made_by=PersonId(row["made_by"]),
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        is_ended=row["is_ended"],
    )
    card = PersonCard(
        id=invite.made_by,
        kind=PersonKind(row["kind"]),
        name=row["name"],
        system_role=SystemRole(row["system_role"]),
        is_disabled=row["is_disabled"],
        version=row["version"],
    )
    return invite, Inviter(card, role_of(row["maker_role"]))

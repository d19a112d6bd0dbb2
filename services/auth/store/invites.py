"""Invitations to the server in Postgres. Only the hash of what a link holds is stored."""

from typing import Final
from uuid import UUID

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.errors import Forbidden
from libs.common.postgres import Connection, Database
from services.auth.model.acts import Act, Kind
from services.auth.model.admission import Invite
from services.auth.store.audit import note

COLUMNS: Final = """
    id, made_by, max_uses, uses,
    extract(epoch FROM made_at)::float8 AS made_at,
    extract(epoch FROM expires_at)::float8 AS expires_at,
    revoked_at IS NOT NULL AS is_revoked
"""

INSERT: Final = """
    INSERT INTO server_invite (id, token_hash, max_uses, made_by, made_at, expires_at)
    VALUES ($1, $2, $3, $4, to_timestamp($5::float8), to_timestamp($6::float8))
"""

IS_GOOD: Final = """
    SELECT EXISTS (
        SELECT FROM server_invite
        WHERE token_hash = $1 AND revoked_at IS NULL AND uses < max_uses
          AND expires_at > to_timestamp($2::float8)
    )
"""

# Of many who come at once for the last use the first takes the row; the others wait for its end and
# find that no use is left.
CLAIM: Final = """
    UPDATE server_invite SET uses = uses + 1
    WHERE token_hash = $1 AND revoked_at IS NULL AND uses < max_uses
      AND expires_at > to_timestamp($2::float8)
    RETURNING id
"""

REVOKE: Final = """
    UPDATE server_invite SET revoked_at = to_timestamp($2::float8)
    WHERE id = $1 AND revoked_at IS NULL
    RETURNING true
"""

LIST: Final = f"""
    SELECT {COLUMNS} FROM server_invite
    WHERE id < $1
    ORDER BY id DESC
    LIMIT $2
"""

SWEEP: Final = "DELETE FROM server_invite WHERE expires_at < to_timestamp($1::float8)"

ERASE: Final = "DELETE FROM server_invite WHERE made_by = $1"

LAST: Final = UUID(int=2**128 - 1)
"""Behind every id."""


class InvalidInvite(Forbidden):
    """The same for one that never was, was used up, was revoked and has expired."""

    code = "invalid_invite"
    message = "This invitation was used or has expired. Ask for a new one."


class InviteStore:
    """Reads and writes invitations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_good(self, token_hash: bytes, *, now: float) -> bool:
        """Tell whether somebody may still be let in with it."""
        return bool(await self._database.fetchval(IS_GOOD, token_hash, now))

    async def listed(self, *, before: UUID | None, limit: int) -> list[Invite]:
        """Return at most `limit` invitations that were made before this one, the newest first."""
        rows = await self._database.fetch(LIST, before or LAST, limit)
        return [_invite(row) for row in rows]

    async def sweep(self, *, before: float) -> None:
        """Delete invitations that expired before that time."""
        await self._database.execute(SWEEP, before)


async def insert(connection: Connection, invite: Invite, *, token_hash: bytes) -> None:
    """Store a new invitation within the transaction."""
    await connection.execute(
        INSERT,
        invite.id,
        token_hash,
        invite.max_uses,
        invite.made_by,
        invite.made_at,
        invite.expires_at,
    )


async def claim(
    connection: Connection, token_hash: bytes, *, account_id: PersonId, now: float
) -> None:
    """Use an invitation up once, for an account that the transaction makes.

    Raises: InvalidInvite.
    """
    invite_id = await connection.fetchval(CLAIM, token_hash, now)
    if invite_id is None:
        raise InvalidInvite
    act = Act(
        kind=Kind.INVITE_USED,
        actor_id=account_id,
        subject_id=account_id,
        outcome="done",
        address=None,
        session_id=None,
        details={"invite_id": str(invite_id)},
    )
    await note(connection, act, now=now)


async def revoke(connection: Connection, invite_id: UUID, *, now: float) -> bool:
    """Let nobody in with it from now on; tell whether it was good until now."""
    return bool(await connection.fetchval(REVOKE, invite_id, now))


async def erase(connection: Connection, account_id: PersonId) -> None:
    """Delete the invitations that somebody made."""
    await connection.execute(ERASE, account_id)


def _invite(row: asyncpg.Record) -> Invite:
    return Invite(**row)

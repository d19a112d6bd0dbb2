"""Passkeys in Postgres."""

from typing import Final
from uuid import UUID

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.errors import Conflict
from libs.common.postgres import Connection, Database
from services.auth.model.passkeys import Passkey

IS_UNIQUE: Final = "passkey_is_unique"

COLUMNS: Final = """
    id, account_id, credential_id, public_key, sign_count, transports, name,
    extract(epoch FROM created_at)::float8 AS created_at,
    extract(epoch FROM last_used_at)::float8 AS last_used_at
"""

ADD: Final = """
    INSERT INTO passkey (
        id, account_id, credential_id, public_key, sign_count, transports, name, created_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8))
"""

OF_ACCOUNT: Final = f"""
    SELECT {COLUMNS} FROM passkey WHERE account_id = $1 ORDER BY created_at, id
"""

FIND: Final = f"SELECT {COLUMNS} FROM passkey WHERE credential_id = $1"

# A count that did not rise, where there is one, is that of a copy.
USE: Final = """
    UPDATE passkey SET sign_count = $2, last_used_at = to_timestamp($3::float8)
    WHERE id = $1 AND (sign_count < $2 OR sign_count = 0 AND $2 = 0)
    RETURNING true
"""

REMOVE: Final = "DELETE FROM passkey WHERE id = $1 AND account_id = $2 RETURNING true"


class PasskeyKnown(Conflict):
    code = "passkey_known"
    message = "This passkey was added before."


class PasskeyStore:
    """Reads passkeys and counts their uses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account_id: PersonId) -> list[Passkey]:
        """Return the passkeys of an account, the oldest first."""
        return [_passkey(row) for row in await self._database.fetch(OF_ACCOUNT, account_id)]

    async def find(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey of this id, whoever's it is."""
        row = await self._database.fetchrow(FIND, credential_id)
        return None if row is None else _passkey(row)

    async def use(self, passkey_id: UUID, *, sign_count: int, now: float) -> bool:
        """Note a use; tell whether its count is one that may follow."""
        return bool(await self._database.fetchval(USE, passkey_id, sign_count, now))


async def add(connection: Connection, passkey: Passkey) -> None:
    """Store a passkey within the transaction.  Raises: PasskeyKnown."""
    try:
        await connection.execute(
            ADD,
            passkey.id,
            passkey.account_id,
            passkey.credential_id,
            passkey.public_key,
            passkey.sign_count,
            passkey.transports,
            passkey.name,
            passkey.created_at,
        )
    except asyncpg.UniqueViolationError as error:
        if error.constraint_name == IS_UNIQUE:
            raise PasskeyKnown from None
        raise


async def remove(connection: Connection, passkey_id: UUID, account_id: PersonId) -> bool:
    """Take a passkey of an account away within the transaction; tell whether it was there."""
    return bool(await connection.fetchval(REMOVE, passkey_id, account_id))


def _passkey(row: asyncpg.Record) -> Passkey:
    return Passkey(
        id=row["id"],
        account_id=PersonId(row["account_id"]),
        credential_id=row["credential_id"],
        public_key=row["public_key"],
        sign_count=row["sign_count"],
        transports=tuple(row["transports"]),
        name=row["name"],
        created_at=row["created_at"],
        last_used_at=row["last_used_at"],
    )

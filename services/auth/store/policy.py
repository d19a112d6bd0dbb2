"""The policy of the server in Postgres: at most one row, and none until an owner changes it."""

from collections.abc import Sequence
from typing import Final

import asyncpg

from libs.common.postgres import Connection, Database
from services.auth.model.admission import Policy, RegistrationMode

READ: Final = "SELECT registration, domains FROM policy"

# What is not said stays as it is now, whatever the caller has seen: $4 and $5 hold if nobody has
# said anything yet.
CHANGE: Final = """
    INSERT INTO policy (registration, domains, changed_at)
    VALUES (coalesce($1::text, $4), coalesce($2::text[], $5), to_timestamp($3::float8))
    ON CONFLICT (is_only) DO UPDATE
    SET registration = coalesce($1::text, policy.registration),
        domains = coalesce($2::text[], policy.domains),
        changed_at = excluded.changed_at
    RETURNING registration, domains
"""


class PolicyStore:
    """Reads the policy; `default` holds as long as nobody has changed it."""

    def __init__(self, database: Database, *, default: Policy) -> None:
        self._database = database
        self._default = default

    async def read(self) -> Policy:
        """Return what holds now."""
        row = await self._database.fetchrow(READ)
        return self._default if row is None else _policy(row)

    async def change(
        self,
        connection: Connection,
        *,
        registration: RegistrationMode | None,
        domains: Sequence[str] | None,
        now: float,
    ) -> Policy:
        """Change what is not None within the transaction, and return the whole."""
        (row,) = await connection.fetch(
            CHANGE, registration, domains, now, self._default.registration, self._default.domains
        )
        return _policy(row)


def _policy(row: asyncpg.Record) -> Policy:
    return Policy(RegistrationMode(row["registration"]), tuple(row["domains"]))

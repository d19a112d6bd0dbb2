"""The policy of the server in Postgres: at most one row, and none until an owner changes it."""

from typing import Final

from libs.common.postgres import Connection, Database
from services.auth.model.admission import Policy, RegistrationMode

READ: Final = "SELECT registration, domains FROM policy"

KEEP: Final = """
    INSERT INTO policy (registration, domains, changed_at)
    VALUES ($1, $2, to_timestamp($3::float8))
    ON CONFLICT (is_only) DO UPDATE
    SET registration = excluded.registration, domains = excluded.domains,
        changed_at = excluded.changed_at
"""


class PolicyStore:
    """Reads the policy; `default` holds as long as nobody has changed it."""

    def __init__(self, database: Database, *, default: Policy) -> None:
        self._database = database
        self._default = default

    async def read(self) -> Policy:
        """Return what holds now."""
        row = await self._database.fetchrow(READ)
        if row is None:
            return self._default
        return Policy(RegistrationMode(row["registration"]), tuple(row["domains"]))


async def keep(connection: Connection, policy: Policy, *, now: float) -> None:
    """Store a policy within the transaction."""
    await connection.execute(KEEP, policy.registration, policy.domains, now)

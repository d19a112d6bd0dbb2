"""Who runs the server: its owners and admins, in Postgres."""

from typing import Final
from uuid import UUID

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database

MAX_LOOKED_AT: Final = 1_000
"""A server with more people who run it has other troubles than their names."""

# Those who have been there longest, if there are too many.
NAMES: Final = """
    SELECT name FROM account
    WHERE system_role IN ('owner', 'admin') AND disabled_at IS NULL AND id <> $1
    ORDER BY id
    LIMIT $2
"""

NOBODY: Final = PersonId(UUID(int=0))


class Staff:
    """Knows the owners and admins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def names(self, *, but: PersonId | None) -> list[str]:
        """Return the names of the owners and admins, without those of the account `but`."""
        rows = await self._database.fetch(NAMES, but or NOBODY, MAX_LOOKED_AT)
        return [row["name"] for row in rows]

"""The copy of system roles that auth's facts keep up to date."""

from typing import Final

from libs.common.contracts.facts import UserChanged
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.postgres import Database

# Nearly everybody is a plain member for ever, and has no row.
PUT: Final = """
INSERT INTO system_role (person_id, role, version)
SELECT $1, $2, $3
WHERE $2 <> 'member' OR EXISTS (SELECT FROM system_role WHERE person_id = $1)
ON CONFLICT (person_id) DO UPDATE SET role = excluded.role, version = excluded.version
WHERE system_role.version < excluded.version
"""


FIND: Final = "SELECT role FROM system_role WHERE person_id = $1"


class RoleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def learn(self, fact: UserChanged) -> None:
        """Keep a person's role unless a newer one is known."""
        await self._database.execute(PUT, fact.person_id, fact.system_role, fact.version)

    async def of(self, person_id: PersonId) -> SystemRole:
        """Return a person's role."""
        return SystemRole(await self._database.fetchval(FIND, person_id) or SystemRole.MEMBER)

"""The copy of who has blocked whom that rooms' facts keep up to date."""

from typing import Final

from libs.common.contracts.facts import BlockChanged
from libs.common.postgres import Database

PUT: Final = """
INSERT INTO block (person_id, blocked_id, is_blocked, version) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, blocked_id) DO UPDATE
SET is_blocked = excluded.is_blocked, version = excluded.version
WHERE block.version < excluded.version
"""


class BlockStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def learn(self, fact: BlockChanged) -> None:
        """Keep whether somebody blocks somebody, unless something newer is known."""
        await self._database.execute(
            PUT, fact.person_id, fact.blocked_id, fact.is_blocked, fact.version
        )

"""How a service takes away what it has of a person, turn by turn, and signs that nothing is left.

    auth asks -> signed already? the same receipt again
              -> a turn of the service -> something left, or on its way: ask again
                                       '-> nothing left: sign, keep, answer

Every turn is bounded, and finds what is left by looking, so that one that was killed is repeated
without harm. What was counted is kept in the transaction that did it. The rows here hold ids and
numbers, and stay: a question that comes late, or twice, has its answer.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec
import structlog

from libs.common.contracts.privacy import ErasureAnswer, ErasureRequest
from libs.common.http.endpoint import Endpoint
from libs.common.postgres import Connection, Database
from libs.common.tokens.receipts import Receipts

log = structlog.get_logger()

TABLE: Final = """
    CREATE TABLE erasure (
        id uuid NOT NULL,
        person_id uuid NOT NULL,
        counts jsonb NOT NULL DEFAULT '{}',
        receipt text,
        PRIMARY KEY (id, person_id)
    )
"""
"""For a migration of a service that keeps something of people: it holds this text."""

BEGIN: Final = """
    INSERT INTO erasure (id, person_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""

FIND: Final = "SELECT counts, receipt FROM erasure WHERE id = $1 AND person_id = $2"

COUNT: Final = """
    UPDATE erasure SET counts = counts || (
        SELECT jsonb_object_agg(key, coalesce((counts ->> key)::bigint, 0) + value::bigint)
        FROM jsonb_each_text($3::jsonb)
    )
    WHERE id = $1 AND person_id = $2
"""

# Of two who finish at once the first one's receipt is the one.
FINISH: Final = """
    UPDATE erasure SET receipt = coalesce(receipt, $3) WHERE id = $1 AND person_id = $2
    RETURNING receipt
"""

AUTH: Final = frozenset({"auth"})

Turn = Callable[[ErasureRequest], Awaitable[bool]]
"""Takes a bounded part away; tells whether nothing was left.  Raises: Unavailable, TimedOut."""


class Erasures:
    """Answers auth for one service."""

    def __init__(self, database: Database, receipts: Receipts, turn: Turn) -> None:
        self._database = database
        self._receipts = receipts
        self._turn = turn

    def endpoint(self) -> Endpoint:
        return Endpoint("POST", "/internal/erasures", self.erase, admits=AUTH)

    async def erase(self, body: ErasureRequest) -> ErasureAnswer:
        """Take away what is left of a person, or a part of it."""
        key = body.erasure_id, body.person.id
        await self._database.execute(BEGIN, *key)
        row = await self._database.fetchrow(FIND, *key)
        if row is not None and row["receipt"] is not None:
            return ErasureAnswer(receipt=row["receipt"])
        if not await self._turn(body):
            return ErasureAnswer()
        row = await self._database.fetchrow(FIND, *key)
        counts = msgspec.json.decode(row["counts"], type=dict[str, int]) if row else {}
        receipt = self._receipts.sign(*key, counts)
        log.info("person_erased", user_id=body.person.id, counts=counts)
        return ErasureAnswer(receipt=await self._database.fetchval(FINISH, *key, receipt))


async def count(connection: Connection, request: ErasureRequest, counts: Mapping[str, int]) -> None:
    """Add to what the receipt will say, if the transaction commits; zeros are left out."""
    some = {name: number for name, number in counts.items() if number}
    if some:
        body = msgspec.json.encode(some)
        await connection.execute(COUNT, request.erasure_id, request.person.id, body)


def affected(status: str) -> int:
    """Return how many rows a statement changed, from what Postgres says of it."""
    return int(status.rpartition(" ")[2])

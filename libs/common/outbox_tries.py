"""How often processes began to publish a row, and ended: so that no row can end them for ever.

A row that an earlier process left may be what ended it. Such rows, and only they, are counted
before they are published, in a table of their own, and leave in chunks that shrink with the tries,
so that the cause ends up alone. A try that the process survives is taken back: a bus that is away
is no crash. A row that five processes began and none survived is set aside: it stays in the outbox,
is told of at each start, and the others pass it. `DELETE FROM outbox_try` lets it leave after all.

See: docs/decisions/0003-tries-have-a-table.md
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import structlog
from prometheus_client import Gauge

from libs.common.bus.worker import CHUNK_AFTER_TRIES, MAX_TRIES, chunks
from libs.common.errors import Unavailable
from libs.common.metrics import Metrics
from libs.common.outbox import LOCK
from libs.common.postgres import Connection, Database

log = structlog.get_logger()

SHOWN: Final = 20
"""How many ids of rows that are set aside a line of the log names."""

NEWEST: Final = "SELECT coalesce(max(id), 0) FROM outbox"
SET_ASIDE: Final = "UPDATE outbox_try SET is_set_aside = true WHERE tries >= $1 RETURNING id"
LEFT: Final = """
    SELECT id, coalesce(tries, 0) AS tries FROM outbox LEFT JOIN outbox_try USING (id)
    WHERE id <= $1 AND is_set_aside IS NOT true
    ORDER BY id LIMIT $2
"""
COUNT: Final = """
    INSERT INTO outbox_try (id, tries) SELECT id, 1 FROM unnest($1::bigint[]) AS begun (id)
    ON CONFLICT (id) DO UPDATE SET tries = outbox_try.tries + 1
"""
TAKE_BACK: Final = "UPDATE outbox_try SET tries = tries - 1 WHERE id = ANY($1::bigint[])"

OnSetAside = Callable[[int], None]
"""Hears, once a process, how many rows are set aside."""


def set_aside_gauge(metrics: Metrics) -> Gauge:
    """Return the metric that `OnSetAside` sets."""
    return metrics.gauge(
        "outbox_set_aside_count",
        "Rows of the outbox that ended several processes and are published no more.",
    )


class OutboxTries:
    """One process's view of the rows that others left."""

    def __init__(self, database: Database, *, on_set_aside: OnSetAside) -> None:
        self._database = database
        self._on_set_aside = on_set_aside
        self._newest: int | None = None
        self._begun: frozenset[int] = frozenset()
        self.are_over = False
        """No row of an earlier process is left to be published."""

    async def begin(self, max_rows: int) -> int | None:
        """Return how many of the oldest rows may leave together; None while another relay works.

        What an earlier process left is counted for good before this returns.  Raises: Unavailable.
        """
        if self.are_over:
            return max_rows
        async with self._database.transaction() as connection:
            if not await connection.fetchval(LOCK):
                return None
            if self._newest is None:
                await self._look(connection)
            most = min(max_rows, CHUNK_AFTER_TRIES[0])
            left = await connection.fetch(LEFT, self._newest, most)
            self.are_over = not left
            if self.are_over:
                return max_rows
            together = left[next(chunks([row["tries"] for row in left]))]
            begun = frozenset(row["id"] for row in together)
            await connection.execute(COUNT, sorted(begun - self._begun))
        self._begun = begun
        return len(begun)

    async def take_back(self) -> None:
        """Count the last try no more, as the process lives; if it cannot be done, not twice."""
        with suppress(Unavailable):
            await self._database.execute(TAKE_BACK, sorted(self._begun))
            self._begun = frozenset()

    async def _look(self, connection: Connection) -> None:
        rows = await connection.fetch(SET_ASIDE, MAX_TRIES)
        if rows:
            ids = sorted(row["id"] for row in rows)
            log.error("outbox_rows_set_aside", count=len(ids), ids=ids[:SHOWN])
        self._on_set_aside(len(rows))
        self._newest = await connection.fetchval(NEWEST)

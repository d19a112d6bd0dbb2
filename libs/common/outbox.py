"""What leaves a service because its transaction committed, and only then.

    transaction   change rows, put ------------------> commit, wake
    relay         lock, read the oldest, publish (returns after the confirm), delete, commit

A row is published at least once: a relay that dies between the confirm and its commit leaves the
rows, and the next one publishes them again, so receivers compare versions. Rows of one `key` (a
room, a user) are published in the order in which their transactions committed; rows of different
keys may overtake each other.

A row is taken because it is there and is done when it is deleted; there is no "after the last id",
because ids are given before the commit and a lower one can appear later than a higher one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.errors import TimedOut, Unavailable
from libs.common.postgres import Connection, Database
from libs.common.retry import DelayS

log = structlog.get_logger()

TABLE: Final = """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text NOT NULL,
        kind text NOT NULL,
        body bytea NOT NULL,
        put_at timestamptz NOT NULL DEFAULT now()
    )
"""
"""For the first migration of a service that has an outbox: it holds this text."""

# Whoever puts a row of the same key waits here until this transaction ends. So within a key ids are
# given in the order of the commits.
PUT: Final = """
    WITH turn AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(
            hashtextextended('outbox ' || current_schema() || ' ' || $1::text, 0))
    )
    INSERT INTO outbox (key, kind, body) SELECT $1::text, $2, $3 FROM turn
"""

# One relay at a time, whichever instance it runs in; freed with its transaction.
LOCK: Final = """
    SELECT pg_try_advisory_xact_lock(hashtextextended('outbox relay ' || current_schema(), 0))
"""
OLDEST: Final = "SELECT id, key, kind, body FROM outbox ORDER BY id LIMIT $1"
DONE: Final = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"

WAITING: Final = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(put_at)), 0)::float8 FROM outbox
"""

BUSY_S: Final = 0.1
"""When to look again while another instance relays: what was put since may be left to us."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to publish. `key` orders, `kind` says what `body` is."""

    key: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows have not been published, and for how long the oldest has waited."""

    rows: int
    oldest_s: float


Publish = Callable[[Sequence[OutboxRow]], Awaitable[None]]
"""Returns once all are confirmed, and raises Unavailable or TimedOut when that is not known.

It bounds its own time, to less than `database_idle_in_transaction_timeout_ms`.
"""


async def put(connection: Connection, row: OutboxRow) -> None:
    """Publish a row if the transaction that `connection` is in commits; then wake the relay.

    Until then nobody else can put a row of that key. A transaction that puts rows of several keys
    puts them in the order of the keys, or two of them could wait for each other.
    """
    await connection.execute(PUT, row.key, row.kind, row.body)


async def waiting(database: Database) -> Waiting:
    """Return what has not left yet: a number that grows is a broker that is not reached."""
    async with database.connection() as connection:
        rows, oldest_s = (await connection.fetch(WAITING))[0]
    return Waiting(rows, oldest_s)


class Relay:
    """Publishes what was put, oldest first, at most `max_rows` at a time.

    It looks when woken, and every `poll_s` for what other instances put. `delay_s` is given the
    number of failures in a row.
    """

    def __init__(
        self,
        database: Database,
        publish: Publish,
        *,
        max_rows: int,
        poll_s: float,
        delay_s: DelayS,
        clock: Clock,
    ) -> None:
        self._database = database
        self._publish = publish
        self._max_rows = max_rows
        self._poll_s = poll_s
        self._delay_s = delay_s
        self._clock = clock
        self._woken = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []

    def wake(self) -> None:
        """Look now. Call it after the commit."""
        self._woken.set()

    async def caught_up(self, timeout_s: float) -> bool:
        """Look now; return True once all that was committed before this call is published.

        False after `timeout_s`: it is going to be, and nobody knows when. Only while `run` runs.
        """
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self.wake()
        done, _ = await asyncio.wait([waiter], timeout=timeout_s)
        return bool(done)

    async def run(self) -> None:
        """Relay until cancelled."""
        failures = 0
        while True:
            self._woken.clear()
            due = len(self._waiters)
            try:
                count = await self.relay_some()
            except (Unavailable, TimedOut) as error:
                failures += 1
                log.warning("outbox_relay_failed", reason=repr(error), failures=failures)
                await self._clock.sleep(self._delay_s(failures))
                continue
            failures = 0
            if count is None:
                await self._clock.sleep(BUSY_S)
            elif count < self._max_rows:
                self._release(due)
                await self._until_woken()

    async def relay_some(self) -> int | None:
        """Publish the oldest rows and return how many; None while another instance does it.

        Raises: Unavailable, TimedOut; the rows are kept then.
        """
        async with self._database.transaction() as connection:
            if not await connection.fetchval(LOCK):
                return None
            rows = await connection.fetch(OLDEST, self._max_rows)
            if rows:
                await self._publish(
                    [OutboxRow(row["key"], row["kind"], row["body"]) for row in rows]
                )
                await connection.execute(DONE, [row["id"] for row in rows])
            return len(rows)

    def _release(self, due: int) -> None:
        """Tell those who waited before the last look began: nothing of theirs is left."""
        released, self._waiters = self._waiters[:due], self._waiters[due:]
        for waiter in released:
            if not waiter.done():
                waiter.set_result(None)

    async def _until_woken(self) -> None:
        ways = {
            asyncio.create_task(self._woken.wait()),
            asyncio.create_task(self._clock.sleep(self._poll_s)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()

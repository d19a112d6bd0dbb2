"""How often somebody may do something, counted in Postgres for all instances of a service.

The rule is that of `libs.common.ratelimit`, one time for each bucket; here the time is a row, and a
take is one statement, so that two instances never take the same last one. A refusal writes nothing:
a flood of refused requests costs reads.

`route` names what is limited and `key` whose it is: a person's id, or a network. Neither is stored,
only their hash, as a network belongs to somebody.

The clock is that of the wall, of whichever instance asks. One that is behind the others makes its
callers wait longer by so much. One that was set back by more than `APART_NS` would make them wait
until it has caught up: a bucket that is emptier than that allows counts as full.
"""

import hashlib
from dataclasses import dataclass
from math import ceil
from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.errors import TooMany, Unavailable
from libs.common.postgres import Database
from libs.common.ratelimit import SLACK_NS, Limit

log = structlog.get_logger()

TABLE: Final = """
    CREATE UNLOGGED TABLE rate (
        key bytea PRIMARY KEY,
        full_at_ns bigint NOT NULL
    ) WITH (fillfactor = 70)
"""
"""For a migration of a service that has limits: it holds this text.

Not logged, as what was done in the last minutes is not worth a wait for the disk: after a crash of
Postgres all buckets are full. A row is written over and over: its next version fits beside it.
"""

KEY_BYTES: Final = 16

APART_NS: Final = 60_000_000_000
"""Further apart are the clocks of two instances never."""

SWEPT_AT_ONCE: Final = 10_000
"""Rows that one statement deletes; it takes some 30 ms."""

SWEEP_EVERY_S: Final = 600.0

# $2 is now, $3 what a take costs, $4 a whole bucket, $5 what rounding may cost, $6 how far apart
# clocks are, all in ns. Whether it is taken is said apart from the wait: that is read from the row
# as it was when the statement began, which another's take may have changed since.
TAKE: Final = """
    WITH taken AS (
        INSERT INTO rate AS held (key, full_at_ns) VALUES ($1, $2::bigint + $3::bigint)
        ON CONFLICT (key) DO UPDATE
            SET full_at_ns = $3 + CASE
                WHEN held.full_at_ns BETWEEN $2 AND $2 + $4::bigint + $6::bigint
                THEN held.full_at_ns ELSE $2 END
            WHERE held.full_at_ns + $3 <= $2 + $4 + $5::bigint
               OR held.full_at_ns > $2 + $4 + $6
        RETURNING true
    )
    SELECT EXISTS (SELECT FROM taken),
           (SELECT full_at_ns + $3 - $2 - $4 FROM rate WHERE key = $1)
"""

LOOK: Final = "SELECT full_at_ns FROM rate WHERE key = $1"

GIVE_BACK: Final = "UPDATE rate SET full_at_ns = full_at_ns - $2::bigint WHERE key = $1"

# A full bucket is as good as none.
SWEEP: Final = """
    DELETE FROM rate
    WHERE key IN (SELECT key FROM rate WHERE full_at_ns < $1::bigint LIMIT $2)
        AND full_at_ns < $1
"""


class PostgresRates:
    """Limits of one service, each for many keys.

    Whoever always takes from the same limit keeps it as a `Rate`:

        self._searches = rates.of("users.search", Limit.per_minute(60, burst=30))
        await self._searches.take(str(caller.id))
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def of(self, route: str, limit: Limit) -> "Rate":
        """Return the limit of a route, to take from."""
        return Rate(self, route, limit)

    async def take(self, route: str, key: str, limit: Limit) -> None:
        """Take one.  Raises: TooMany with the shortest wait, and then nothing is taken."""
        ((is_taken, wait_ns),) = await self._database.fetch(
            TAKE,
            hashed(route, key),
            self._now_ns(),
            limit.step_ns,
            limit.whole_ns,
            SLACK_NS,
            APART_NS,
        )
        if is_taken:
            return
        if wait_ns is None or wait_ns <= SLACK_NS:
            wait_ns = limit.step_ns
        raise TooMany(retry_after_ms=ceil(wait_ns / 1e6))

    async def check(self, route: str, key: str, limit: Limit) -> None:
        """Raise TooMany if `take` would; nothing is taken."""
        now_ns = self._now_ns()
        full_at_ns = await self._database.fetchval(LOOK, hashed(route, key))
        if full_at_ns is not None and full_at_ns <= now_ns + limit.whole_ns + APART_NS:
            limit.taken(full_at_ns, now_ns)

    async def give_back(self, route: str, key: str, limit: Limit) -> None:
        """Give back what one take took."""
        await self._database.execute(GIVE_BACK, hashed(route, key), limit.step_ns)

    async def run(self) -> None:
        """Sweep now and then, for ever; a worker of a service that sweeps only this."""
        while True:
            await self._clock.sleep(SWEEP_EVERY_S)
            try:
                await self.sweep()
            except Unavailable:
                log.warning("rates_sweep_postponed")

    async def sweep(self) -> None:
        """Forget all buckets that are full."""
        now_ns, all_of_them = self._now_ns(), f"DELETE {SWEPT_AT_ONCE}"
        while await self._database.execute(SWEEP, now_ns, SWEPT_AT_ONCE) == all_of_them:
            pass

    def _now_ns(self) -> int:
        return int(self._clock.now() * 1e9)


@dataclass(frozen=True, slots=True)
class Rate:
    """One limit, for many keys."""

    rates: PostgresRates
    route: str
    limit: Limit

    async def take(self, key: str) -> None:
        """Take one.  Raises: TooMany, and then nothing is taken."""
        await self.rates.take(self.route, key, self.limit)

    async def check(self, key: str) -> None:
        """Raise TooMany if `take` would; nothing is taken."""
        await self.rates.check(self.route, key, self.limit)

    async def give_back(self, key: str) -> None:
        """Give back what one take took."""
        await self.rates.give_back(self.route, key, self.limit)


def hashed(route: str, key: str) -> bytes:
    """Return what a bucket is kept under."""
    return hashlib.sha256(f"{route}\0{key}".encode(errors="surrogatepass")).digest()[:KEY_BYTES]

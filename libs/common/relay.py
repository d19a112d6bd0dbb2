"""Takes what was put into the outbox to the bus, oldest first; see `libs.common.outbox`."""

import asyncio
from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.errors import TimedOut, Unavailable
from libs.common.outbox import LOCK, OutboxRow, Publish
from libs.common.outbox_tries import OnSetAside, OutboxTries
from libs.common.postgres import Database
from libs.common.retry import DelayS
from libs.common.sleeper import Sleeper

log = structlog.get_logger()

OLDEST: Final = """
    SELECT id, key, kind, body FROM outbox
    WHERE NOT EXISTS (SELECT FROM outbox_try WHERE outbox_try.id = outbox.id AND is_set_aside)
    ORDER BY id LIMIT $1
"""
DONE: Final = "DELETE FROM outbox WHERE id = ANY($1::bigint[])"

BUSY_S: Final = 0.1
"""When to look again while another instance relays: what was put since may be left to us."""


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
        on_set_aside: OnSetAside,
        clock: Clock,
    ) -> None:
        self._database = database
        self._publish = publish
        self._max_rows = max_rows
        self._poll_s = poll_s
        self._delay_s = delay_s
        self._clock = clock
        self._tries = OutboxTries(database, on_set_aside=on_set_aside)
        self._sleeper = Sleeper(clock)
        self._waiters: list[asyncio.Future[None]] = []

    def wake(self) -> None:
        """Look now. Call it after the commit."""
        self._sleeper.wake()

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
            due = len(self._waiters)
            try:
                count = await self.relay_some()
            except (Unavailable, TimedOut) as error:
                failures += 1
                reason = repr(error.__cause__ or error)
                log.warning("outbox_relay_failed", reason=reason, failures=failures)
                await self._clock.sleep(self._delay_s(failures))
                continue
            failures = 0
            if count is None:
                await self._sleeper.sleep(BUSY_S)
            elif count < self._max_rows and self._tries.are_over:
                self._release(due)
                await self._sleeper.sleep(self._poll_s)

    async def relay_some(self) -> int | None:
        """Publish the oldest rows and return how many; None while another instance does it.

        Raises: Unavailable, TimedOut; the rows are kept then.
        """
        max_rows = await self._tries.begin(self._max_rows)
        if max_rows is None:
            return None
        try:
            return await self._publish_oldest(max_rows)
        except (Unavailable, TimedOut, asyncio.CancelledError):
            await self._tries.take_back()
            raise

    async def _publish_oldest(self, max_rows: int) -> int | None:
        async with self._database.transaction() as connection:
            if not await connection.fetchval(LOCK):
                return None
            rows = await connection.fetch(OLDEST, max_rows)
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

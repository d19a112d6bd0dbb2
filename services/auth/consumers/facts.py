"""Takes facts from the outbox to the bus."""

import asyncio
from collections.abc import Sequence

from libs.common.bus.interface import Bus, Outgoing
from libs.common.bus.topology import FACTS
from libs.common.contracts.facts import FACT
from libs.common.errors import TimedOut
from libs.common.outbox import OutboxRow


class FactPublisher:
    """Publishes one row after the other, so that facts of one key arrive in their order.

    `timeout_s` is for all rows together: the relay's transaction may not stay idle for long.
    """

    def __init__(self, bus: Bus, *, timeout_s: float) -> None:
        self._bus = bus
        self._timeout_s = timeout_s

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Return once the bus has taken all rows.  Raises: Unavailable, TimedOut."""
        try:
            async with asyncio.timeout(self._timeout_s):
                for row in rows:
                    await self._bus.publish(
                        Outgoing(FACTS, row.kind, FACT, row.body, must_survive=True),
                        timeout_s=self._timeout_s,
                    )
        except TimeoutError:
            raise TimedOut from None

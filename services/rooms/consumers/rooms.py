"""What left the outbox goes to the owner of the room's log, or as a fact to everybody; in order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from libs.common.bus.interface import Bus, Outgoing
from libs.common.bus.topology import COMMANDS, FACTS, room_command_key
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    decode_commands,
    encode_commands,
)
from libs.common.contracts.facts import FACT
from libs.common.errors import TimedOut
from libs.common.outbox import OutboxRow


class RoomNews:
    """Publishes rows of the outbox: those of a room as commands on its shard, others as facts."""

    def __init__(self, bus: Bus, *, shards: int, timeout_s: float) -> None:
        self._bus = bus
        self._shards = shards
        self._timeout_s = timeout_s

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Return once all are safe with the bus, or with whoever obeys them.

        Raises: Unavailable, TimedOut; some may have been sent then.
        """
        by_key: dict[str, list[Command]] = defaultdict(list)
        facts = [row for row in rows if row.kind != COMMAND_BATCH]
        for row in rows:
            if row.kind == COMMAND_BATCH:
                key = room_command_key(UUID(row.key), self._shards)
                by_key[key] += decode_commands(row.body)
        outcomes = await asyncio.gather(
            *(self._send(key, commands) for key, commands in by_key.items()),
            self._send_facts(facts),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def _send(self, key: str, commands: Sequence[Command]) -> None:
        body = encode_commands(commands)
        message = Outgoing(COMMANDS, key, COMMAND_BATCH, body, is_mandatory=True, must_survive=True)
        await self._bus.publish(message, timeout_s=self._timeout_s)

    async def _send_facts(self, rows: Sequence[OutboxRow]) -> None:
        """Send one after the other, so that those of one key arrive in their order."""
        try:
            async with asyncio.timeout(self._timeout_s):
                for row in rows:
                    fact = Outgoing(FACTS, row.kind, FACT, row.body, must_survive=True)
                    await self._bus.publish(fact, timeout_s=self._timeout_s)
        except TimeoutError:
            raise TimedOut from None

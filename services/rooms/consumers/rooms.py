"""What left the outbox goes to the owner of the room's log, in order."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from libs.common.bus.interface import Bus, Outgoing
from libs.common.bus.topology import COMMANDS, room_command_key
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    Command,
    decode_commands,
    encode_commands,
)
from libs.common.outbox import OutboxRow


class RoomCommands:
    """Publishes rows of the outbox, each of one room by its id, as commands on their shards."""

    def __init__(self, bus: Bus, *, shards: int, timeout_s: float) -> None:
        self._bus = bus
        self._shards = shards
        self._timeout_s = timeout_s

    async def publish(self, rows: Sequence[OutboxRow]) -> None:
        """Return once all are safe with the bus, or with whoever obeys them.

        Raises: Unavailable; some may have been sent then.
        """
        by_key: dict[str, list[Command]] = defaultdict(list)
        for row in rows:
            key = room_command_key(UUID(row.key), self._shards)
            by_key[key] += decode_commands(row.body)
        outcomes = await asyncio.gather(
            *(self._send(key, commands) for key, commands in by_key.items()),
            return_exceptions=True,
        )
        for outcome in outcomes:
            if outcome is not None:
                raise outcome

    async def _send(self, key: str, commands: Sequence[Command]) -> None:
        body = encode_commands(commands)
        message = Outgoing(COMMANDS, key, COMMAND_BATCH, body, is_mandatory=True, must_survive=True)
        await self._bus.publish(message, timeout_s=self._timeout_s)

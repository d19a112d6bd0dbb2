"""What people want changed over HTTP goes the way of every command: over the bus to the room's log.

So it meets the same order, the same rules and the same memory of what was done before.
"""

from typing import Any

from libs.common.bus.asking import Asker, read_answer, wish_of
from libs.common.bus.topology import room_command_key
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.commands import Payload
from libs.common.contracts.ids import CommandId, RoomId
from libs.common.contracts.people import Person


class Wishes:
    """Sends commands for people and waits at most `timeout_s` for what they came to."""

    def __init__(
        self, asker: Asker, *, shards: int, timeout_s: float, clock: Clock, chance: Chance
    ) -> None:
        self._asker = asker
        self._shards = shards
        self._timeout_s = timeout_s
        self._clock = clock
        self._chance = chance

    async def send(
        self, person: Person, room_id: RoomId, payload: Payload, *, key: str | None
    ) -> dict[str, Any]:
        """Return the data of the ack. `key` makes a repeat harmless; without one it is a new wish.

        Raises: what the command was refused with, Unavailable, TimedOut.
        """
        wish = wish_of(
            person,
            room_id,
            payload,
            command_id=CommandId(key or self._chance.new_id().hex),
            deadline=self._clock.now() + self._timeout_s,
        )
        room_key = room_command_key(room_id, self._shards)
        return read_answer(await self._asker.ask(room_key, wish, timeout_s=self._timeout_s))

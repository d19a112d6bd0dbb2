"""The publishing end of commands: per shard one list and one flight.

    send -> OneFlight of the shard -> one message on the bus -> confirmed: the next list goes
                                                  |-- refused: its senders hear `unavailable` now
                                                  `-- not confirmed: the very same list again

What was not confirmed may have arrived; it is sent again, and the owner of the room takes
repeats. So commands of one shard never overtake each other, and none is dropped silently. While the
list at the head fails again and again it is the probe: nothing new is taken until it has arrived.
"""

from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Final

from libs.common.batch import Bounds, OneFlight
from libs.common.bus.interface import Bus, Outgoing, Refused, Unroutable
from libs.common.bus.topology import COMMANDS, MIB
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.commands import COMMAND_BATCH, Command, encode_commands
from libs.common.errors import ChatError, Unavailable
from libs.common.retry import Backoff

HELD: Final = Bounds(max_items=5_000, max_bytes=8 * MIB)
"""What one instance keeps per shard while the bus is slow; beyond it senders hear `unavailable`."""

FLIGHT: Final = Bounds(max_items=500, max_bytes=256 * 1024)

ENVELOPE_BYTES: Final = 300
"""About what a command's envelope takes beside its payload."""

UNWELL_AFTER: Final = 2
"""Failures in a row after which senders hear `unavailable` at once. One may be a short cut of the
connection; waiting behind two would only hide an outage from people.
"""

RETRY_FIRST_S: Final = 0.05
RETRY_MAX_S: Final = 0.3
"""Short, because this is what people wait for once the bus is back, and a try while it is away ends
at once.
"""

OnRefused = Callable[[Sequence[Command], ChatError], None]


class CommandSender:
    """Sends commands of one instance, in the order of `send` for each key.

    `on_refused` hears of commands that the bus certainly did not take.
    """

    def __init__(
        self,
        bus: Bus,
        keys: Sequence[str],
        *,
        on_refused: OnRefused,
        publish_timeout_s: float,
        linger_s: float,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._bus = bus
        self._on_refused = on_refused
        self._publish_timeout_s = publish_timeout_s
        backoff = Backoff(first_s=RETRY_FIRST_S, max_s=RETRY_MAX_S, chance=chance)
        self._flights = {
            key: OneFlight[Command](
                partial(self._publish, key),
                held=HELD,
                flight=FLIGHT,
                retry_delay_s=backoff.delay_s,
                linger_s=linger_s,
                clock=clock,
            )
            for key in keys
        }

    def __len__(self) -> int:
        """Return how many commands are not confirmed."""
        return sum(len(flight) for flight in self._flights.values())

    def send(self, key: str, command: Command) -> None:
        """Send a command after all that were sent to this key before.

        Raises: Unavailable, as Full and Draining are: the command was not taken.
        """
        flight = self._flights[key]
        if flight.failures >= UNWELL_AFTER:
            raise Unavailable
        flight.add(command, ENVELOPE_BYTES + len(bytes(command.payload)))

    def runs(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        """Return the workers, one for each key; each runs until cancelled."""
        return [flight.run for flight in self._flights.values()]

    async def drain(self, timeout_s: float) -> int:
        """Take nothing more and return how many commands were left unconfirmed in the end."""
        for flight in self._flights.values():
            await flight.drain(timeout_s if len(flight) else 0)
        return len(self)

    async def _publish(self, key: str, commands: Sequence[Command]) -> None:
        message = Outgoing(
            COMMANDS, key, COMMAND_BATCH, encode_commands(commands), is_mandatory=True
        )
        try:
            await self._bus.publish(message, timeout_s=self._publish_timeout_s)
        except (Refused, Unroutable) as refusal:
            self._on_refused(commands, refusal)

"""What people choose over HTTP goes the way of every command: over the bus.

So it reaches the roster that is told of, whichever instance was asked.
"""

from libs.common.bus.asking import Asker, read_answer, wish_of
from libs.common.bus.topology import person_command_key
from libs.common.clock import Clock
from libs.common.contracts.commands import Payload
from libs.common.contracts.people import Person


class Wishes:
    """Sends commands of people about themselves; waits at most `timeout_s` until they are done."""

    def __init__(self, asker: Asker, *, shards: int, timeout_s: float, clock: Clock) -> None:
        self._asker = asker
        self._shards = shards
        self._timeout_s = timeout_s
        self._clock = clock

    async def send(self, person: Person, payload: Payload) -> None:
        """Return once it is done.

        Raises: what the command was refused with, Unavailable, TimedOut.
        """
        deadline = self._clock.now() + self._timeout_s
        wish = wish_of(person, person.id, payload, command_id=None, deadline=deadline)
        key = person_command_key(person.id, self._shards)
        read_answer(await self._asker.ask(key, wish, timeout_s=self._timeout_s))

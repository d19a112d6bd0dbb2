"""The commands on the bus that wait for their answer, by the owner they went to: is it slow?

    quick --the oldest has waited `slow_s`--> slow --any answer of this owner--> as old as the next

An owner that is slow gets no more than one command a `PROBE_S` from here: all others are refused at
once, and their clients try again. So a command that is taken waits for `slow_s` and a little, even
when far more are given than the owner can obey: without this its queue would grow until everything
in it is too old to be obeyed, and nobody would hear of that before the deadline.

An owner obeys in order, so an answer says that everything sent to it before is done with, answered
or not. Times are monotonic.
"""

from functools import partial
from itertools import takewhile
from operator import ne
from typing import Final

from libs.common.contracts.ids import ConnectionId
from libs.common.errors import Unavailable

PROBE_S: Final = 1.0

Ask = tuple[ConnectionId, str]
"""A command with a `ref`."""


class OwnerIsSlow(Unavailable):
    message = "There is more to do at the moment than can be done. Try again soon."


class Unanswered:
    """At most `max_commands` over all owners; the next are refused too. Who has not answered after
    `forget_s` will not.
    """

    def __init__(self, *, slow_s: float, forget_s: float, max_commands: int) -> None:
        self._slow_s = slow_s
        self._forget_s = forget_s
        self._max_commands = max_commands
        self._owners: dict[str, dict[Ask, float]] = {}
        self._owner_of: dict[Ask, str] = {}

    def __len__(self) -> int:
        return len(self._owner_of)

    def oldest_s(self, now: float) -> float:
        """Return how long the oldest of all has waited; 0 without any."""
        oldest = [next(iter(waiting.values())) for waiting in self._owners.values() if waiting]
        return now - min(oldest, default=now)

    def may_add(self, owner: str, now: float) -> bool:
        """Tell whether one more command may be sent to this owner."""
        if len(self) >= self._max_commands:
            return False
        waiting = self._owners.get(owner)
        if not waiting:
            return True
        first, last = next(iter(waiting.values())), next(reversed(waiting.values()))
        return now - first < self._slow_s or now - last >= PROBE_S

    def add(self, owner: str, ask: Ask, now: float) -> None:
        """Note that a command is being sent."""
        # A ref that was given up may be used again before the first one's answer has come.
        self.drop(ask)
        self._owners.setdefault(owner, {})[ask] = now
        self._owner_of[ask] = owner

    def answered(self, ask: Ask) -> None:
        """Note an answer: what was sent to the same owner before waits no more either."""
        owner = self._owner_of.get(ask)
        if owner is None:
            return
        waiting = self._owners[owner]
        done = list(takewhile(partial(ne, ask), waiting))
        for one in (*done, ask):
            del waiting[one], self._owner_of[one]

    def drop(self, ask: Ask) -> None:
        """Note that a command was not sent after all, or that nobody waits for it any more."""
        owner = self._owner_of.pop(ask, None)
        if owner is not None:
            del self._owners[owner][ask]

    def clear(self) -> None:
        """Forget all: their answers may have been lost on the way."""
        self._owners.clear()
        self._owner_of.clear()

    def forget(self, now: float) -> None:
        """Forget what no owner will answer any more."""
        for waiting in self._owners.values():
            for ask, _ in list(
                takewhile(lambda one: now - one[1] > self._forget_s, waiting.items())
            ):
                del waiting[ask], self._owner_of[ask]

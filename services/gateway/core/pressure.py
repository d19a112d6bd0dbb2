"""How hard this gateway is pressed, and what it leaves out then, so that messages stay quick.

    CALM --busy signs for `rise_s`--> BUSY --overload signs for `rise_s`--> OVERLOADED
     ^---------- `calm_s` without them ---'^---------- `calm_s` without them ---'

It is pressed as hard as the worst of its signs says. A level is kept for as long as a sign is above
half of what led to it, and left one step at a time. What is left out may be what made the gateway
busy: when it rises again soon after it fell, it waits twice as long the next time, and so on, so
that a load that stays is tried again ever more seldom. Times are monotonic.

See: docs/protocol.md, section 12.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from services.gateway.settings import GatewaySettings

NEVER: Final = float("inf")

KEEPS_FROM: Final = 0.5
"""Which part of a threshold keeps a level that is reached."""

PATIENCE_MAX: Final = 8
"""How many times as long as at first a level is kept at most."""


class Level(IntEnum):
    """What `pong` tells as `pressure`."""

    CALM = 0
    BUSY = 1
    OVERLOADED = 2


LEFT_OUT_FROM: Final[Mapping[str, Level]] = {
    "typing": Level.BUSY,
    "presence": Level.OVERLOADED,
    "room_head": Level.OVERLOADED,
    "receipt": Level.OVERLOADED,
    "arrival": Level.OVERLOADED,
}
"""From which level on it is done without. Durable events, acks and replies never are.

`typing` is neither taken from clients nor passed on, and nobody hears of it later. Of `presence`
and `room_head` clients are told anew afterwards. A `receipt` is passed on in the end, later. An
`arrival` (a new socket or poll) is refused and comes again.
"""


@dataclass(frozen=True, slots=True)
class Sign:
    """From which value on something that is measured says that the gateway is busy, or overloaded.

    `NEVER`: it does not say so.
    """

    busy: float
    overloaded: float

    def level(self, value: float, *, part: float = 1.0) -> Level:
        """Return what `value` says when `part` of the thresholds is enough."""
        if value >= self.overloaded * part:
            return Level.OVERLOADED
        return Level.BUSY if value >= self.busy * part else Level.CALM


def signs_of(settings: GatewaySettings) -> Mapping[str, Sign]:
    """Return what is looked at, by the name of what is measured."""
    return {
        "loop_late_s": Sign(settings.loop_late_busy_s, settings.loop_late_overloaded_s),
        "inbox_wait_s": Sign(settings.inbox_wait_busy_s, settings.inbox_wait_overloaded_s),
        "inbox_bytes": Sign(settings.inbox_busy_bytes, settings.inbox_overloaded_bytes),
        # A slow owner is no reason to refuse people: it is here that they hear of it at once.
        "answers_wait_s": Sign(settings.answers_wait_busy_s, NEVER),
    }


class Pressure:
    """`signs` are looked at together, several times in `rise_s`."""

    def __init__(self, signs: Mapping[str, Sign], *, rise_s: float, calm_s: float) -> None:
        self._signs = signs
        self._rise_s = rise_s
        self._calm_s = calm_s
        self._patience = 1
        self._reached_at = dict.fromkeys((Level.BUSY, Level.OVERLOADED), NEVER)
        self._calm_from = NEVER
        self._fell_at = -NEVER
        self.level = Level.CALM

    def leaves_out(self, what: str) -> bool:
        """Tell whether this is done without now."""
        return self.level >= LEFT_OUT_FROM[what]

    def look(self, seen: Mapping[str, float], now: float) -> None:
        """Take in one look at all signs."""
        reached = max(sign.level(seen[name]) for name, sign in self._signs.items())
        kept = max(sign.level(seen[name], part=KEEPS_FROM) for name, sign in self._signs.items())
        for level, since in self._reached_at.items():
            self._reached_at[level] = min(since, now) if reached >= level else NEVER
        if kept >= self.level:
            self._calm_from = now
        risen = [at for at, since in self._reached_at.items() if now - since >= self._rise_s]
        if risen and max(risen) > self.level:
            self._rise(max(risen), now)
        elif self.level and now - self._calm_from >= self._calm_s * self._patience:
            self._fall(now)

    def _rise(self, level: Level, now: float) -> None:
        if now - self._fell_at < self._relapse_s:
            self._patience = min(2 * self._patience, PATIENCE_MAX)
            self._fell_at = -NEVER
        elif self.level is Level.CALM:
            self._patience = 1
        self.level = level
        self._calm_from = now

    def _fall(self, now: float) -> None:
        self.level = Level(self.level - 1)
        self._fell_at = self._calm_from = now

    @property
    def _relapse_s(self) -> float:
        """Return for how long after a fall a rise means that the load has stayed."""
        return 2 * self._calm_s * self._patience

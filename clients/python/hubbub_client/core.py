"""The rules of a client, without a socket or a clock.

    RoomLog   one room's events: each once, in order, and what to ask for when one is missing
    Unacked   sends that were not acknowledged: sent again, in order, with the same ids
    Repeats   whether a refused send is sent again, with the same id, and when
    Returns   how long to wait before coming back

See docs/protocol.md: sequence rules, idempotency, errors, reconnecting.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from hubbub_client.frames import Cursor, Frame, Json, Refused

Uniform = Callable[[float, float], float]
"""A number by chance between two."""

MAX_DELAY_S: Final = 30.0
STABLE_AFTER_S: Final = 5.0
"""Who was READY for so long waits as briefly as for the first time: waits grow for a server that
does not let us in, or that falls as soon as it has, and not for a network that fails now and then.
"""

MAX_REPEAT_S: Final = 2.0
"""The longest wait before a refused command is sent again. Short, because somebody waits for it
once the server is well, and a refusal costs next to nothing.
"""

INTERNAL: Final = "internal"

MAX_HELD: Final = 1_000
"""Events kept while one before them is missing; beyond that the log is read anew anyway."""


@dataclass(slots=True)
class RoomLog:
    """The place one has reached in a room, and events that came too early."""

    cursor: Cursor
    held: dict[int, Frame] = field(default_factory=dict)

    def offer(self, event: Frame) -> list[Frame]:
        """Return the events that are next now, in order; an event seen before gives none."""
        if event.seq is None or event.seq <= self.cursor.seq:
            return []
        if len(self.held) < MAX_HELD:
            self.held[event.seq] = event
        ready = []
        while (following := self.held.pop(self.cursor.seq + 1, None)) is not None:
            ready.append(following)
            self.cursor = Cursor(self.cursor.epoch, self.cursor.seq + 1)
        return ready

    @property
    def is_missing_some(self) -> bool:
        """Tell whether an event came that is not the next one: ask for what is after the cursor."""
        return bool(self.held)

    def skip_to(self, cursor: Cursor) -> None:
        """Go on from here: what lies between must be read from the history."""
        self.cursor = cursor
        self.held = {seq: event for seq, event in self.held.items() if seq > cursor.seq}


@dataclass(slots=True)
class Unacked:
    """Commands without an answer, oldest first. Their ids make sending them again harmless."""

    _commands: dict[str, tuple[str, Json]] = field(default_factory=dict)

    def add(self, ref: str, type_: str, data: Json) -> None:
        self._commands[ref] = (type_, data)

    def answered(self, ref: str) -> bool:
        """Forget the command; return False when it was not waiting."""
        return self._commands.pop(ref, None) is not None

    def __iter__(self) -> Iterator[tuple[str, str, Json]]:
        for ref, (type_, data) in self._commands.items():
            yield ref, type_, data

    def __len__(self) -> int:
        return len(self._commands)


@dataclass(slots=True)
class Repeats:
    """One command's way through refusals that may pass."""

    _tries: int = 0
    _was_internal: bool = False

    def pause_s(self, refusal: Refused, uniform: Uniform) -> float | None:
        """Return how long to wait before the next try; None: the refusal is final.

        `internal` is the server's own mistake: it is tried once more and then believed.
        """
        told_ms = refusal.retry_after_ms
        is_internal = refusal.code == INTERNAL
        if (is_internal and self._was_internal) or not (refusal.is_retryable or told_ms):
            return None
        self._was_internal = self._was_internal or is_internal
        self._tries += 1
        if told_ms:
            return told_ms / 1000
        return delay_s(self._tries - 1, uniform, max_s=MAX_REPEAT_S)


class ComeBack(Enum):
    """What a close code asks of the client."""

    BACKOFF = "backoff"
    AT_ONCE = "at_once"
    LATER = "later"
    MUCH_LATER = "much_later"
    LOG_IN = "log_in"
    NEVER = "never"


_AT_ONCE: Final = {1012, 4410, 4411}
_NEVER: Final = {1000, 1002, 1003, 1007, 1009, 4400, 4403, 4409}


def come_back(code: int, reason: str = "") -> ComeBack:
    """Return what the client does after the connection closed with `code`."""
    if code == 4401:
        return ComeBack.AT_ONCE if reason == "expired" else ComeBack.LOG_IN
    if code in _AT_ONCE:
        return ComeBack.AT_ONCE
    if code == 1013:
        return ComeBack.LATER
    if code == 4429:
        return ComeBack.MUCH_LATER
    return ComeBack.NEVER if code in _NEVER else ComeBack.BACKOFF


AT_LEAST_S: Final = {ComeBack.LATER: 4.0, ComeBack.MUCH_LATER: 30.0}
AT_ONCE_S: Final = 1.0
"""Over how long those spread who are all asked to come back at once."""


@dataclass(slots=True)
class Returns:
    """How long to wait before each return. Times are of one clock, in seconds.

    What the server asked for goes first. Our own wait comes on top of it, longer each time until a
    connection has lasted: all who were told the same time would be back in the same moment.
    """

    uniform: Uniform
    _attempt: int = 0
    _ready_at: float | None = None
    _not_before: float = 0.0

    def ready(self, now: float) -> None:
        """Take note that the server knows us."""
        self._ready_at = now

    def told(self, wait_s: float, now: float) -> None:
        """Take note that the server wants us back after so long, and not sooner."""
        self._not_before = now + wait_s

    def wait_s(self, what_next: ComeBack, now: float) -> float:
        """Return the wait after a connection, or a try to make one, has ended now."""
        if self._ready_at is not None and now - self._ready_at >= STABLE_AFTER_S:
            self._attempt = 0
        told_s = max(0.0, self._not_before - now)
        self._ready_at, self._not_before = None, 0.0
        if what_next is ComeBack.AT_ONCE:
            return told_s + self.uniform(0.0, AT_ONCE_S)
        own_s = delay_s(self._attempt, self.uniform, max_s=MAX_DELAY_S)
        self._attempt += 1
        return max(told_s, AT_LEAST_S.get(what_next, 0.0)) + own_s


def delay_s(attempt: int, uniform: Uniform, *, max_s: float) -> float:
    """Return how long to wait before attempt 0, 1, 2 ...: half of it certain, half of it chance."""
    longest = min(max_s, 2.0**attempt)
    return uniform(longest / 2, longest)

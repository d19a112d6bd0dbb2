"""The rules of a client, without a socket or a clock.

    RoomLog   one room's events: each once, in order, and what to ask for when one is missing
    Unacked   sends that were not acknowledged: sent again, in order, with the same ids
    Repeats   whether a refused send is sent again, with the same id, and when
    delay_s   how long to wait before coming back

See docs/protocol.md: sequence rules, idempotency, errors, reconnecting.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from hubbub_client.frames import Cursor, Frame, Json, Refused

MAX_DELAY_S: Final = 30.0
STABLE_AFTER_S: Final = 60.0
"""A connection that lived this long resets the waiting time."""

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

    def pause_s(self, refusal: Refused) -> float | None:
        """Return how long to wait before the next try; None: the refusal is final.

        `internal` is the server's own mistake: it is tried once more and then believed.
        """
        told_ms = refusal.retry_after_ms
        is_internal = refusal.code == INTERNAL
        if (is_internal and self._was_internal) or not (refusal.is_retryable or told_ms):
            return None
        self._was_internal = self._was_internal or is_internal
        self._tries += 1
        return told_ms / 1000 if told_ms else delay_s(self._tries - 1, max)


class ComeBack(Enum):
    """What a close code asks of the client."""

    BACKOFF = "backoff"
    AT_ONCE = "at_once"
    LATER = "later"
    LOG_IN = "log_in"
    NEVER = "never"


_AT_ONCE: Final = {1012, 4410, 4411}
_LATER: Final = {1013, 4429}
_NEVER: Final = {1000, 1002, 1003, 1007, 1009, 4400, 4403, 4409}


def come_back(code: int, reason: str = "") -> ComeBack:
    """Return what the client does after the connection closed with `code`."""
    if code == 4401:
        return ComeBack.AT_ONCE if reason == "expired" else ComeBack.LOG_IN
    if code in _AT_ONCE:
        return ComeBack.AT_ONCE
    if code in _LATER:
        return ComeBack.LATER
    return ComeBack.NEVER if code in _NEVER else ComeBack.BACKOFF


def delay_s(attempt: int, uniform: Callable[[float, float], float]) -> float:
    """Return how long to wait before attempt 0, 1, 2 ...: half of it certain, half of it chance."""
    longest = min(MAX_DELAY_S, 2.0**attempt)
    return uniform(longest / 2, longest)

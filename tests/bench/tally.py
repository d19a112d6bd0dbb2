"""Who should have heard what, and how long it took: counted, never sampled.

A message's time runs from the moment it was *due*, not from when it was sent: who is kept from
sending by a server that stands still would otherwise not notice how long it did (coordinated
omission). How late the sending itself was is kept too, since it is in every other time.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

ERRORS_KEPT: Final = 3


def _seconds() -> "array[float]":
    return array("d")


@dataclass(frozen=True, slots=True)
class Spread:
    """Half of a number of times are at most `p50`, 99 of 100 at most `p99`; in seconds."""

    p50: float
    p99: float
    longest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Return the spread; not a number where there is no value."""
        ordered = sorted(values)
        return cls(share_of(ordered, 0.50), share_of(ordered, 0.99), share_of(ordered, 1.0))


def share_of(ordered: Sequence[float], share: float) -> float:
    """Return the least of these values, in their order, that so many are at most."""
    if not ordered:
        return float("nan")
    # Rounded before it is rounded up: 0.99 * 100 is a little more than 99.
    return ordered[max(0, -int(-round(len(ordered) * share, 6) // 1) - 1)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one talk. `missed` and `surplus` count frames of messages at other members."""

    sent: int
    acked: int
    missed: int
    surplus: int
    late: Spread
    ack: Spread
    heard: Spread
    error_count: int
    errors: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """The messages of one talk, which have numbers from `first` on."""

    first: int
    others: int
    """How many hear each message, besides its sender."""

    due_at: "array[float]" = field(default_factory=_seconds)
    senders: "array[int]" = field(default_factory=lambda: array("l"))
    times_heard: "array[int]" = field(default_factory=lambda: array("l"))
    is_acked: bytearray = field(default_factory=bytearray)
    late_s: "array[float]" = field(default_factory=_seconds)
    acks_s: "array[float]" = field(default_factory=_seconds)
    heard_s: "array[float]" = field(default_factory=_seconds)
    error_count: int = 0
    errors: list[str] = field(default_factory=list)
    """The first few of them."""

    def send(self, sender: int, *, due: float, now: float) -> int:
        """Count a message that is sent now, and return its number."""
        self.due_at.append(due)
        self.senders.append(sender)
        self.times_heard.append(0)
        self.is_acked.append(0)
        self.late_s.append(now - due)
        return self.first + len(self.due_at) - 1

    def ack(self, number: int, now: float) -> bool:
        """Count an answer; tell whether it was the first to a message of this talk."""
        place = number - self.first
        if not 0 <= place < len(self.due_at) or self.is_acked[place]:
            return False
        self.is_acked[place] = 1
        self.acks_s.append(now - self.due_at[place])
        return True

    def hear(self, number: int, listener: int, now: float) -> None:
        """Count the frame of a message, unless its sender is who hears it."""
        place = number - self.first
        if 0 <= place < len(self.due_at) and self.senders[place] != listener:
            self.times_heard[place] += 1
            self.heard_s.append(now - self.due_at[place])

    def fail(self, error: str) -> None:
        """Count a refusal."""
        self.error_count += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(error)

    @property
    def is_complete(self) -> bool:
        """Whether every message was acknowledged, and heard as often as there are others."""
        count = len(self.due_at)
        return len(self.acks_s) >= count and len(self.heard_s) >= count * self.others

    def outcome(self) -> Outcome:
        return Outcome(
            sent=len(self.due_at),
            acked=len(self.acks_s),
            missed=sum(max(0, self.others - times) for times in self.times_heard),
            surplus=sum(max(0, times - self.others) for times in self.times_heard),
            late=Spread.of(self.late_s),
            ack=Spread.of(self.acks_s),
            heard=Spread.of(self.heard_s),
            error_count=self.error_count,
            errors=tuple(self.errors),
        )

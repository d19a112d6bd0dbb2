"""One room's events as one gateway hears them: put in order, told once, holes noticed.

The bus may lose, double and swap events; the log may not. So what comes out is `last + 1`,
`last + 2` ... whatever goes in, and a hole that does not close by itself is read from the log.

          start(head)                      a later seq, or a later head
    UNKNOWN --------> IN STEP (last = head) ---------------------------> BEHIND
                         ^                                                 |
                         `------- the hole is closed, or given up (skip) --'

Held back are at most `MAX_HELD` events; beyond that the newest go, as the log has them. Nothing
here waits: `due_at` says when the hole is worth a question, and `now` is a monotonic time.

See: docs/protocol.md, section 6.
"""

from typing import Final

from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import Epoch, Seq

MAX_HELD: Final = 256

SWAPPED_S: Final = 0.25
"""Events that overtake each other do so by less than this; a longer hole is a loss."""

DIGEST_S: Final = 1.0
"""A digest may be quicker than the events it tells of."""

RETRY_S: Final = 1.0
"""Pause after a question to the log that brought nothing."""

NEVER: Final = float("inf")


class RoomStream:
    """`last` is the seq up to which everything was let out; None before `start`."""

    __slots__ = ("_held", "_is_asking", "_known", "due_at", "epoch", "last")

    def __init__(self) -> None:
        self.last: Seq | None = None
        self.epoch = Epoch("")
        self.due_at = NEVER
        self._held: dict[Seq, RoomEvent] = {}
        self._known = Seq(0)
        self._is_asking = False

    @property
    def missing(self) -> int:
        """Return how many events, up to the highest seq heard of, were not let out."""
        return 0 if self.last is None else max(0, self._known - self.last)

    def start(self, head: Seq, epoch: Epoch, now: float) -> list[RoomEvent]:
        """Begin behind `head`, a position of the log, and return what came since."""
        self.epoch = epoch
        self.last = head
        self._known = max(self._known, head)
        self._held = {seq: event for seq, event in self._held.items() if seq > head}
        ready: list[RoomEvent] = []
        self._release_into(ready)
        self._settle(now, moved=bool(ready))
        return ready

    def offer(self, event: RoomEvent, now: float) -> list[RoomEvent]:
        """Take in one event and return those that may go out now, in order."""
        if self.last is not None and event.seq <= self.last:
            return []
        self._known = max(self._known, event.seq)
        if event.seq - 1 != self.last:
            self._hold(event)
            self._settle(now, moved=False)
            return []
        self.last = event.seq
        ready = [event]
        self._release_into(ready)
        self._settle(now, moved=True)
        return ready

    def hear_head(self, head: Seq, now: float, *, patience_s: float) -> None:
        """Take in how far the log goes; a tail that stays out for `patience_s` is asked for."""
        self._known = max(self._known, head)
        if self.missing and not self._is_asking:
            self.due_at = min(self.due_at, now + patience_s)

    def asked(self) -> None:
        """Note that the log is being asked: until the answer nothing is due."""
        self._is_asking = True
        self.due_at = NEVER

    def answered(self, events: list[RoomEvent], now: float) -> list[RoomEvent]:
        """Take in what the log said to a question from `last` on, and return what may go out.

        What is still missing then is due at once, or in `RETRY_S` when the answer brought nothing.
        """
        ready = [out for event in events for out in self.offer(event, now)]
        self._is_asking = False
        if self.missing:
            self.due_at = now if ready else now + RETRY_S
        return ready

    def skip(self, head: Seq, epoch: Epoch, now: float) -> list[RoomEvent]:
        """Give up everything up to `head` and return what was held back behind it."""
        self._is_asking = False
        if epoch != self.epoch:
            self._held.clear()
            self._known = head
        return self.start(head, epoch, now)

    def _hold(self, event: RoomEvent) -> None:
        self._held.setdefault(event.seq, event)
        if len(self._held) > MAX_HELD:
            del self._held[max(self._held)]

    def _release_into(self, ready: list[RoomEvent]) -> None:
        while self._held and (event := self._held.pop(self._next(), None)) is not None:
            self.last = event.seq
            ready.append(event)

    def _next(self) -> Seq:
        return Seq((self.last or 0) + 1)

    def _settle(self, now: float, *, moved: bool) -> None:
        """Time a hole from when it was first seen, or from the last progress."""
        if not self.missing or self._is_asking:
            self.due_at = NEVER
        elif moved or self.due_at == NEVER:
            self.due_at = now + SWAPPED_S

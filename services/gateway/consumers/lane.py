"""Deliveries of the bus that wait to be passed on, in their order, and for how long they have.

Each is read when its turn comes: its body becomes items, and those are taken one by one.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import msgspec

from libs.common.bus.interface import Delivery

T = TypeVar("T")


class Lane(Generic[T]):
    """At most `max_bytes` of bodies. `on_unreadable` hears of those that make no sense."""

    def __init__(
        self,
        readers: Mapping[str, Callable[[bytes], Sequence[T]]],
        *,
        max_bytes: int,
        on_unreadable: Callable[[Delivery, Exception], None],
    ) -> None:
        self._readers = readers
        self._max_bytes = max_bytes
        self._on_unreadable = on_unreadable
        self._waiting: deque[tuple[Delivery, float]] = deque()
        self._items: deque[T] = deque()
        self._came_at = 0.0
        self.waiting_bytes = 0

    def __bool__(self) -> bool:
        return bool(self._items or self._waiting)

    def add(self, delivery: Delivery, now: float) -> None:
        """Put a delivery behind all others."""
        self._waiting.append((delivery, now))
        self.waiting_bytes += len(delivery.body)

    @property
    def is_over(self) -> bool:
        """Tell whether more waits than may."""
        return self.waiting_bytes > self._max_bytes

    def next(self) -> T | None:
        """Take the next item, reading a delivery if there must be one; None: there is none."""
        while not self._items and self._waiting:
            delivery, self._came_at = self._waiting.popleft()
            self.waiting_bytes -= len(delivery.body)
            try:
                self._items.extend(self._readers[delivery.type](delivery.body))
            except (KeyError, msgspec.DecodeError) as fault:
                self._on_unreadable(delivery, fault)
        return self._items.popleft() if self._items else None

    def waited_s(self, now: float) -> float:
        """Return how long what is next has waited."""
        if self._items:
            return now - self._came_at
        return now - self._waiting[0][1] if self._waiting else 0.0

    def clear(self) -> int:
        """Forget what was not read, and return how many deliveries that were."""
        count = len(self._waiting)
        self._waiting.clear()
        self.waiting_bytes = 0
        return count

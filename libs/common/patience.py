"""Tells work that the database never does in time from a database that is slow just now.

    several things together, too slow   -> TooSlow: part them, a smaller statement is a faster one
    one thing alone, too slow           -> again, as for any outage
    the same for the fifth time running -> TooSlow: it is the thing, not the moment

Without it one such thing is tried for ever, and everything behind it waits for ever too. A database
that is away, and a statement that waits for a lock, are never the thing's fault and not counted.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from libs.common.outages import StatementTooSlow

MAX_SLOW_TRIES: Final = 5
"""How often one thing alone may run out of its time. With the limits as they come these are twenty
seconds: longer than a checkpoint, a failing disk's hiccup or an index that is being built take.
"""


class TooSlow(Exception):
    """Trying this again as it is makes no sense; deliberately not `Unavailable`."""


class Patience:
    """One worker's. It works on one thing, or on several together, at a time."""

    def __init__(self) -> None:
        self._alone: object | None = None
        self._tries = 0

    @contextmanager
    def over(self, work: Sequence[object]) -> Iterator[None]:
        """Bound the tries of `work`, the same objects each time, that the block works on.

        Raises: TooSlow; StatementTooSlow when the same work may be tried again.
        """
        try:
            yield
        except StatementTooSlow as slow:
            if self._is_over(work):
                raise TooSlow from slow
            raise

    def _is_over(self, work: Sequence[object]) -> bool:
        if len(work) > 1:
            return True
        if work[0] is not self._alone:
            self._alone, self._tries = work[0], 0
        self._tries += 1
        return self._tries >= MAX_SLOW_TRIES

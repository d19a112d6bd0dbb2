"""How often somebody did the same lately: said the same in a room, mentioned people or linked.

    key -> when it was done within the window, oldest first

A decision only looks. What it comes to is noted once that was written, so one that is thrown away
has taken nothing. It lives in memory only, like a pace: a restart, or another instance that takes
the shard over, forgives.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.errors import TooMany

NS: Final = 1_000_000_000
MS: Final = 1_000_000

IN_A_LINK: Final = "://"
"""Stands in every address that a client makes a link of, whatever its scheme."""


class Lately:
    """At most `limit` times within `window_s` for each key; a limit of 0 is none.

    A key is the hash of what it stands for, made once: hashing ids over and over would cost a
    message as much as all its rules. At most `max_keys` are remembered, the one used longest ago is
    forgiven. Times are those of a clock that never goes back.
    """

    def __init__(self, *, limit: int, window_s: float, max_keys: int) -> None:
        self._limit = limit
        self._window_ns = round(window_s * NS)
        self._max_keys = max_keys
        self._times: OrderedDict[int, tuple[int, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._times)

    def check(self, key: int, *, count: int, pending: int, now_ns: int) -> None:
        """Refuse `count` more beside those noted, and those `pending` of the same moment.

        Whoever wants more at once than the limit is let through when nothing else was done.

        Raises: TooMany with the shortest wait after which it would pass.
        """
        if not self._limit:
            return
        noted = self._times.get(key)
        if noted is None and not pending:
            return
        times = [*self._lately(noted or (), now_ns), *[now_ns] * pending]
        surplus = len(times) + min(count, self._limit) - self._limit
        if surplus > 0:
            wait_ns = times[surplus - 1] + self._window_ns - now_ns
            raise TooMany(retry_after_ms=ceil(wait_ns / MS))

    def note(self, done: Mapping[int, int], *, now_ns: int) -> None:
        """Take note of how often each of these was done."""
        if not self._limit or not done:
            return
        for key, count in done.items():
            before = self._times.pop(key, None)
            times = (now_ns,) * min(count, self._limit)
            if before is not None:
                times = (*self._lately(before, now_ns), *times)[-self._limit :]
            self._times[key] = times
        self._forget(now_ns)

    def _lately(self, times: tuple[int, ...], now_ns: int) -> tuple[int, ...]:
        return tuple(at for at in times if at + self._window_ns > now_ns)

    def _forget(self, now_ns: int) -> None:
        """Let go of what is over, the oldest first, and of the oldest when there are too many."""
        times, over = self._times, now_ns - self._window_ns
        while times:
            oldest = next(iter(times))
            if len(times) <= self._max_keys and times[oldest][-1] > over:
                return
            del times[oldest]


@dataclass(slots=True)
class Taken:
    """What a decision has come to, to be noted once it was written: of each key how often."""

    words: dict[int, int] = field(default_factory=dict)
    mentions: dict[int, int] = field(default_factory=dict)
    links: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Habits:
    """What people may do again and again only so often: `words` are texts said over in one room,
    `mentions` those whom one person calls in it, `links` the addresses that they write there.
    """

    words: Lately
    mentions: Lately
    links: Lately

    def take(
        self,
        taken: Taken,
        *,
        room_id: RoomId,
        author_id: PersonId,
        content: str,
        mentions: int,
        now_ns: int,
    ) -> None:
        """Count a message, with so many mentions, as taken; one that is refused takes nothing.

        Raises: TooMany.
        """
        # Hashes of 64 bits, salted in each process: who is refused for a collision is very unlucky.
        here = (room_id.int, author_id.int)
        text = hash((here, content.strip().casefold()))
        said = taken.words.get(text, 0)
        self.words.check(text, count=1, pending=said, now_ns=now_ns)
        links = content.count(IN_A_LINK)
        if mentions or links:
            author = hash(here)
            called, linked = taken.mentions.get(author, 0), taken.links.get(author, 0)
            if mentions:
                self.mentions.check(author, count=mentions, pending=called, now_ns=now_ns)
            if links:
                self.links.check(author, count=links, pending=linked, now_ns=now_ns)
                taken.links[author] = linked + links
            if mentions:
                taken.mentions[author] = called + mentions
        taken.words[text] = said + 1

    def note(self, taken: Taken, *, now_ns: int) -> None:
        """Take note of what was written."""
        self.words.note(taken.words, now_ns=now_ns)
        self.mentions.note(taken.mentions, now_ns=now_ns)
        self.links.note(taken.links, now_ns=now_ns)

"""When to look whether leases still count.

Each stands in line once, for a time at which it may have ended. A renewal moves its end and not its
place: what is looked at too early is put back. So looking costs as much as what may have ended, and
not as much as everybody who is there.
"""

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import Final

from libs.common.contracts.ids import ConnectionId, PersonId, RoomId

NEVER: Final = inf


@dataclass(slots=True)
class Lease:
    """A live connection. It counts until `expires_at`, seconds since 1970, unless renewed.

    `is_closed`: it has ended and counts only for the grace. `look_at` is when it is looked whether
    it still counts: renewing it moves its end and not this.
    """

    person_id: PersonId
    connection: ConnectionId
    rooms: frozenset[RoomId]
    expires_at: float
    look_at: float = NEVER
    is_closed: bool = False


class Endings:
    """All times are seconds since 1970."""

    def __init__(self) -> None:
        self._line: list[tuple[float, int, Lease]] = []
        self._numbers = count()

    def put(self, lease: Lease) -> None:
        """Have a lease looked at when it ends, unless it is looked at before."""
        if lease.expires_at < lease.look_at:
            lease.look_at = lease.expires_at
            heappush(self._line, (lease.look_at, next(self._numbers), lease))

    def ended(self, now: float) -> list[Lease]:
        """Return those that have ended, each once."""
        ended: list[Lease] = []
        while self._line and self._line[0][0] <= now:
            at, _, lease = heappop(self._line)
            if at != lease.look_at:
                # It was closed, and looked at earlier.
                continue
            lease.look_at = NEVER
            if lease.expires_at <= now:
                ended.append(lease)
            else:
                self.put(lease)
        return ended

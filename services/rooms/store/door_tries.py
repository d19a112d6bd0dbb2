"""Wrong passwords in a row at the door of a room, counted for all instances together.

    tries in a row          1 ... free    free + 1   free + 2   free + 3   ...
    rest before the next    none          first_s    2 first_s  4 first_s  ... at most max_s

A try counts before its password is looked at, so a hundred at once are a hundred; one that comes
too soon does not lengthen the rest. A right password wipes the count of its network: a class behind
one address mistypes more often than one person does.
"""

from dataclasses import dataclass
from math import ceil
from typing import Final

from libs.common.contracts.ids import RoomId
from libs.common.errors import TooMany
from libs.common.postgres import Database
from libs.common.rates_postgres import hashed

# $2 is now; $3 free tries, $4 and $5 the first and the longest rest, $6 when a count is forgotten.
# Beyond 2 ** 32 the longest rest is reached whatever the settings are. Whether the try is counted
# is said apart from the rest that is left: that is read from the count as it was when the statement
# began, to which others may have been added since.
COUNT: Final = """
    WITH counted AS (
        INSERT INTO door_try AS held (key, count, last_at)
        VALUES ($1, 1, to_timestamp($2::float8))
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN held.last_at <= to_timestamp($2 - $6::float8)
                THEN 1 ELSE held.count + 1 END,
            last_at = excluded.last_at
        WHERE held.count < $3::integer
           OR abs($2 - extract(epoch FROM held.last_at)::float8)
              >= least($4::float8 * 2 ^ least(held.count - $3, 32), $5::float8, $6)
        RETURNING true
    )
    SELECT EXISTS (SELECT FROM counted), (
        SELECT least($4 * 2 ^ least(count - $3, 32), $5, $6)
               - abs($2 - extract(epoch FROM last_at)::float8)
        FROM door_try WHERE key = $1
    )
"""

WIPE: Final = "DELETE FROM door_try WHERE key = $1"

SWEEP: Final = "DELETE FROM door_try WHERE last_at < to_timestamp($1::float8)"


@dataclass(frozen=True, slots=True)
class Rests:
    """See the module. A count older than `forget_s` is forgotten."""

    free: int
    first_s: float
    max_s: float
    forget_s: float


class DoorTries:
    """Keeps the counts."""

    def __init__(self, database: Database, rests: Rests) -> None:
        self._database = database
        self._rests = rests

    async def count(self, room_id: RoomId, network: str, *, now: float) -> None:
        """Count one try that begins now.  Raises: TooMany while the network rests."""
        rests = self._rests
        ((is_counted, left_s),) = await self._database.fetch(
            COUNT,
            _key(room_id, network),
            now,
            rests.free,
            rests.first_s,
            rests.max_s,
            rests.forget_s,
        )
        if is_counted:
            return
        if left_s is None or left_s <= 0:
            left_s = rests.first_s
        raise TooMany(retry_after_ms=ceil(left_s * 1000) + 1)

    async def wipe(self, room_id: RoomId, network: str) -> None:
        """Begin at 0 again."""
        await self._database.execute(WIPE, _key(room_id, network))

    async def sweep(self, *, now: float) -> None:
        """Forget the counts that are as good as none."""
        await self._database.execute(SWEEP, now - self._rests.forget_s)


def _key(room_id: RoomId, network: str) -> bytes:
    return hashed(f"door {room_id}", network)

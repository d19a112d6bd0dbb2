"""How many rooms somebody has, counted so that nobody makes another meanwhile."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.contracts.rooms import RoomKind
from libs.common.errors import Conflict, TooMany
from libs.common.postgres import Connection

LOCK_PERSON: Final = "SELECT FROM person WHERE id = $1 FOR NO KEY UPDATE"

OWNED_COUNT: Final = """
    SELECT count(*) FROM room WHERE owner_id = $1 AND kind = ANY($2) AND state <> 'deleted'
"""

BEGUN: Final = """
    SELECT count(*) AS count, extract(epoch FROM min(created_at))::float8 AS first_at FROM room
    WHERE owner_id = $1 AND kind = ANY($2) AND created_at > to_timestamp($3::float8)
"""

HOUR_S: Final = 3_600


class TooManyRooms(Conflict):
    code = "too_many_rooms"
    message = "You have as many rooms as one person may have. Delete one first."


async def check_count(
    connection: Connection, owner_id: PersonId, kinds: Sequence[RoomKind], *, max_rooms: int
) -> None:
    """Refuse one more room of these kinds; exact because the owner's row is locked.

    Raises: TooManyRooms.
    """
    if await is_at_limit(connection, owner_id, kinds, max_rooms=max_rooms):
        raise TooManyRooms


async def is_at_limit(
    connection: Connection, owner_id: PersonId, kinds: Sequence[RoomKind], *, max_rooms: int
) -> bool:
    """Tell whether somebody, whose row is locked, has as many rooms of these kinds as they may."""
    return bool(await connection.fetchval(OWNED_COUNT, owner_id, kinds) >= max_rooms)


async def check_pace(
    connection: Connection,
    person_id: PersonId,
    kinds: Sequence[RoomKind],
    *,
    max_per_hour: int,
    now: float,
) -> None:
    """Refuse one more room of these kinds to who began so many lately, deleted ones included; exact
    because their row is locked.

    Raises: TooMany.
    """
    row = await connection.fetchrow(BEGUN, person_id, kinds, now - HOUR_S)
    if row is not None and row["count"] >= max_per_hour:
        raise TooMany(retry_after_ms=ceil((row["first_at"] + HOUR_S - now) * 1000))

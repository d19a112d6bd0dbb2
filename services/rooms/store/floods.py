"""How many newcomers a room had lately, and what shut its door, for a room that is held."""

from dataclasses import replace
from typing import Final

from services.rooms.model import Rush
from services.rooms.store.held import HeldRoom

RUSH: Final = """
    SELECT extract(epoch FROM rush_began_at)::float8 AS began_at, rush_count FROM room
    WHERE id = $1 AND rush_began_at IS NOT NULL
"""

NOTE: Final = """
    UPDATE room
    SET rush_began_at = to_timestamp($2::float8), rush_count = $3,
        locked_until = coalesce(to_timestamp($4::float8), locked_until)
    WHERE id = $1
"""

FORGET: Final = "UPDATE room SET rush_began_at = NULL, rush_count = 0 WHERE id = $1"


async def rush_of(held: HeldRoom) -> Rush | None:
    """Return how many came in lately; None if nobody ever was counted."""
    row = await held.connection.fetchrow(RUSH, held.room.id)
    return None if row is None else Rush(row["began_at"], row["rush_count"])


async def note_rush(held: HeldRoom, rush: Rush, *, locked_until: float | None) -> None:
    """Write the count down, and until when the door is shut unless it is not for this."""
    await held.connection.execute(NOTE, held.room.id, rush.began_at, rush.count, locked_until)
    if locked_until is not None:
        held.room = replace(held.room, locked_until=locked_until)


async def forget_rush(held: HeldRoom) -> None:
    """Count anew: an admin has opened the door that was shut."""
    await held.connection.execute(FORGET, held.room.id)

"""What rooms has of a person, to be taken away; memberships end through `HeldRoom`."""

from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.privacy import ErasureRequest
from libs.common.erasures import affected, count
from libs.common.postgres import Database

ROOMS_OF: Final = "SELECT room_id FROM member WHERE person_id = $1 ORDER BY room_id LIMIT $2"

FORGET_TITLES: Final = """
    UPDATE room SET title = '', title_key = '', topic = ''
    WHERE owner_id = $1 AND state = 'deleted' AND (title <> '' OR topic <> '')
"""

# A word that opened them, and a link that leads nowhere any more.
FORGET_DOORS: Final = """
    DELETE FROM guest_door USING room
    WHERE room.id = guest_door.room_id AND room.owner_id = $1 AND room.state = 'deleted'
"""

FORGET_MADE: Final = "DELETE FROM idempotency_key WHERE person_id = $1"

# What they did stays, and by whose id; what they called things is gone.
FORGET_CHANGES: Final = """
    UPDATE room_change SET details = '{}' WHERE actor_id = $1 AND details <> '{}'
"""

FORGET_INVITES: Final = "DELETE FROM invite WHERE made_by = $1"

FORGET_BANS: Final = "DELETE FROM ban WHERE person_id = $1"
FORGET_MUTES: Final = "DELETE FROM mute WHERE person_id = $1"

# What they did to others stays, and why they did it is gone: those are their words.
LEAVE_BANS: Final = "UPDATE ban SET made_by = NULL, reason = '' WHERE made_by = $1"
LEAVE_MUTES: Final = "UPDATE mute SET made_by = NULL, reason = '' WHERE made_by = $1"

BLOCKS_OF: Final = """
    SELECT person_id, blocked_id FROM block WHERE person_id = $1 OR blocked_id = $1
    LIMIT $2
"""

# Nobody will ever publish these: they were set aside after ending several processes.
FORGET_SET_ASIDE: Final = """
    DELETE FROM outbox USING outbox_try
    WHERE outbox_try.id = outbox.id AND outbox_try.is_set_aside
        AND position(convert_to($1::uuid::text, 'UTF8') IN outbox.body) > 0
"""

IS_WAITING: Final = """
    SELECT EXISTS (
        SELECT FROM outbox WHERE position(convert_to($1::uuid::text, 'UTF8') IN body) > 0
    )
"""


class ErasingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def rooms_of(self, person_id: PersonId, *, limit: int) -> list[RoomId]:
        """Return rooms in which the person still is, deleted ones too: those may come back."""
        rows = await self._database.fetch(ROOMS_OF, person_id, limit)
        return [RoomId(row["room_id"]) for row in rows]

    async def blocks_of(
        self, person_id: PersonId, *, limit: int
    ) -> list[tuple[PersonId, PersonId]]:
        """Return blocks by and of the person: who blocks, and whom."""
        rows = await self._database.fetch(BLOCKS_OF, person_id, limit)
        return [(PersonId(row["person_id"]), PersonId(row["blocked_id"])) for row in rows]

    async def forget(self, request: ErasureRequest) -> None:
        """Delete what no room has to hear of."""
        person_id = request.person.id
        async with self._database.transaction() as connection:
            counts = {
                "room": affected(await connection.execute(FORGET_TITLES, person_id)),
                "idempotency_key": affected(await connection.execute(FORGET_MADE, person_id)),
                "outbox": affected(await connection.execute(FORGET_SET_ASIDE, person_id)),
                "guest_door": affected(await connection.execute(FORGET_DOORS, person_id)),
                "room_change": affected(await connection.execute(FORGET_CHANGES, person_id)),
                "invite": affected(await connection.execute(FORGET_INVITES, person_id)),
                "ban": affected(await connection.execute(FORGET_BANS, person_id))
                + affected(await connection.execute(LEAVE_BANS, person_id)),
                "mute": affected(await connection.execute(FORGET_MUTES, person_id))
                + affected(await connection.execute(LEAVE_MUTES, person_id)),
            }
            await count(connection, request, counts)

    async def count(self, request: ErasureRequest, **counts: int) -> None:
        """Note what was done in a transaction of its own: counts less after a crash, never more."""
        async with self._database.connection() as connection:
            await count(connection, request, counts)

    async def is_waiting(self, person_id: PersonId) -> bool:
        """Tell whether something that names the person is still to be told to messages."""
        return bool(await self._database.fetchval(IS_WAITING, person_id))

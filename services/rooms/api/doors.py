"""The doors of guest rooms: where a link leads, and whether the password is the right one.

    network's pace -> the room's pace -> network's rest -> hash -> outcome

Everything is counted before it is looked at, or a hundred guesses at once would be one; what a
right password took is given back, and so is what a network that rests took from the room: nobody
keeps all others out by guesses that are not looked at.
"""

import structlog

from libs.common.clock import Clock
from libs.common.errors import NotFound, TooMany
from libs.common.postgres import Database
from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates
from services.rooms.api.door_passwords import DoorBusy, DoorPasswords
from services.rooms.core.guests import WrongPassword
from services.rooms.model import Door, Room
from services.rooms.settings import RoomsSettings
from services.rooms.store.door_tries import DoorTries, Rests
from services.rooms.store.guests import GuestStore

log = structlog.get_logger()


class GuestDoors:
    """Finds rooms by their links, at a pace."""

    def __init__(
        self,
        database: Database,
        guests: GuestStore,
        passwords: DoorPasswords,
        *,
        rates: PostgresRates,
        settings: RoomsSettings,
        clock: Clock,
    ) -> None:
        self._guests = guests
        self._passwords = passwords
        self._clock = clock
        self.tries = DoorTries(
            database,
            Rests(
                free=settings.guest_free_tries,
                first_s=settings.guest_first_rest_s,
                max_s=settings.guest_max_rest_s,
                forget_s=settings.guest_forget_tries_s,
            ),
        )
        self._looks = rates.of(
            "guest.look",
            Limit.per_minute(settings.guest_looks_per_minute, burst=settings.guest_looks_burst),
        )
        self._joins = rates.of(
            "guest.join",
            Limit.per_minute(settings.guest_joins_per_minute, burst=settings.guest_joins_burst),
        )
        self._room_tries = rates.of(
            "guest.try",
            Limit.per_minute(settings.guest_tries_per_minute, burst=settings.guest_tries_burst),
        )

    async def look(self, slug: str, network: str) -> tuple[Room, Door, str]:
        """Return a room, its door and its facilitator's name.  Raises: NotFound, TooMany."""
        await self._looks.take(network)
        return await self._find(slug)

    async def come(self, slug: str, network: str) -> tuple[Room, Door, str]:
        """Return the same for somebody who wants to come in.  Raises: as `look`."""
        await self._joins.take(network)
        return await self._find(slug)

    async def check_password(
        self, room: Room, door: Door, password: str | None, *, network: str
    ) -> None:
        """Refuse a wrong password.  Raises: WrongPassword, TooMany, DoorBusy."""
        if door.password_hash is None:
            return
        if password is None:
            # Nobody guesses by saying nothing: a page asks so whether there is one.
            raise WrongPassword
        await self._room_tries.take(str(room.id))
        try:
            await self.tries.count(room.id, network, now=self._clock.now())
            is_right = await self._passwords.is_right(password, door.password_hash)
        except (TooMany, DoorBusy):
            await self._room_tries.give_back(str(room.id))
            raise
        if not is_right:
            log.info("door_password_refused", room_id=room.id)
            raise WrongPassword
        await self._room_tries.give_back(str(room.id))
        await self.tries.wipe(room.id, network)

    async def _find(self, slug: str) -> tuple[Room, Door, str]:
        found = await self._guests.find(slug)
        if found is None:
            raise NotFound
        return found

"""What becomes of guests who are gone: auth makes their tokens void, their aliases are free again,
and their memberships end.

All of it stands in the database until it is done, so a restart loses nothing, and every instance
does what it finds.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from libs.common.client import InternalClient
from libs.common.clock import Clock
from libs.common.contracts.guests import GuestEndingsAnswer, GuestEndingsRequest
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.rooms import Departure
from libs.common.errors import ChatError, Unavailable
from libs.common.sleeper import Sleeper
from services.rooms.settings import RoomsSettings
from services.rooms.store.door_tries import DoorTries
from services.rooms.store.endings import EndingStore, still_gone
from services.rooms.store.rooms import RoomStore

log = structlog.get_logger()

RETRY_S: Final = 0.5
"""How soon auth is told again that could not be told: tokens are void within two seconds."""


class GuestEndings:
    """Tells auth of guests who have ended, at least once and as soon as that is committed."""

    def __init__(
        self,
        endings: EndingStore,
        auth: InternalClient,
        settings: RoomsSettings,
        *,
        clock: Clock,
    ) -> None:
        self._endings = endings
        self._auth = auth
        self._settings = settings
        self._clock = clock
        self._sleeper = Sleeper(clock)

    def waking(self, tell: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[object]]:
        """Return `tell`, which is awaited after each commit, so that ends are told right after it:
        whoever was put out hears so from the room's log before their socket is cut.
        """

        async def woken() -> None:
            try:
                await tell()
            finally:
                self._sleeper.wake()

        return woken

    async def run(self) -> None:
        """Tell auth of whoever has ended, for ever; a worker does this."""
        while True:
            try:
                await self.deliver()
            except ChatError as error:
                log.warning("guest_endings_postponed", reason=repr(error))
                await self._clock.sleep(RETRY_S)
                continue
            await self._sleeper.sleep(self._settings.guest_endings_poll_s)

    async def deliver(self) -> None:
        """Tell auth of all who have ended by now.  Raises: Unavailable, TimedOut."""
        limit = count = self._settings.guest_batch
        while count == limit:
            async with self._endings.due(limit=limit) as person_ids:
                if person_ids:
                    asked = GuestEndingsRequest(person_ids=person_ids)
                    await self._auth.post("/internal/guest-endings", GuestEndingsAnswer, body=asked)
                    log.info("guests_ended", count=len(person_ids))
            count = len(person_ids)


class GuestDepartures:
    """Takes guests out of their rooms who have gone without a word, or whose room has closed."""

    def __init__(
        self,
        endings: EndingStore,
        rooms: RoomStore,
        tries: DoorTries,
        settings: RoomsSettings,
        *,
        clock: Clock,
    ) -> None:
        self._endings = endings
        self._rooms = rooms
        self._tries = tries
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Look for them again and again, for ever; a worker does this."""
        while True:
            await self._clock.sleep(self._settings.guest_sweep_every_s)
            try:
                await self.sweep()
            except Unavailable:
                log.warning("guest_sweep_postponed")

    async def sweep(self) -> None:
        """Take out all who are gone now, and forget old tries at doors."""
        now, limit = self._clock.now(), self._settings.guest_batch
        unheard_since = now - self._settings.guest_idle_s
        count = limit
        while count == limit:
            gone = await self._endings.gone(unheard_since=unheard_since, limit=limit)
            count = sum(map(len, gone.values()))
            for room_id, person_ids in gone.items():
                await self._take_out(room_id, person_ids, unheard_since=unheard_since, now=now)
        await self._tries.sweep(now=now)

    async def _take_out(
        self, room_id: RoomId, person_ids: Sequence[PersonId], *, unheard_since: float, now: float
    ) -> None:
        async with self._rooms.hold(room_id) as held:
            if held is None:
                return
            connection = held.connection
            for person in await still_gone(connection, person_ids, unheard_since=unheard_since):
                await held.leave(person, Departure.LEFT, actor=person, now=now)

"""Takes what a person wrote out of the logs, a turn at a time.

    out of every room? -> walk the logs, stretch by stretch -> sweep what is kept beside them
                           |- empty messages, take reactions back: commands like any other
                           '- make entries nameless, and remember how far that is done

Before the person is out of every room, something they sent may still be obeyed, so nothing is
begun; afterwards nothing of theirs is ever appended behind the walk. No log is searched twice and
none has an index for this: people are erased seldom, and messages are written all the time.
"""

import asyncio
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.commands import EraseWords
from libs.common.contracts.people import Person
from libs.common.contracts.privacy import ErasureRequest
from services.messages.api.wishes import Wishes
from services.messages.settings import MessagesSettings
from services.messages.store.erasing import END, ErasingStore, Place, Words

SWEPT_ROOMS: Final = 1_000
"""Rooms in one transaction of the sweep: a probe of some microseconds each in four indexes."""


class Erasing:
    def __init__(
        self, store: ErasingStore, wishes: Wishes, *, settings: MessagesSettings, clock: Clock
    ) -> None:
        self._store = store
        self._wishes = wishes
        self._settings = settings
        self._clock = clock

    async def turn(self, request: ErasureRequest) -> bool:
        """Take a part away; tell whether nothing was left.

        Raises: Unavailable, TimedOut.
        """
        if await self._store.is_expected(request.person.id):
            return False
        ends = self._clock.monotonic() + self._settings.erase_turn_s
        place, swept = await self._store.progress(request)
        while place != END:
            if self._clock.monotonic() >= ends:
                return False
            place = await self._walk(request, place, ends=ends)
        while swept != END[0]:
            if self._clock.monotonic() >= ends:
                return False
            swept = await self._store.sweep(request, swept, rooms=SWEPT_ROOMS)
        return True

    async def _walk(self, request: ErasureRequest, place: Place, *, ends: float) -> Place:
        """Go through the next stretch; return its end, or `place` when there was no time for it."""
        person_id = request.person.id
        stretch = await self._store.stretch(place, entries=self._settings.erase_entries)
        limit = self._settings.erase_words
        while words := await self._store.words(person_id, stretch, limit=limit):
            await asyncio.gather(*(self._take_back(request, one) for one in words))
            if self._clock.monotonic() >= ends:
                return place
        await self._store.forget_names(request, stretch)
        return stretch.until

    async def _take_back(self, request: ErasureRequest, words: Words) -> None:
        room_id, message_id, emoji = words
        card = request.person
        nobody = Person(kind=card.kind, id=card.id, name=card.name)
        key = f"erase:{message_id}" + (f":{emoji}" if emoji is not None else "")
        await self._wishes.send(nobody, room_id, EraseWords(message_id, emoji), key=key)

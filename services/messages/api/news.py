"""Waits for news of people whom the projection does not know, where rooms knows them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import AccessRequest
from libs.common.errors import ChatError
from services.messages.core.absences import Absences
from services.messages.model.access import AskRooms
from services.messages.model.changes import Wanted
from services.messages.model.rooms import Absence
from services.messages.store.known import KnownStore

Seeker = tuple[RoomId, PersonId]

POLL_S: Final = 0.02
"""How often the projection is looked at; news takes some milliseconds to arrive."""


class News:
    """Asks rooms about each seeker at most once in a while, and waits at most `wait_s`."""

    def __init__(
        self,
        known: KnownStore,
        ask_rooms: AskRooms,
        absences: Absences,
        *,
        wait_s: float,
        clock: Clock,
    ) -> None:
        self._known = known
        self._ask_rooms = ask_rooms
        self._absences = absences
        self._wait_s = wait_s
        self._clock = clock

    async def wait_for(self, seekers: Collection[Seeker]) -> set[Seeker]:
        """Wait until the projection has everybody whom rooms calls a member.

        Returns those of whom nothing was heard in time: whether they are members is not known.
        """
        expected, unknown = await self._ask(seekers)
        until = self._clock.monotonic() + self._wait_s
        while expected and self._clock.monotonic() < until:
            await self._clock.sleep(POLL_S)
            expected -= await self._arrived(expected)
        return expected | unknown

    async def _ask(self, seekers: Collection[Seeker]) -> tuple[set[Seeker], set[Seeker]]:
        """Return who is a member by what rooms says, and of whom it says nothing."""
        now = self._clock.monotonic()
        expected: set[Seeker] = set()
        unknown: set[Seeker] = set()
        by_room: dict[RoomId, list[PersonId]] = defaultdict(list)
        for room_id, person_id in seekers:
            said = self._absences.get(room_id, person_id, now=now)
            if said is None:
                by_room[room_id].append(person_id)
            elif said.is_late:
                unknown.add((room_id, person_id))
        answers = await asyncio.gather(*(self._members(*asked) for asked in by_room.items()))
        for (room_id, people), members in zip(by_room.items(), answers, strict=True):
            if members is None:
                unknown.update((room_id, person_id) for person_id in people)
            else:
                expected.update((room_id, person_id) for person_id in members)
        return expected, unknown

    async def _members(self, room_id: RoomId, people: list[PersonId]) -> set[PersonId] | None:
        try:
            answer = await self._ask_rooms(AccessRequest(room_id=room_id, person_ids=people))
        except ChatError:
            return None
        now = self._clock.monotonic()
        for person_id in people:
            if person_id not in answer.roles:
                absence = Absence(answer.kind, is_late=False)
                self._absences.put(room_id, person_id, absence, now=now)
        return set(answer.roles)

    async def _arrived(self, seekers: Collection[Seeker]) -> set[Seeker]:
        by_room: dict[RoomId, Wanted] = {}
        for room_id, person_id in seekers:
            by_room.setdefault(room_id, Wanted(room_id)).people.add(person_id)
        found = await self._known.look_up(list(by_room.values()))
        return {
            (room_id, person_id)
            for room_id, known in found.items()
            for person_id, member in known.members.items()
            if member is not None
        }

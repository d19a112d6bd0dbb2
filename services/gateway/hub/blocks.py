"""Learns from rooms who has blocked whom, of the people who are connected here.

    somebody connects --> rooms is asked, with all others of this turn --> known
                                                                            ^  |
      what is in doubt is asked again, now and then <-- a fact, a gap ------+--'

Nobody is kept out because rooms does not answer: they are shown to everybody until it does. What is
known of somebody stays for a while after they have gone, and facts keep it true: who comes back, as
pollers do all the time, costs no question.
"""

import asyncio
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.facts import BlockChanged
from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import MAX_SUBJECTS, BlocksAnswer, PeopleRequest
from libs.common.errors import ChatError
from libs.common.gathering import Gathering
from libs.common.http import deadline
from services.gateway.core.apart import Apart
from services.gateway.hub.asking import Service
from services.gateway.hub.people import People
from services.gateway.hub.unshown import Unshown
from services.gateway.settings import GatewaySettings

RETRY_S: Final = 1.0

RETOLD_ROOMS: Final = 50
"""Rooms of one connection that are told anew who is there, when somebody was blocked or is so no
more. In the others it shows when the next change of that person is told.
"""


class Blocks:
    """Fills `apart`. At most `max_connections` people who are gone are remembered."""

    def __init__(
        self,
        rooms: Service,
        apart: Apart,
        people: People,
        unshown: Unshown,
        *,
        settings: GatewaySettings,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._apart = apart
        self._people = people
        self._unshown = unshown
        self._timeout_s = settings.online_timeout_s
        self._max_known = 2 * settings.max_connections
        self._clock = clock
        self._known: set[PersonId] = set()
        self._doubted: dict[PersonId, None] = {}
        self._is_in_doubt = asyncio.Event()
        # Of whom something was told while rooms was being asked.
        self._told: list[set[PersonId]] = []
        self._gathering = Gathering(self._ask, max_questions=MAX_SUBJECTS)

    def learn(self, person_id: PersonId) -> asyncio.Future[None]:
        """Find out who is hidden from somebody, soon and without ever failing: nobody is, when
        rooms does not say so in time.
        """
        if person_id not in self._known:
            return self._gathering.begin(person_id)
        known: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        known.set_result(None)
        return known

    def on_changed(self, fact: BlockChanged) -> None:
        """Take in what rooms tells; of people who were never here it is nothing to us."""
        pair = (fact.person_id, fact.blocked_id)
        for told in self._told:
            told.update(pair)
        known = self._known.intersection(pair)
        if not known:
            return
        if fact.is_blocked:
            if self._apart.put(*pair):
                self._retell(pair)
        else:
            # The other one may have blocked too.
            self._doubt(known)

    def doubt(self) -> None:
        """Ask again about everybody who is here: a fact may have been missed."""
        self._forget_absent()
        self._doubt(self._known)

    async def run(self) -> None:
        """Ask again whenever there is doubt, for ever."""
        while True:
            await self._is_in_doubt.wait()
            people = list(islice(self._doubted, MAX_SUBJECTS))
            if not await self._learn(people):
                await self._clock.sleep(RETRY_S)
            if not self._doubted:
                self._is_in_doubt.clear()

    async def _ask(self, people: Sequence[PersonId]) -> Sequence[None]:
        if len(self._known) > self._max_known:
            self._forget_absent()
        wanted = list(dict.fromkeys(people))
        if not await self._learn(wanted):
            self._doubt(wanted)
        return [None] * len(people)

    async def _learn(self, people: Sequence[PersonId]) -> bool:
        """Ask rooms and take in what it says; return False if it said nothing."""
        told: set[PersonId] = set()
        self._told.append(told)
        try:
            async with deadline.within(self._timeout_s):
                body = PeopleRequest(person_ids=list(people))
                answer = await self._rooms.post("/internal/blocks", BlocksAnswer, body=body)
        except ChatError:
            return False
        finally:
            self._told.remove(told)
        for person_id in people:
            self._doubted.pop(person_id, None)
            self._take_in(person_id, set(answer.blocks.get(person_id, ())))
        # What was told meanwhile may be newer than the answer.
        self._doubt(told.intersection(people))
        return True

    def _take_in(self, person_id: PersonId, others: set[PersonId]) -> None:
        before = set(self._apart.of(person_id))
        for other in others - before:
            self._apart.put(person_id, other)
        for other in before - others:
            self._apart.take(person_id, other)
        if person_id in self._known:
            for other in others ^ before:
                self._retell((person_id, other))
        self._known.add(person_id)

    def _doubt(self, people: Iterable[PersonId]) -> None:
        self._doubted.update(dict.fromkeys(people))
        if self._doubted:
            self._is_in_doubt.set()

    def _retell(self, pair: tuple[PersonId, PersonId]) -> None:
        """Have those two told anew who is there, where they listen."""
        for person_id in pair:
            for listener in self._people.of_person(person_id):
                self._unshown.add(islice(listener.rooms(), RETOLD_ROOMS))

    def _forget_absent(self) -> None:
        gone = [one for one in self._known if not self._people.of_person(one)]
        self._known.difference_update(gone)
        for person_id in gone:
            self._doubted.pop(person_id, None)
            for other in list(self._apart.of(person_id)):
                if other not in self._known:
                    self._apart.take(person_id, other)

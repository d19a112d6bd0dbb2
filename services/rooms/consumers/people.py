"""Auth's facts about people become this service's copy, and a new name is told in their rooms.

    bus -> waiting -> one fact: learn, rename in batches of rooms -> settle

A fact is settled when all rooms of its person know the name, so a crash in between goes on where it
stopped: what the rooms know stands in their memberships.
"""

import asyncio
from collections import deque
from typing import Final

import structlog

from libs.common.bus.interface import Bus, Consumer, Delivery, Outgoing, Queue
from libs.common.bus.topology import DEAD, facts_for
from libs.common.clock import Clock
from libs.common.contracts.facts import FACT, UserChanged, decode_fact
from libs.common.contracts.internal import PersonCard
from libs.common.errors import Unavailable
from services.rooms.core.rules import person_of
from services.rooms.settings import RoomsSettings
from services.rooms.store.people import PeopleStore

log = structlog.get_logger()

FACTS_OF_PEOPLE: Final[Queue] = facts_for("rooms", "auth.user.*")


class PeopleFacts:
    """Keeps the copy of people as long as the process runs."""

    def __init__(
        self, people: PeopleStore, bus: Bus, *, settings: RoomsSettings, clock: Clock
    ) -> None:
        self._people = people
        self._bus = bus
        self._settings = settings
        self._clock = clock
        self._waiting: deque[Delivery] = deque()
        self._has_some = asyncio.Event()
        self._consumer: Consumer | None = None

    async def start(self) -> None:
        self._consumer = await self._bus.consume(
            FACTS_OF_PEOPLE, self._on_delivery, prefetch=self._settings.facts_prefetch
        )

    async def stop(self) -> None:
        if self._consumer is not None:
            await self._consumer.close()

    async def run(self) -> None:
        """Take facts in, one after the other, for ever; a worker does this."""
        while True:
            await self._has_some.wait()
            self._has_some.clear()
            while self._waiting:
                await self._obey(self._waiting[0])
                done = self._waiting.popleft()
                if self._consumer is not None:
                    self._consumer.settle(done)

    async def on_user_changed(self, fact: UserChanged) -> None:
        """Keep the newest that is known of a user.  Raises: Unavailable."""
        told = PersonCard(
            id=fact.person_id,
            kind=fact.kind,
            name=fact.name,
            system_role=fact.system_role,
            is_disabled=fact.is_disabled,
            version=fact.version,
        )
        await self._people.learn([told])
        known = await self._people.find([fact.person_id], min_version=0)
        person = person_of(known[fact.person_id])
        limit = self._settings.rename_batch
        while await self._people.rename(person, limit=limit) == limit:
            pass

    def _on_delivery(self, delivery: Delivery) -> None:
        self._waiting.append(delivery)
        self._has_some.set()

    async def _obey(self, delivery: Delivery) -> None:
        while True:
            try:
                return await self._take(delivery)
            except Unavailable:
                log.warning("fact_postponed", key=delivery.key)
                await self._clock.sleep(self._settings.facts_retry_s)

    async def _take(self, delivery: Delivery) -> None:
        try:
            fact = decode_fact(delivery.key, delivery.body) if delivery.type == FACT else None
        except ValueError:
            fact = None
        if isinstance(fact, UserChanged):
            await self.on_user_changed(fact)
            return
        log.error("fact_buried", key=delivery.key)
        await self._bus.publish(
            Outgoing(DEAD, "dead", delivery.type, delivery.body),
            timeout_s=self._settings.publish_timeout_s,
        )

"""Keeps the copy of system roles that auth's facts tell of."""

import asyncio
from typing import Final

import msgspec
import structlog

from libs.common.bus.interface import Bus, Consumer, Delivery
from libs.common.bus.topology import facts_for
from libs.common.clock import Clock
from libs.common.contracts.facts import FACT, UserChanged, decode_fact
from libs.common.errors import Unavailable
from services.messages.store.roles import RoleStore

log = structlog.get_logger()

PATTERN: Final = "auth.user.*"

PREFETCH: Final = 64

RETRY_S: Final = 0.5
"""Pause before a fact is tried again when the database is away."""


class FactConsumer:
    """Hears facts one by one, in their order; each is settled once it is kept."""

    def __init__(self, bus: Bus, roles: RoleStore, clock: Clock) -> None:
        self._bus = bus
        self._roles = roles
        self._clock = clock
        self._heard: asyncio.Queue[Delivery] = asyncio.Queue()
        self._consumer: Consumer | None = None

    async def start(self) -> None:
        """Begin to listen; what is heard waits for `run`."""
        self._consumer = await self._bus.consume(
            facts_for("messages", PATTERN), self._heard.put_nowait, prefetch=PREFETCH
        )

    async def stop(self) -> None:
        if self._consumer is not None:
            await self._consumer.close()

    async def run(self) -> None:
        """Hear facts until cancelled."""
        while True:
            delivery = await self._heard.get()
            await self._hear(delivery)
            if self._consumer is not None:
                self._consumer.settle(delivery)

    async def _hear(self, delivery: Delivery) -> None:
        try:
            if delivery.type != FACT:
                raise msgspec.ValidationError(f"not a fact: {delivery.type!r}")
            fact = decode_fact(delivery.key, delivery.body)
        except msgspec.DecodeError as reason:
            log.error("fact_unreadable", key=delivery.key, reason=str(reason))
            return
        if isinstance(fact, UserChanged):
            await self._on_user_changed(fact)

    async def _on_user_changed(self, fact: UserChanged) -> None:
        while True:
            try:
                await self._roles.put(fact.person_id, fact.system_role, version=fact.version)
            except Unavailable:
                await self._clock.sleep(RETRY_S)
            else:
                return

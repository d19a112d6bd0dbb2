"""Runs some of the services in this process, over a broker and a database that others look after.

    settings -> broker -> databases -> services -> ports ... and back

What was opened is closed in the opposite order, whatever happens on the way.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import CollectorRegistry, ProcessCollector

from libs.common import logs
from libs.common.bus.measured import BusMetrics, MeasuredBus, watch_reconnects
from libs.common.bus.rabbit.bus import RabbitBus
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.bus.topology import Spread
from libs.common.chance import SystemChance
from libs.common.client import ClientSettings
from libs.common.clock import SystemClock
from libs.common.collector import spare_what_is_there
from libs.common.http.settings import HttpSettings
from libs.common.metrics import Metrics
from libs.common.process import Process
from libs.common.runner import RunSettings
from libs.common.runner import run as run_services
from libs.common.service import Address
from libs.common.settings import load
from services.builders.catalog import KEEPING, settings_of
from services.builders.environment import Group, check, filled_in, for_auth
from services.builders.saying import say
from services.split.app import Parts, build
from services.split.settings import EDGE, PEER, EdgeSettings, PeerSettings, SplitSettings

if TYPE_CHECKING:
    from libs.common.postgres import Database

log = structlog.get_logger()

CLOSE_TIMEOUT_S: Final = 2.0

OWNER_LINK: Final = "Become the owner, once: "
"""Begins the line with the link; who started us may look for it."""


async def run(names: Sequence[str], environ: Mapping[str, str]) -> int:
    """Run until told to stop or until something dies, and return the exit status.

    Raises: CannotStart, SettingsInvalid: they say what to do.
    """
    settings = load(SplitSettings, "", environ=environ)
    ours = for_auth(settings.public_url, allow_plain_http=settings.allow_plain_http)
    check(_groups(names), filled_in(environ, ours))
    clock = SystemClock()
    instance = SystemChance(clock).new_id().hex[-8:]
    logs.configure(
        load(logs.LogSettings, "", environ=environ),
        clock,
        instance=f"{'+'.join(names)}.{instance}",
        stream=sys.stdout,
    )
    async with AsyncExitStack() as opened:
        program = _Program(names, environ, instance, clock, opened)
        settings_of_bus = load(BrokerSettings, "BUS_", environ=environ)
        bus = await program.bus(settings_of_bus)
        parts = Parts(
            process=program.process(bus, settings_of_bus),
            databases=await program.databases(),
            watch_bus=bus.run,
            announce=_announce_owner_link,
        )
        return await run_services(
            build(names, settings, parts, environ=environ),
            load(RunSettings, "", environ=environ),
            clock=clock,
            announce=_announce,
        )


class _Program:
    """What one run opens."""

    def __init__(
        self,
        names: Sequence[str],
        environ: Mapping[str, str],
        instance: str,
        clock: SystemClock,
        opened: AsyncExitStack,
    ) -> None:
        self._names = names
        self._environ = environ
        self._instance = instance
        self._clock = clock
        self._chance = SystemChance(clock)
        self._opened = opened

    def process(self, bus: RabbitBus, spread: Spread) -> Process:
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        metrics = Metrics(registry, "bus")
        watch_reconnects(metrics, bus.reconnects)
        return Process(
            instance=self._instance,
            bus=MeasuredBus(bus, BusMetrics(metrics), self._clock),
            spread=spread,
            clock=self._clock,
            chance=self._chance,
            registry=registry,
            http=load(HttpSettings, "", environ=self._environ),
        )

    async def databases(self) -> "Mapping[str, Database]":
        return {name: await self._database(name) for name in KEEPING if name in self._names}

    async def bus(self, settings: BrokerSettings) -> RabbitBus:
        bus = await RabbitBus.connect(
            settings,
            instance=f"{'+'.join(self._names)}.{self._instance}",
            clock=self._clock,
            chance=self._chance,
        )
        self._opened.push_async_callback(bus.close)
        return bus

    async def _database(self, service: str) -> "Database":
        from libs.common.postgres import DatabaseSettings
        from services.builders.databases import connect

        database = await connect(
            load(DatabaseSettings, "", environ=self._environ),
            service=service,
            clock=self._clock,
            chance=self._chance,
        )
        self._opened.push_async_callback(database.close, CLOSE_TIMEOUT_S)
        return database


def _groups(names: Sequence[str]) -> Iterator[Group]:
    """Yield all settings that a process of these services reads."""
    for model in (logs.LogSettings, RunSettings, HttpSettings, ClientSettings):
        yield "", model
    yield from (("BUS_", BrokerSettings), (PEER, PeerSettings), (EDGE, EdgeSettings))
    if set(names) & set(KEEPING):
        from libs.common.postgres import DatabaseSettings

        yield "", DatabaseSettings
    for name in names:
        yield from settings_of(name)


def _announce(addresses: Sequence[Address]) -> None:
    spare_what_is_there()
    for one in addresses:
        log.info(
            "port_opened", service=one.service, listener=one.listener, host=one.host, port=one.port
        )


def _announce_owner_link(link: str) -> None:
    say(f"{OWNER_LINK}{link}")

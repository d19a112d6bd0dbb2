"""Runs all services in this process.

    settings -> data folder, locked -> Postgres -> schemas -> services -> ports ... and back

What was opened is closed in the opposite order, whatever happens on the way.
"""

import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from libs.common import logs
from libs.common.bus.local import LocalBus
from libs.common.bus.measured import BusMetrics, MeasuredBus
from libs.common.bus.topology import Spread
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.collector import spare_what_is_there
from libs.common.http.settings import HttpSettings
from libs.common.metrics import Metrics
from libs.common.postgres import Database, DatabaseSettings
from libs.common.process import PUBLIC, Process
from libs.common.runner import RunSettings
from libs.common.runner import run as run_services
from libs.common.service import Address
from libs.common.settings import load
from services.builders.catalog import KEEPING
from services.builders.databases import (
    Addresses,
    bring_up_to_date,
    given_addresses,
    own_addresses,
    sessions_of,
    wait_for,
)
from services.builders.environment import replaced
from services.builders.saying import say
from services.embedded.app import Parts, build
from services.embedded.environment import check
from services.embedded.settings import EmbeddedSettings
from services.nodes.folder import DataFolder
from services.nodes.postgres.binaries import find_binaries
from services.nodes.postgres.cluster import cluster_major
from services.nodes.postgres.server import PostgresServer

log = structlog.get_logger()

CLOSE_TIMEOUT_S: Final = 2.0


async def run(environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C or until something dies, and return the exit status.

    Raises: StartFailed, SettingsInvalid: one line says what to do.
    """
    settings = check(environ)
    clock = SystemClock()
    logs.configure(
        load(logs.LogSettings, "", environ=_quiet(environ)),
        clock,
        instance="embedded",
        stream=sys.stdout,
    )
    async with AsyncExitStack() as opened:
        return await _Program(settings, environ, clock, opened).run()


class _Program:
    """One run, from the folder to the last goodbye."""

    def __init__(
        self,
        settings: EmbeddedSettings,
        environ: Mapping[str, str],
        clock: SystemClock,
        opened: AsyncExitStack,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._chance = SystemChance(clock)
        self._opened = opened
        self._server: PostgresServer | None = None
        self._owner_link: str | None = None

    async def run(self) -> int:
        settings = self._settings
        folder = self._opened.enter_context(
            DataFolder.open(settings.data_dir, address=settings.address)
        )
        addresses = await self._addresses(folder)
        await bring_up_to_date(addresses.owner_dsn, KEEPING, say, half=None)
        secret = folder.read_or_create_secret("auth", lambda: self._chance.token().encode())
        parts = Parts(
            process=self._process(),
            databases={name: await self._database(addresses, name) for name in KEEPING},
            secret=secret.decode(),
            announce=self._note_owner_link,
            database_dead=self._until_database_ends,
        )
        return await run_services(
            build(settings, parts, environ=self._environ),
            load(RunSettings, "", environ=self._environ),
            clock=self._clock,
            announce=partial(self._greet, folder),
        )

    async def _addresses(self, folder: DataFolder) -> Addresses:
        if self._settings.database_url is not None:
            given = load(DatabaseSettings, "", environ=self._environ)
            await wait_for(given, clock=self._clock, chance=self._chance)
            return given_addresses(given.database_url.get_secret_value())
        self._server = await PostgresServer.start(
            folder,
            find_binaries(major=cluster_major(folder)),
            timeout_s=self._settings.database_start_timeout_s,
            say=say,
        )
        self._opened.push_async_callback(self._server.stop)
        return await own_addresses(self._server)

    async def _database(self, addresses: Addresses, service: str) -> Database:
        settings = load(
            DatabaseSettings,
            "",
            environ=replaced(self._environ, {"DATABASE_URL": addresses.role_dsn(service)}),
        )
        database = await Database.connect(
            settings,
            service=service,
            clock=self._clock,
            chance=self._chance,
            session_name=sessions_of(service),
        )
        self._opened.push_async_callback(database.close, CLOSE_TIMEOUT_S)
        return database

    def _process(self) -> Process:
        registry = CollectorRegistry()
        counts = BusMetrics(Metrics(registry, "bus"))
        return Process(
            instance=self._chance.new_id().hex[-8:],
            bus=MeasuredBus(LocalBus(self._clock), counts, self._clock),
            spread=load(Spread, "BUS_", environ=self._environ),
            clock=self._clock,
            chance=self._chance,
            registry=registry,
            http=load(HttpSettings, "", environ=self._environ),
        )

    def _note_owner_link(self, link: str) -> None:
        self._owner_link = link

    async def _until_database_ends(self) -> None:
        """Return when our own Postgres has ended: then this process ends too."""
        if self._server is None:
            await self._clock.sleep(float("inf"))
            return
        reason = await self._server.wait_dead()
        log.error("database_ended", reason=reason)

    def _greet(self, folder: DataFolder, addresses: Sequence[Address]) -> None:
        spare_what_is_there()
        port = next(one.port for one in addresses if one.listener == PUBLIC)
        say(f"Hubbub runs at {self._settings.public_url or f'http://{self._settings.host}:{port}'}")
        if self._owner_link is not None:
            say(f"Become its owner, once: {self._owner_link}")
        say(f"Everything is kept in {folder.path}. Ctrl-C stops it.")


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """Tell warnings only, unless asked: each request would be a line on a person's screen."""
    return {"LOG_LEVEL": "warning", **environ}

"""Opens what the services of one process stand on, in whatever time they are to live.

    data folder -> Postgres -> schemas -> a pool for each service -> what they share

What is opened goes onto the stack that is passed in, which closes it in the opposite order.
"""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Final

import structlog
from prometheus_client import CollectorRegistry

from libs.common.bus.local import LocalBus
from libs.common.bus.measured import BusMetrics, MeasuredBus
from libs.common.bus.topology import Spread
from libs.common.cancelling import end_if_cancelled
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.http.settings import HttpSettings
from libs.common.metrics import Metrics
from libs.common.postgres import Database, DatabaseSettings
from libs.common.process import Process
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
from services.embedded.app import Parts
from services.embedded.settings import EmbeddedSettings
from services.nodes.folder import DataFolder
from services.nodes.postgres.binaries import find_binaries
from services.nodes.postgres.cluster import cluster_major
from services.nodes.postgres.server import PostgresServer

log = structlog.get_logger()

CLOSE_TIMEOUT_S: Final = 2.0


class Opening:
    """One process's, from the folder it holds to the parts of its services."""

    def __init__(
        self,
        settings: EmbeddedSettings,
        environ: Mapping[str, str],
        *,
        clock: Clock,
        chance: Chance,
        opened: AsyncExitStack,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._chance = chance
        self._opened = opened
        self._server: PostgresServer | None = None

    def folder(self) -> DataFolder:
        """Hold the data folder.  Raises: StartFailed."""
        settings = self._settings
        return self._opened.enter_context(
            DataFolder.open(settings.data_dir, address=settings.address)
        )

    async def parts(self, folder: DataFolder, *, announce: Callable[[str], None]) -> Parts:
        """Return what the services are built of. `announce` is shown the owner's link.

        Raises: StartFailed, SettingsInvalid.
        """
        addresses = await self._addresses(folder)
        await bring_up_to_date(addresses.owner_dsn, KEEPING, say, half=None)
        secret = folder.read_or_create_secret("auth", lambda: self._chance.token().encode())
        return Parts(
            process=self._process(),
            databases={name: await self._database(addresses, name) for name in KEEPING},
            secret=secret.decode(),
            announce=announce,
            database_dead=self._until_database_ends,
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
        end_if_cancelled()
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

    async def _until_database_ends(self) -> None:
        """Return when our own Postgres has ended: then this process ends too."""
        if self._server is None:
            await self._clock.sleep(float("inf"))
            return
        reason = await self._server.wait_dead()
        log.error("database_ended", reason=reason)

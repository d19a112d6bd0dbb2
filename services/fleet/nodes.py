"""The Postgres and the RabbitMQ of a fleet, each started again when it dies."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

import structlog

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.retry import Backoff
from services.builders.catalog import KEEPING, SERVICES
from services.builders.databases import DATABASE, role_of
from services.builders.rights import OWNER, VHOST, accounts, user_of
from services.fleet.plan import Nodes
from services.fleet.settings import FleetSettings
from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.binaries import find_binaries as find_postgres
from services.nodes.postgres.cluster import cluster_major
from services.nodes.postgres.server import PostgresServer
from services.nodes.rabbitmq.binaries import find_binaries as find_rabbitmq
from services.nodes.rabbitmq.place import Wanted
from services.nodes.rabbitmq.server import RabbitServer

log = structlog.get_logger()

RESTART_PAUSE_S: Final = (0.2, 10.0)


class Server(Protocol):
    """A node that is running."""

    @property
    def pid(self) -> int | None:
        """Return its process id, for as long as it runs."""
        ...

    async def wait_dead(self) -> str:
        """Wait until it has ended and return why."""
        ...

    async def stop(self) -> None: ...


S = TypeVar("S", bound=Server)


def addresses(postgres: PostgresServer, rabbitmq: RabbitServer) -> Nodes:
    """Return where each service finds what it needs, and as whom it comes there."""
    return Nodes(
        databases={name: postgres.dsn(role_of(name), DATABASE) for name in KEEPING},
        buses={name: rabbitmq.url(user_of(name), VHOST) for name in SERVICES},
    )


def owner_url(rabbitmq: RabbitServer) -> str:
    return rabbitmq.url(OWNER, VHOST)


def postgres_on(
    folder: DataFolder, settings: FleetSettings, say: Callable[[str], None]
) -> Callable[[], Awaitable[PostgresServer]]:
    """Return what starts Postgres on the folder.  Raises: StartFailed."""
    binaries = find_postgres(major=cluster_major(folder))

    async def start() -> PostgresServer:
        return await PostgresServer.start(
            folder, binaries, timeout_s=settings.nodes_start_timeout_s, say=say
        )

    return start


def rabbitmq_on(
    folder: DataFolder, settings: FleetSettings, chance: Chance, say: Callable[[str], None]
) -> Callable[[], Awaitable[RabbitServer]]:
    """Return what starts RabbitMQ on the folder.  Raises: StartFailed."""
    binaries = find_rabbitmq(settings.rabbitmq_home)

    async def start() -> RabbitServer:
        return await RabbitServer.start(
            folder,
            binaries,
            wanted=Wanted(accounts()),
            chance=chance,
            timeout_s=settings.nodes_start_timeout_s,
            say=say,
        )

    return start


class NodeKeeper(Generic[S]):
    """One node of the fleet, and the server that it is at the moment."""

    def __init__(
        self,
        name: str,
        start: Callable[[], Awaitable[S]],
        *,
        log_file: Path,
        clock: Clock,
        chance: Chance,
    ) -> None:
        first_s, longest_s = RESTART_PAUSE_S
        self.name = name
        self.log_file = log_file
        self.starts = 0
        self._start = start
        self._clock = clock
        self._backoff = Backoff(first_s=first_s, max_s=longest_s, chance=chance)
        self._server: S | None = None

    @property
    def pid(self) -> int | None:
        """Return the process id, while there is a process that answers."""
        return self._server.pid if self._server is not None else None

    async def start(self) -> S:
        """Start it the first time, or again.  Raises: StartFailed."""
        self.starts += 1
        self._server = server = await self._start()
        return server

    async def run(self, server: S) -> None:
        """Start it again whenever it dies; stop it when cancelled."""
        try:
            while True:
                reason = await server.wait_dead()
                self._server = None
                log.warning("node_died", node=self.name, reason=reason, log=str(self.log_file))
                server = await self._started_again()
        finally:
            await server.stop()

    async def _started_again(self) -> S:
        failures = 1
        while True:
            await self._clock.sleep(self._backoff.delay_s(failures))
            try:
                return await self.start()
            except StartFailed as reason:
                log.error("node_not_started", node=self.name, reason=str(reason))
                failures += 1

"""Runs all services as separate processes of this machine, over nodes of their own.

    settings -> data folder, locked -> Postgres, RabbitMQ -> schemas, exchanges, keys -> processes

A process or a node that dies is started again. What was started is ended in the opposite order,
and ends too when this process is killed.
"""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import httpx

from libs.common import logs
from libs.common.bus.rabbit.settings import BrokerSettings
from libs.common.chance import SystemChance
from libs.common.clock import Clock, SystemClock
from libs.common.settings import load
from services.builders.catalog import KEEPING, SERVICES
from services.builders.databases import bring_up_to_date, own_addresses
from services.builders.environment import replaced
from services.builders.lasting import prepare
from services.builders.saying import say
from services.fleet import nodes, state
from services.fleet.keeper import Keeper, start_of
from services.fleet.nodes import NodeKeeper, S
from services.fleet.plan import Member, Nodes, members, names, told
from services.fleet.settings import PREFIX, FleetSettings
from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.server import PostgresServer
from services.nodes.rabbitmq.ports import ports_for
from services.nodes.rabbitmq.server import RabbitServer
from services.split import keys
from services.split.program import OWNER_LINK

WEB_ROOT: Final = Path("clients/web/dist")
LOOK_S: Final = 0.2


async def run(environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C or SIGTERM, and return the exit status.

    Raises: CannotStart, SettingsInvalid: they say what to do.
    """
    settings = load(FleetSettings, PREFIX, environ=environ)
    clock = SystemClock()
    logs.configure(
        load(logs.LogSettings, "", environ={"LOG_LEVEL": "warning", **environ}),
        clock,
        instance="fleet",
        stream=sys.stdout,
    )
    running = asyncio.create_task(_Fleet(settings, environ, clock).run())
    # A second signal cuts the goodbye short; all that we started ends with us.
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, running.cancel)
    with suppress(asyncio.CancelledError):
        await running
    return 0


class _Fleet:
    """One run, from the folder to the last goodbye."""

    def __init__(self, settings: FleetSettings, environ: Mapping[str, str], clock: Clock) -> None:
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._chance = SystemChance(clock)
        self._keepers: list[Keeper] = []
        self._said: dict[Keeper, int] = {}
        self._kept: list[asyncio.Task[None]] = []
        self._node_keepers: list[NodeKeeper[Any]] = []
        self._nodes: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Run until cancelled."""
        with DataFolder.open(self._settings.data_dir, address="separate processes") as folder:
            try:
                await self._start(folder)
                self._kept += map(asyncio.create_task, (self._watch(folder), self._welcome(folder)))
                await self._until_one_fails()
            finally:
                await self._end()
                state.remove(folder.path)

    async def _start(self, folder: DataFolder) -> None:
        postgres, rabbitmq = await self._start_nodes(folder)
        owner_dsn = (await own_addresses(postgres)).owner_dsn
        await bring_up_to_date(owner_dsn, KEEPING, say, half=None)
        await self._prepare_broker(rabbitmq)
        self._keepers = self._new_keepers(folder, nodes.addresses(postgres, rabbitmq))
        self._said = {keeper: _size(keeper.log_file) for keeper in self._keepers}
        say(f"Starting {len(self._keepers)} processes")
        for keeper in self._keepers:
            self._kept.append(asyncio.create_task(keeper.run(), name=keeper.member.name))

    async def _start_nodes(self, folder: DataFolder) -> tuple[PostgresServer, RabbitServer]:
        start_postgres = nodes.postgres_on(folder, self._settings, say)
        start_rabbitmq = nodes.rabbitmq_on(folder, self._settings, self._chance, say)
        postgres = await self._start_node(self._node("postgres", start_postgres, folder))
        rabbitmq = await self._start_node(self._node("rabbitmq", start_rabbitmq, folder))
        return postgres, rabbitmq

    def _node(
        self, name: str, start: Callable[[], Awaitable[S]], folder: DataFolder
    ) -> NodeKeeper[S]:
        log_file = folder.logs / f"{name}.log"
        return NodeKeeper(name, start, log_file=log_file, clock=self._clock, chance=self._chance)

    async def _start_node(self, keeper: NodeKeeper[S]) -> S:
        server = await keeper.start()
        self._node_keepers.append(keeper)
        self._nodes.append(asyncio.create_task(keeper.run(server)))
        return server

    async def _prepare_broker(self, rabbitmq: RabbitServer) -> None:
        """Make the exchanges, which services may only look for, and the queues that stay."""
        settings = load(
            BrokerSettings,
            "BUS_",
            environ=replaced(self._environ, {"BUS_URL": nodes.owner_url(rabbitmq)}),
        )
        await prepare(settings, instance="fleet", clock=self._clock, chance=self._chance)

    def _new_keepers(self, folder: DataFolder, found: Nodes) -> list[Keeper]:
        services = folder.path / "services"
        services.mkdir(exist_ok=True)
        keys.make(folder.keys / "services", SERVICES, now=self._clock.now())
        for service in ("auth", "rooms"):
            folder.read_or_create_secret(service, lambda: self._chance.token().encode())
        count = 2 * len(list(names(self._settings)))
        planned = members(self._settings, ports_for(services, count))
        ours = {
            "AUTH_SECRET_FILE": str(folder.keys / "auth"),
            "ROOMS_SECRET_FILE": str(folder.keys / "rooms"),
            "SERVICE_KEYS_DIR": str(folder.keys / "services"),
            "GATEWAY_WEB_ROOT": str(WEB_ROOT.resolve()),
        }
        return [
            self._keeper(
                member,
                replaced(self._environ, {**ours, **told(member, planned, found)}),
                folder.logs / f"{member.name}.log",
            )
            for member in planned
        ]

    def _keeper(self, member: Member, environment: Mapping[str, str], log_file: Path) -> Keeper:
        start = start_of(member, environment, log_file)
        return Keeper(member, start, log_file=log_file, clock=self._clock, chance=self._chance)

    async def _all_ready(self) -> None:
        """Return when every process says that it is ready.  Raises: StartFailed."""
        waiting = list(self._keepers)
        try:
            async with asyncio.timeout(self._settings.ready_timeout_s), _http() as http:
                while waiting:
                    waiting = [
                        keeper
                        for keeper in waiting
                        if not await state.is_ready(http, keeper.member.inside)
                    ]
                    await self._clock.sleep(LOOK_S)
        except TimeoutError:
            raise StartFailed(
                f"{waiting[0].member.name} is not ready: {waiting[0].log_file} says why."
            ) from None

    async def _watch(self, folder: DataFolder) -> None:
        """Keep what is written down about the fleet true, for ever."""
        written: list[tuple[int | None, int]] = []
        while True:
            now = [(node.pid, node.starts) for node in self._node_keepers]
            now += [(keeper.pid, keeper.starts) for keeper in self._keepers]
            if now != written:
                state.write(folder.path, self._node_keepers, self._keepers)
                written = now
            await self._clock.sleep(LOOK_S)

    async def _until_one_fails(self) -> None:
        """Return never: what keeps the fleet running has no end but a failure, which is raised."""
        tasks = [*self._kept, *self._nodes]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def _end(self) -> None:
        """End the processes, those that people reach first, and then the nodes."""
        for service in reversed(SERVICES):
            ending = [one.stop() for one in self._keepers if one.member.service == service]
            await asyncio.gather(*ending)
        for task in (*self._kept, *reversed(self._nodes)):
            task.cancel()
            await asyncio.wait({task})

    async def _welcome(self, folder: DataFolder) -> None:
        """Say where it runs, once it does.  Raises: StartFailed."""
        await self._all_ready()
        gateways = [one.member.api for one in self._keepers if one.member.service == "gateway"]
        say(f"Hubbub runs at {' and '.join(gateways)}")
        for keeper in self._keepers:
            if link := _owner_link(keeper.log_file, self._said[keeper]):
                say(f"Become its owner, once: {link}")
        say(
            f"Everything is kept in {folder.path}. make split-status shows who lives; Ctrl-C stops."
        )


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(trust_env=False, timeout=state.ASK_TIMEOUT_S)


def _size(log_file: Path) -> int:
    return log_file.stat().st_size if log_file.exists() else 0


def _owner_link(log_file: Path, said_before: int) -> str | None:
    """Return the link that auth has said since its log had this size."""
    if not log_file.exists():
        return None
    with log_file.open() as said:
        said.seek(said_before)
        for line in said:
            if line.startswith(OWNER_LINK):
                return line.removeprefix(OWNER_LINK).strip()
    return None

"""Builds some of the services into one process that reaches the others over the network."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import httpx
from starlette.types import ASGIApp

from libs.common.claims import Claim
from libs.common.client import ClientSettings, InternalClient
from libs.common.errors import Unavailable
from libs.common.http.health import Readiness
from libs.common.metrics import Metrics, loop_lag, watch_loop
from libs.common.process import Process
from libs.common.service import Hook, Service, Worker
from libs.common.settings import load
from libs.common.several import transport_to
from libs.common.tokens.ended_sessions import AskedOfAuth, EndedSessions
from services.builders.catalog import SERVICES
from services.builders.edge import GATEWAY, Edge
from services.builders.environment import filled_in, for_auth
from services.builders.site import Site
from services.builders.trust import JWKS_PATH, Trust
from services.split import keys
from services.split.forward import Forward
from services.split.settings import EDGE, PEER, EdgeSettings, PeerSettings, SplitSettings

if TYPE_CHECKING:
    # The gateway keeps nothing, and is installed without what speaks to Postgres.
    from libs.common.postgres import Database

AUTH: Final = "auth"

OWN: Final = "process"
"""What belongs to the process itself, beside its services."""

FETCH_TIMEOUT_S: Final = 3.0

FORWARDED: Final = 200
"""Requests that a gateway passes on to one service at a time; further ones wait."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What was opened before the services can be built.

    `watch_bus` returns when the bus is no longer looked after. `announce` shows the owner's link.
    """

    process: Process
    databases: "Mapping[str, Database]"
    watch_bus: Callable[[], Coroutine[Any, Any, None]]
    announce: Callable[[str], None]


def build(
    names: Sequence[str], settings: SplitSettings, parts: Parts, *, environ: Mapping[str, str]
) -> Sequence[Service]:
    """Return the services of these names, after what belongs to the process itself.

    Raises: SettingsInvalid, StartFailed.
    """
    return _Split(names, settings, parts, environ).services()


class _Split:
    """The parts, each made once, in the order in which they need each other."""

    def __init__(
        self,
        names: Sequence[str],
        settings: SplitSettings,
        parts: Parts,
        environ: Mapping[str, str],
    ) -> None:
        self._names = names
        self._parts = parts
        self._environ = environ
        self._process = process = parts.process
        self._peers = load(PeerSettings, PEER, environ=environ)
        self._edge = load(EdgeSettings, EDGE, environ=environ)
        self._calls = load(ClientSettings, "", environ=environ)
        folder = settings.service_keys_dir
        self._trust = Trust(
            settings.public_url,
            signing=keys.signing(folder, names),
            callers=keys.callers(folder, SERVICES),
            fetch_keys=self._fetch_keys,
            clock=process.clock,
        )
        self._clients: dict[tuple[str, str], InternalClient] = {}
        self._forwards: dict[str, Forward] = {}
        ours = for_auth(settings.public_url, allow_plain_http=settings.allow_plain_http)
        self._site = Site(
            filled_in(environ, ours),
            process,
            self._trust,
            databases=parts.databases,
            client=self._client,
            claim=self._claim,
        )

    def services(self) -> Sequence[Service]:
        """Return the services in the order in which they start: each after those that it asks."""
        built = [self._service(name) for name in SERVICES if name in self._names]
        return [self._own(built), *built]

    def _service(self, name: str) -> Service:
        builder = import_module(f"services.builders.{name}")
        match name:
            case "auth":
                built: Service = builder.build(self._site, announce=self._parts.announce)
            case "gateway":
                built = builder.build(self._site, beside=self._beside, instead={})
            case _:
                built = builder.build(self._site)
        return built

    def _own(self, services: Sequence[Service]) -> Service:
        """Build what belongs to the process and to no service."""
        process = self._process
        lag = loop_lag(Metrics(process.registry, OWN))
        workers = [
            Worker("bus", self._parts.watch_bus),
            Worker("loop_lag", partial(watch_loop, lag, process.clock)),
        ]
        starts: list[Hook] = []
        stops: list[Hook] = [self._close]
        # Auth knows its own keys.
        checking = [one for one in services if one.name != AUTH]
        if checking:
            for service in checking:
                service.readiness.require("keys", self._trust.keys.check)
            workers += [
                Worker("keys", self._trust.keys.run),
                Worker("rotated_keys", self._trust.refresh_rotated),
            ]
        # The gateway listens for ended sessions itself, since it cuts their connections.
        listening = [one for one in checking if one.name != GATEWAY]
        if listening:
            ended = self._ended_sessions(caller=listening[0].name)
            for service in listening:
                service.readiness.require("ended_sessions", ended.check)
            workers.append(Worker("ended_sessions", ended.run))
            starts.append(ended.start)
            stops.append(ended.stop)
        readiness = Readiness({}, timeout_s=process.http.http_check_timeout_s)
        return Service(OWN, readiness, workers=workers, on_start=starts, on_stop=stops)

    def _ended_sessions(self, *, caller: str) -> EndedSessions:
        return EndedSessions(
            AskedOfAuth(self._client(caller, AUTH)),
            self._trust.revoked,
            bus=self._process.bus,
            clock=self._process.clock,
            inbox_name=f"{caller}.{self._process.instance}.sessions",
        )

    def _beside(self, site: ASGIApp) -> ASGIApp:
        """Put the other services' APIs beside the gateway's own, if it is to pass requests on."""
        if not self._edge.addresses:
            return site
        self._forwards = {
            name: Forward(name, transport_to(urls, connections=FORWARDED))
            for name, urls in self._edge.addresses.items()
        }
        return Edge({**self._forwards, GATEWAY: site})

    def _client(self, caller: str, callee: str) -> InternalClient:
        known = self._clients.get((caller, callee))
        if known is None:
            known = InternalClient(
                callee,
                f"http://{callee}",
                settings=self._calls,
                tokens=self._trust.tokens_of(caller),
                clock=self._process.clock,
                chance=self._process.chance,
                transport=transport_to(
                    getattr(self._peers, callee), connections=self._calls.internal_connections
                ),
            )
            self._clients[caller, callee] = known
        return known

    def _claim(self, service: str, lease_s: float) -> Claim:
        from libs.common.claims_postgres import PostgresClaim
        from libs.common.postgres import DatabaseSettings

        settings = load(DatabaseSettings, "", environ=self._environ)
        return PostgresClaim(settings, service, lease_s=lease_s)

    async def _fetch_keys(self) -> bytes:
        try:
            transport = transport_to(self._peers.auth_api, connections=1)
            async with httpx.AsyncClient(transport=transport, timeout=FETCH_TIMEOUT_S) as http:
                answer = await http.get(f"http://{AUTH}{JWKS_PATH}")
        except httpx.HTTPError as reason:
            raise Unavailable(repr(reason)) from None
        if not answer.is_success:
            raise Unavailable(f"status {answer.status_code}")
        return answer.content

    async def _close(self) -> None:
        for client in self._clients.values():
            await client.close()
        for forward in self._forwards.values():
            await forward.close()

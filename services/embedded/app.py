"""Builds all five services into one process with one public port; nothing else."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from libs.common.claims import Alone
from libs.common.client import ClientSettings, InternalClient
from libs.common.errors import Unavailable
from libs.common.http.health import Check
from libs.common.metrics import Metrics, loop_lag, watch_loop
from libs.common.postgres import Database
from libs.common.process import INTERNAL, PUBLIC, Place, Process, assemble
from libs.common.service import Service, Worker
from libs.common.settings import load
from libs.common.tokens.keys import SigningKey
from services.builders import auth, gateway, messages, presence, rooms
from services.builders.catalog import SERVICES
from services.builders.edge import GATEWAY, WHOLE, Edge
from services.builders.environment import filled_in
from services.builders.site import Site
from services.builders.trust import JWKS_PATH, Trust
from services.embedded.environment import filling_in
from services.embedded.settings import EmbeddedSettings
from services.messages.settings import PREFIX as MESSAGES
from services.messages.settings import MessagesSettings

HELD_BY_MESSAGES: Final = ("content_chars", "content_bytes", "room_sends_per_s", "room_sends_burst")
"""Limits that the gateway tells to clients and messages holds: here they cannot differ."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What was opened before the services can be built.

    `secret` protects what auth keeps and makes the codes of invitations. `announce` shows the
    owner's link. `database_dead` waits until the database has ended, and says why.
    """

    process: Process
    databases: Mapping[str, Database]
    secret: str
    announce: Callable[[str], None]
    database_dead: Callable[[], Coroutine[Any, Any, None]]


def build(
    settings: EmbeddedSettings, parts: Parts, *, environ: Mapping[str, str]
) -> Sequence[Service]:
    """Return the services in the order in which they start: each after those that it asks.

    Raises: SettingsInvalid.
    """
    return _Embedded(settings, parts, environ).services()


class _Embedded:
    """The services, each made once, after those that it asks.

    They show each other the same tokens as between processes, by keys that live as long as this
    process; nothing outside ever sees one.
    """

    def __init__(
        self, settings: EmbeddedSettings, parts: Parts, environ: Mapping[str, str]
    ) -> None:
        self._settings = settings
        self._parts = parts
        self._process = process = parts.process
        self._calls = load(ClientSettings, "", environ=environ)
        self._told = load(MessagesSettings, MESSAGES, environ=environ)
        self._inside: dict[str, ASGIApp] = {}
        self._outside: dict[str, ASGIApp] = {}
        signing = {name: SigningKey.generate(process.clock.now()) for name in SERVICES}
        self._trust = Trust(
            settings.address,
            signing=signing,
            callers={name: [key.public] for name, key in signing.items()},
            fetch_keys=self._fetch_keys,
            clock=process.clock,
        )
        secrets = dict.fromkeys(("AUTH_SECRET", "ROOMS_SECRET"), parts.secret)
        ours = {**secrets, **filling_in(settings)}
        self._site = Site(
            filled_in(environ, ours),
            process,
            self._trust,
            databases=parts.databases,
            client=self._client,
            claim=lambda _, __: Alone(),
        )

    def services(self) -> Sequence[Service]:
        accounts = self._portless(auth.build(self._site, announce=self._parts.announce))
        others = [self._portless(one.build(self._site)) for one in (rooms, messages, presence)]
        whole = self._whole([accounts, *others])
        return [accounts, whole, *others, self._gateway()]

    def _gateway(self) -> Service:
        """Build the gateway around the one public port, with all other apps beside it."""
        here = {"host": self._settings.host, "port": self._settings.port}
        built = gateway.build(
            self._site,
            beside=lambda site: Edge(self._outside | {GATEWAY: site}),
            instead=here | {name: getattr(self._told, name) for name in HELD_BY_MESSAGES},
        )
        public = next(one for one in built.listeners if one.name == PUBLIC)
        return replace(built, listeners=(replace(public, setting="PORT"),))

    def _whole(self, services: Sequence[Service]) -> Service:
        """Build what belongs to the process and to no service: probes, metrics, the database."""
        port = Place("127.0.0.1", self._settings.internal_port, "INTERNAL_PORT")
        lag = loop_lag(Metrics(self._process.registry, "embedded"))
        built = assemble(
            self._process,
            "embedded",
            doors=self._site.doors(GATEWAY),
            public=(port, []),
            internal=(port, []),
            checks={one.name: _check(one) for one in services},
            workers=[
                Worker("database", self._parts.database_dead),
                Worker("keys", self._trust.keys.run),
                Worker("rotated_keys", self._trust.refresh_rotated),
                Worker("loop_lag", partial(watch_loop, lag, self._process.clock)),
            ],
            on_start=[self._trust.keys.refresh],
            on_stop=[],
        )
        public, internal = built.listeners
        self._outside[WHOLE] = public.app
        return replace(built, listeners=(internal,))

    def _portless(self, service: Service) -> Service:
        """Note the apps of a service that is reached through the one port, or from inside."""
        apps = {listener.name: listener.app for listener in service.listeners}
        self._outside[service.name], self._inside[service.name] = apps[PUBLIC], apps[INTERNAL]
        return replace(service, listeners=())

    def _client(self, caller: str, callee: str) -> InternalClient:
        return InternalClient(
            callee,
            f"http://{callee}.internal",
            settings=self._calls,
            tokens=self._trust.tokens_of(caller),
            clock=self._process.clock,
            chance=self._process.chance,
            transport=httpx.ASGITransport(app=self._late(callee)),
        )

    def _late(self, callee: str) -> ASGIApp:
        """Return the inside of a service, which may be built after whoever asks it."""

        async def inside(scope: Scope, receive: Receive, send: Send) -> None:
            await self._inside[callee](scope, receive, send)

        return inside

    async def _fetch_keys(self) -> bytes:
        transport = httpx.ASGITransport(app=self._outside["auth"])
        async with httpx.AsyncClient(transport=transport, base_url="http://auth") as http:
            answer = await http.get(JWKS_PATH)
        if not answer.is_success:
            raise Unavailable
        return answer.content


def _check(service: Service) -> Check:
    async def check() -> None:
        await service.readiness.ready()

    return check

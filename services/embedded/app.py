"""Builds all five services into one process with one public port; nothing else."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from starlette.types import ASGIApp

from libs.common.client import ClientSettings, InternalClient
from libs.common.http.health import Check
from libs.common.listeners import ListenerSettings
from libs.common.metrics import Metrics, loop_lag, watch_loop
from libs.common.postgres import Database
from libs.common.process import INTERNAL, PUBLIC, Place, Process, assemble
from libs.common.service import Service, Worker
from libs.common.settings import load
from services.auth import app as auth
from services.auth.api.hashing import argon2id
from services.auth.settings import PREFIX as AUTH
from services.auth.settings import AuthSettings
from services.embedded.edge import NAME, Edge
from services.embedded.environment import filled_in, for_auth
from services.embedded.settings import EmbeddedSettings
from services.embedded.trust import AUDIENCES, LEEWAY_S, Trust
from services.gateway import app as gateway
from services.gateway.settings import PREFIX as GATEWAY_PREFIX
from services.gateway.settings import GatewaySettings
from services.messages import app as messages
from services.messages.settings import PREFIX as MESSAGES
from services.messages.settings import MessagesSettings
from services.presence import app as presence
from services.presence.settings import PREFIX as PRESENCE
from services.presence.settings import PresenceSettings
from services.rooms import app as rooms
from services.rooms.settings import PREFIX as ROOMS
from services.rooms.settings import RoomsSettings

SCHEMAS: Final = (
    (auth.NAME, auth.schema),
    (rooms.NAME, rooms.schema),
    (messages.NAME, messages.schema),
    (presence.NAME, presence.schema),
)

HELD_BY_MESSAGES: Final = ("content_chars", "content_bytes", "room_sends_per_s", "room_sends_burst")
"""Limits that the gateway tells to clients and messages holds: here they cannot differ."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What was opened before the services can be built.

    `secret` protects what auth keeps. `announce` shows the owner's link. `database_dead` waits
    until the database has ended, and says why.
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
    """The services, each made once, after those that it asks."""

    def __init__(
        self, settings: EmbeddedSettings, parts: Parts, environ: Mapping[str, str]
    ) -> None:
        self._settings = settings
        self._parts = parts
        self._process = parts.process
        self._environ = environ
        self._inside: dict[str, ASGIApp] = {}
        self._outside: dict[str, ASGIApp] = {}
        self._trust = Trust(
            settings.address,
            settings=load(ClientSettings, "", environ=environ),
            clock=parts.process.clock,
            chance=parts.process.chance,
        )

    def services(self) -> Sequence[Service]:
        accounts = self._portless(self._auth())
        self._keys = self._trust.published_keys(self._outside[auth.NAME])
        self._doors = self._trust.doors(self._keys)
        others = [
            self._portless(self._rooms()),
            self._portless(self._messages()),
            self._portless(self._presence()),
        ]
        whole = self._whole([accounts, *others])
        return [accounts, whole, *others, self._gateway()]

    def _auth(self) -> Service:
        trust = auth.Trust(
            issuer=self._trust.issuer,
            audiences=AUDIENCES,
            leeway_s=LEEWAY_S,
            services=self._trust.callers_of(auth.NAME),
            revoked=self._trust.revoked,
        )
        settings = self._auth_settings()
        return auth.build(
            settings,
            self._process,
            database=self._parts.databases[auth.NAME],
            trust=trust,
            slow_hash=argon2id(settings),
            announce=self._parts.announce,
        )

    def _rooms(self) -> Service:
        return rooms.build(
            load(RoomsSettings, ROOMS, environ=self._environ),
            self._process,
            doors=self._doors[rooms.NAME],
            database=self._parts.databases[rooms.NAME],
            auth=self._client(rooms.NAME, auth.NAME),
        )

    def _messages(self) -> Service:
        return messages.build(
            load(MessagesSettings, MESSAGES, environ=self._environ),
            self._process,
            doors=self._doors[messages.NAME],
            database=self._parts.databases[messages.NAME],
            rooms=self._client(messages.NAME, rooms.NAME),
        )

    def _presence(self) -> Service:
        return presence.build(
            load(PresenceSettings, PRESENCE, environ=self._environ),
            self._process,
            doors=self._doors[presence.NAME],
            database=self._parts.databases[presence.NAME],
            rooms=self._client(presence.NAME, rooms.NAME),
        )

    def _gateway(self) -> Service:
        """Build the gateway around the one public port, with all other apps beside it."""
        settings = load(GatewaySettings, GATEWAY_PREFIX, environ=self._environ)
        held = load(MessagesSettings, MESSAGES, environ=self._environ)
        here = {"host": self._settings.host, "port": self._settings.port}
        told = {name: getattr(held, name) for name in HELD_BY_MESSAGES}
        built = gateway.build(
            settings.model_copy(update=here | told),
            self._process,
            doors=self._doors[gateway.NAME],
            revoked=self._trust.revoked,
            others=gateway.Others(
                auth=self._client(gateway.NAME, auth.NAME),
                messages=self._client(gateway.NAME, messages.NAME),
                presence=self._client(gateway.NAME, presence.NAME),
            ),
            listening=load(ListenerSettings, "", environ=self._environ),
            beside=lambda site: Edge(self._outside | {gateway.NAME: site}),
            on_keys_rotated=self._keys_rotated.set,
        )
        public = next(one for one in built.listeners if one.name == PUBLIC)
        return replace(built, listeners=(replace(public, setting="PORT"),))

    def _whole(self, services: Sequence[Service]) -> Service:
        """Build what belongs to the process and to no service: probes, metrics, the database."""
        port = Place("127.0.0.1", self._settings.internal_port, "INTERNAL_PORT")
        lag = loop_lag(Metrics(self._process.registry, NAME))
        self._keys_rotated = asyncio.Event()
        built = assemble(
            self._process,
            NAME,
            doors=self._doors[gateway.NAME],
            public=(port, []),
            internal=(port, []),
            checks={one.name: _check(one) for one in services},
            workers=[
                Worker("database", self._parts.database_dead),
                Worker("keys", self._keys.run),
                Worker("rotated_keys", self._refresh_rotated_keys),
                Worker("loop_lag", partial(watch_loop, lag, self._process.clock)),
            ],
            on_start=[self._keys.refresh],
            on_stop=[],
        )
        public, internal = built.listeners
        self._outside[NAME] = public.app
        return replace(built, listeners=(internal,))

    def _portless(self, service: Service) -> Service:
        """Note the apps of a service that is reached through the one port, or from inside."""
        apps = {listener.name: listener.app for listener in service.listeners}
        self._outside[service.name], self._inside[service.name] = apps[PUBLIC], apps[INTERNAL]
        return replace(service, listeners=())

    def _client(self, caller: str, callee: str) -> InternalClient:
        return self._trust.client(caller, callee, self._inside[callee])

    def _auth_settings(self) -> AuthSettings:
        """Return auth's settings: what the environment does not say follows from ours."""
        ours = {f"{AUTH}SECRET": self._parts.secret, **for_auth(self._settings)}
        return load(AuthSettings, AUTH, environ=filled_in(self._environ, ours))

    async def _refresh_rotated_keys(self) -> None:
        """Fetch auth's keys again whenever they have changed, for ever."""
        while True:
            await self._keys_rotated.wait()
            self._keys_rotated.clear()
            await self._keys.refresh()


def _check(service: Service) -> Check:
    async def check() -> None:
        await service.readiness.ready()

    return check

"""A small service on the web: apps, Alice and Bob with their tokens, and a client to call it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
from prometheus_client import CollectorRegistry
from pydantic import BaseModel
from starlette.types import ASGIApp

from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.people import PersonKind
from libs.common.contracts.scopes import Scope
from libs.common.errors import Unauthorized
from libs.common.http.app import internal_app, public_app
from libs.common.http.endpoint import Endpoint
from libs.common.http.front import RequestMetrics, Surroundings
from libs.common.http.health import Check, Readiness
from libs.common.http.people import Caller
from libs.common.http.settings import HttpSettings
from libs.common.metrics import Metrics
from tests.support.clock import TEN_O_CLOCK, CountedChance, SetClock

ROOM = RoomId(UUID(int=20, version=4))


def person(number: int, name: str, kind: PersonKind) -> Caller:
    return Caller(
        id=PersonId(UUID(int=number, version=4)),
        kind=kind,
        name=name,
        session_id=None if kind is PersonKind.BOT else SessionId(UUID(int=number + 100, version=4)),
        expires_at=TEN_O_CLOCK + 900,
        room_id=ROOM if kind is PersonKind.GUEST else None,
    )


ALICE = person(1, "Alice", PersonKind.USER)
GUEST = person(2, "Passer-by", PersonKind.GUEST)
ROBOT = person(3, "Robot", PersonKind.BOT)
READER = replace(ALICE, scopes=frozenset({Scope.ROOMS_READ}))

AS_ALICE = {"authorization": "Bearer alice"}
AS_GUEST = {"authorization": "Bearer guest"}
AS_ROBOT = {"authorization": "Bearer robot"}
AS_READER = {"authorization": "Bearer reader"}
AS_ROOMS = {"authorization": "Bearer rooms"}


class Said(BaseModel):
    """What a handler heard, in words."""

    heard: str


class Door:
    """Knows three people by name, and a token of Alice's that only reads."""

    async def verify(self, token: str, now: float) -> Caller:
        known = {"alice": ALICE, "guest": GUEST, "robot": ROBOT, "reader": READER}
        if token not in known:
            raise Unauthorized
        return known[token]


class BackDoor:
    """Knows the other services by name."""

    def verify(self, token: str, now: float) -> str:
        if token not in {"rooms", "messages", "user"}:
            raise Unauthorized
        return token


class Site:
    """One service's apps, and what they did."""

    def __init__(
        self,
        *endpoints: Endpoint,
        settings: HttpSettings | None = None,
        checks: Mapping[str, Check] | None = None,
        check_timeout_s: float = 5.0,
    ) -> None:
        self.registry = CollectorRegistry()
        self.clock = SetClock()
        self.readiness = Readiness(checks or {}, timeout_s=check_timeout_s)
        self.around = Surroundings(
            service="rooms",
            clock=self.clock,
            chance=CountedChance(),
            metrics=RequestMetrics(Metrics(self.registry, "rooms")),
        )
        self._settings = settings or HttpSettings()
        self._endpoints: Iterable[Endpoint] = endpoints

    def public(self) -> ASGIApp:
        return public_app(
            self._endpoints,
            self.around,
            settings=self._settings,
            verifier=Door(),
            readiness=self.readiness,
        )

    def internal(self) -> ASGIApp:
        return internal_app(
            self._endpoints,
            self.around,
            settings=self._settings,
            verifier=BackDoor(),
            readiness=self.readiness,
            registry=self.registry,
        )

    def metric(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"chat_rooms_{name}", labels)


def browser(app: ASGIApp, **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://chat.test", **options)


async def call(
    endpoint: Endpoint,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] = AS_ALICE,
    **more: Any,
) -> httpx.Response:
    """Return what a service with only this endpoint answers Alice."""
    async with browser(Site(endpoint).public()) as alice:
        return await alice.request(method, path, headers=headers, **more)

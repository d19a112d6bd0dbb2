"""What the services of one process share, and how a service's two apps are put together.

A composition root makes one `Process` and hands it to the builder of each service it runs: one of
them in the split shape, all five in the embedded one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from libs.common.bus.interface import Bus
from libs.common.bus.topology import Spread
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.errors import Unavailable
from libs.common.http.app import internal_app, public_app
from libs.common.http.endpoint import Endpoint
from libs.common.http.front import RequestMetrics, Surroundings
from libs.common.http.health import Check, Readiness
from libs.common.http.people import ServiceVerifier, Verifier
from libs.common.http.settings import HttpSettings
from libs.common.listeners import Listener
from libs.common.metrics import Metrics
from libs.common.service import Hook, Service, Worker

PUBLIC: Final = "public"
INTERNAL: Final = "internal"


@dataclass(frozen=True, slots=True)
class Process:
    """`instance` names this process among all others, also on the bus."""

    instance: str
    bus: Bus
    spread: Spread
    clock: Clock
    chance: Chance
    registry: CollectorRegistry
    http: HttpSettings

    async def check_bus(self) -> None:
        """Return when the bus works.  Raises: Unavailable."""
        if not await self.bus.is_ready():
            raise Unavailable


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is let in: people by their access tokens, services by theirs."""

    people: Verifier
    services: ServiceVerifier


@dataclass(frozen=True, slots=True)
class Place:
    """Where one app listens. `setting` is the variable that moves it."""

    host: str
    port: int
    setting: str


def assemble(
    process: Process,
    name: str,
    *,
    doors: Doors,
    public: tuple[Place, Iterable[Endpoint]],
    internal: tuple[Place, Iterable[Endpoint]],
    checks: Mapping[str, Check],
    workers: Sequence[Worker],
    on_start: Sequence[Hook],
    on_stop: Sequence[Hook],
) -> Service:
    """Put a service together: its two apps on their ports, ready when all `checks` pass."""
    metrics = RequestMetrics(Metrics(process.registry, name))
    around = Surroundings(name, process.clock, process.chance, metrics)
    readiness = Readiness(checks, timeout_s=process.http.http_check_timeout_s)
    people = public_app(
        public[1], around, settings=process.http, verifier=doors.people, readiness=readiness
    )
    services = internal_app(
        internal[1],
        around,
        settings=process.http,
        verifier=doors.services,
        readiness=readiness,
        registry=process.registry,
    )
    return Service(
        name,
        readiness,
        listeners=(
            _listener(PUBLIC, people, public[0]),
            _listener(INTERNAL, services, internal[0]),
        ),
        workers=workers,
        on_start=on_start,
        on_stop=on_stop,
    )


def _listener(name: str, app: ASGIApp, place: Place) -> Listener:
    return Listener(name, app, host=place.host, port=place.port, setting=place.setting)

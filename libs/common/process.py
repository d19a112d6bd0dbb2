"""What the services of one process share, and how a service's two apps are put together.

A composition root makes one `Process` and hands it to the builder of each service it runs: one of
them in the split shape, all five in the embedded one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from starlette.types import ASGIApp

from libs.common.bus.interface import Bus
from libs.common.bus.topology import Spread
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.http.app import internal_app, public_app
from libs.common.http.endpoint import Endpoint
from libs.common.http.front import RequestMetrics, Surroundings
from libs.common.http.health import Check, Readiness
from libs.common.http.people import ServiceVerifier, Verifier
from libs.common.http.settings import HttpSettings
from libs.common.metrics import Metrics
from libs.common.service import Hook, Service, Worker


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


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is let in: people by their access tokens, services by theirs."""

    people: Verifier
    services: ServiceVerifier


@dataclass(frozen=True, slots=True)
class Built:
    """A service and its two apps, still without ports: the composition root knows those."""

    service: Service
    public: ASGIApp
    internal: ASGIApp


def build(
    process: Process,
    name: str,
    *,
    doors: Doors,
    public: Iterable[Endpoint],
    internal: Iterable[Endpoint],
    checks: Mapping[str, Check],
    workers: Sequence[Worker] = (),
    on_start: Sequence[Hook] = (),
    on_drain: Sequence[Hook] = (),
    on_stop: Sequence[Hook] = (),
) -> Built:
    """Put a service together: its apps around its endpoints, ready when all `checks` pass."""
    metrics = RequestMetrics(Metrics(process.registry, name))
    around = Surroundings(name, process.clock, process.chance, metrics)
    readiness = Readiness(checks, timeout_s=process.http.http_check_timeout_s)
    return Built(
        Service(
            name,
            readiness,
            workers=workers,
            on_start=on_start,
            on_drain=on_drain,
            on_stop=on_stop,
        ),
        public_app(
            public, around, settings=process.http, verifier=doors.people, readiness=readiness
        ),
        internal_app(
            internal,
            around,
            settings=process.http,
            verifier=doors.services,
            readiness=readiness,
            registry=process.registry,
        ),
    )

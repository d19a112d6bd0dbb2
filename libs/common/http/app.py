"""Builds the two apps of a service: the public one for people, the internal one for services.

Both answer `/healthz`, `/readyz` and `/openapi.json`; only the internal one has `/metrics`, and
only it honours a caller's deadline. They listen on different ports, and neither token opens the
other.
"""

from collections import defaultdict
from collections.abc import Iterable

from prometheus_client import CollectorRegistry
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp

from libs.common.http.dispatch import PathApp, no_such_path
from libs.common.http.endpoint import Endpoint
from libs.common.http.front import Front, Surroundings
from libs.common.http.health import Readiness
from libs.common.http.openapi import served
from libs.common.http.origins import with_cors
from libs.common.http.people import (
    ANYONE,
    Guard,
    PeopleGuard,
    ServiceGuard,
    ServiceVerifier,
    Verifier,
)
from libs.common.http.settings import HttpSettings
from libs.common.http.signature import Signature, read_signature
from libs.common.metrics import exposition


def public_app(
    endpoints: Iterable[Endpoint],
    around: Surroundings,
    *,
    settings: HttpSettings,
    verifier: Verifier,
    readiness: Readiness,
) -> ASGIApp:
    """Return the app that people reach.

    Raises: TypeError when an endpoint cannot be served as it is.
    """
    endpoints = list(endpoints)
    inner = _router(
        [*endpoints, *_health(readiness), served(endpoints, service=around.service)],
        around,
        settings=settings,
        guard=PeopleGuard(verifier, around.clock),
        honours_deadlines=False,
    )
    inner = with_cors(inner, settings)
    return Front(
        inner,
        around,
        listener="public",
        max_in_flight=settings.http_max_in_flight,
        max_arriving=settings.http_bodies_per_address,
    )


def internal_app(
    endpoints: Iterable[Endpoint],
    around: Surroundings,
    *,
    settings: HttpSettings,
    verifier: ServiceVerifier,
    readiness: Readiness,
    registry: CollectorRegistry,
) -> ASGIApp:
    """Return the app that other services, probes and Prometheus reach.

    Raises: TypeError when an endpoint cannot be served as it is.
    """
    endpoints = list(endpoints)
    api = served(endpoints, service=f"{around.service} (internal)")
    inner = _router(
        [*endpoints, *_health(readiness), api, _metrics(registry)],
        around,
        settings=settings,
        guard=ServiceGuard(verifier, around.clock),
        honours_deadlines=True,
    )
    return Front(
        inner,
        around,
        listener="internal",
        max_in_flight=settings.http_max_in_flight,
        max_arriving=settings.http_max_in_flight,
    )


def _router(
    endpoints: Iterable[Endpoint],
    around: Surroundings,
    *,
    settings: HttpSettings,
    guard: Guard,
    honours_deadlines: bool,
) -> ASGIApp:
    by_path: dict[str, list[Signature]] = defaultdict(list)
    for endpoint in endpoints:
        signature = read_signature(endpoint)
        if not signature.wants <= {guard.gives}:
            raise TypeError(f"{endpoint}: the caller here is a {guard.gives.__name__}")
        if any(other.endpoint.method == endpoint.method for other in by_path[endpoint.path]):
            raise TypeError(f"{endpoint} is there twice")
        by_path[endpoint.path].append(signature)
    routes = [
        Route(
            path,
            PathApp(
                path,
                by_path[path],
                guard=guard,
                settings=settings,
                chance=around.chance,
                honours_deadlines=honours_deadlines,
            ),
        )
        for path in sorted(by_path, key=_literal_first)
    ]
    return Router(routes, redirect_slashes=False, default=no_such_path)


def _literal_first(path: str) -> list[bool]:
    """Let `/messages/search` win over `/messages/{id}`, in whatever order they are declared."""
    return [part.startswith("{") for part in path.split("/")]


def _health(readiness: Readiness) -> list[Endpoint]:
    return [
        Endpoint("GET", "/healthz", readiness.alive, admits=ANYONE),
        Endpoint("GET", "/readyz", readiness.ready, admits=ANYONE),
    ]


def _metrics(registry: CollectorRegistry) -> Endpoint:
    async def metrics() -> Response:
        """Return every metric of this process."""
        body, media_type = exposition(registry)
        return Response(body, media_type=media_type)

    return Endpoint("GET", "/metrics", metrics, admits=ANYONE)

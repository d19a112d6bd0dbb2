"""The outermost layer of an app: what is true of every request, whatever becomes of it.

It gives the request its id and its place in a trace, binds them and the service's name for the log,
bounds how many are answered at once, puts the common headers on the answer, and sums the request
up in one line and two metrics when it is over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.common import logs, tracing
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.http import deadline
from libs.common.http.arriving import Arrival, Arriving
from libs.common.http.headers import add_headers
from libs.common.http.problems import Overloaded, problem
from libs.common.metrics import LATENCY_S, Metrics

log = structlog.get_logger()

RECORD: Final = "chat.request"
"""Key of the `RequestRecord` in a request's scope."""

PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Answered even under load, so that a busy process is not taken for a dead one, and logged at
debug, since they come every few seconds.
"""

RETRY_AFTER_MS: Final = 1_000


@dataclass(slots=True)
class RequestRecord:
    """What the inner layers learn about a request and the summary tells.

    `on_held` is called once when the request is held: from then on it only waits for something to
    happen, so it is neither counted among those in flight, nor is its duration how long work takes.
    """

    on_held: Callable[[], None]
    is_held: bool = False
    method: str = "other"
    route: str = "unmatched"
    code: str | None = None
    caller: str | None = None
    status: int = 500

    def hold(self) -> None:
        self.is_held = True
        self.on_held()


class RequestMetrics:
    """The HTTP metrics of one service; `listener` is public or internal."""

    def __init__(self, metrics: Metrics) -> None:
        self.requests = metrics.counter(
            "http_requests",
            "Requests that were answered.",
            labels=("listener", "method", "route", "status"),
        )
        self.duration = metrics.histogram(
            "http_request_duration_seconds",
            "From the request's head to the end of its answer.",
            buckets=LATENCY_S,
            labels=("listener", "method", "route"),
        )
        self.in_flight = metrics.gauge(
            "http_requests_in_flight_count",
            "Requests that are being answered.",
            labels=("listener",),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a front needs to know about the process it stands in."""

    service: str
    clock: Clock
    chance: Chance
    metrics: RequestMetrics


class Front:
    """Wraps the ASGI app `inner`; see the module."""

    def __init__(
        self,
        inner: ASGIApp,
        around: Surroundings,
        *,
        listener: str,
        max_in_flight: int,
        max_arriving: int,
    ) -> None:
        self._inner = inner
        self._around = around
        self._listener = listener
        self._max_in_flight = max_in_flight
        self._in_flight = 0
        self._arriving = Arriving(max_per_address=max_arriving)
        self._gauge = around.metrics.in_flight.labels(listener)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            # ASGI takes this for "not supported", of sockets as well as of lifespan.
            raise ValueError(f"this app does not speak {scope['type']}")
        headers = Headers(scope=scope)
        trace = tracing.begin(
            headers.get("x-request-id"), headers.get("traceparent"), chance=self._around.chance
        )
        # A connection's tasks may inherit what an earlier request on it had bound
        # (github.com/python/cpython/issues/140947), and in one process so may another service's.
        service = self._around.service
        with tracing.use(trace), logs.bind_only(service=service), deadline.anew():
            await self._answer(scope, receive, send, trace.request_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        record = scope[RECORD] = RequestRecord(self._count_out)
        started = self._around.clock.monotonic()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                record.status = message["status"]
                add_headers(message, request_id=request_id)
            await send(message)

        arrival = self._arriving.begin(scope)
        self._in_flight += 1
        self._gauge.inc()
        try:
            if self._is_full(arrival) and scope["path"] not in PROBES:
                record.code = Overloaded.code
                refusal = problem(Overloaded(retry_after_ms=RETRY_AFTER_MS))
                await refusal(scope, receive, send_with_headers)
            else:
                await self._inner(scope, arrival.watched(receive), send_with_headers)
        finally:
            arrival.end()
            if not record.is_held:
                self._count_out()
            self._sum_up(record, self._around.clock.monotonic() - started)

    def _is_full(self, arrival: Arrival) -> bool:
        return self._in_flight > self._max_in_flight or self._arriving.is_full(arrival)

    def _count_out(self) -> None:
        self._in_flight -= 1
        self._gauge.dec()

    def _sum_up(self, record: RequestRecord, duration_s: float) -> None:
        metrics, route = self._around.metrics, (self._listener, record.method, record.route)
        metrics.requests.labels(*route, str(record.status)).inc()
        if not record.is_held:
            metrics.duration.labels(*route).observe(duration_s)
        write = log.debug if record.route in PROBES else log.info
        told = {"code": record.code, "caller": record.caller}
        write(
            "request_handled",
            listener=self._listener,
            method=record.method,
            route=record.route,
            status=record.status,
            duration_ms=round(duration_s * 1000, 1),
            **{name: value for name, value in told.items() if value is not None},
        )

"""What is true of every answer, whatever the question."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel
from starlette.requests import Request
from starlette.types import Message

from libs.common import tracing
from libs.common.http.endpoint import Endpoint
from libs.common.http.headers import ALWAYS
from libs.common.http.settings import HttpSettings
from tests.support.clock import settle
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import ALICE, AS_ALICE, AS_GUEST, Site, browser, call


class Trace(BaseModel):
    request_id: str
    traceparent: str


async def where(room_id: int) -> Trace:
    """Say where in a trace this is."""
    trace = tracing.current()
    assert trace is not None
    return Trace(request_id=trace.request_id, traceparent=trace.traceparent)


async def crash() -> None:
    """Fall over."""
    raise RuntimeError


WHERE = Endpoint("GET", "/v1/rooms/{room_id}", where)
CRASH = Endpoint("POST", "/v1/crash", crash)


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/v1/rooms/7", AS_ALICE, 200),
        ("GET", "/v1/rooms/7", {}, 401),
        ("GET", "/v1/rooms/7", AS_GUEST, 403),
        ("GET", "/v1/rooms/x", AS_ALICE, 404),
        ("GET", "/v1/nowhere", {}, 404),
        ("PUT", "/v1/rooms/7", AS_ALICE, 405),
        ("GET", "/v1/rooms/7?x=1", AS_ALICE, 422),
        ("POST", "/v1/crash", AS_ALICE, 500),
        ("GET", "/healthz", {}, 200),
        ("GET", "/openapi.json", {}, 200),
    ],
)
async def test_every_answer_carries_the_safe_headers_and_an_id(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    async with browser(Site(WHERE, CRASH).public()) as anybody:
        answer = await anybody.request(method, path, headers=headers)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers["x-request-id"]
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_good_request_id_goes_all_the_way_and_back() -> None:
    answer = await call(WHERE, "GET", "/v1/rooms/7", headers=AS_ALICE | {"x-request-id": "r-1_A"})

    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "r-1_A"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "<script>"])
async def test_a_bad_request_id_is_replaced(sent: str) -> None:
    answer = await call(WHERE, "GET", "/v1/rooms/7", headers=AS_ALICE | {"x-request-id": sent})

    assert answer.headers["x-request-id"] == answer.json()["request_id"] != sent


async def test_a_callers_trace_goes_on() -> None:
    sent = f"00-{'a' * 32}-{'b' * 16}-01"

    answer = await call(WHERE, "GET", "/v1/rooms/7", headers=AS_ALICE | {"traceparent": sent})

    assert answer.json()["traceparent"].startswith(f"00-{'a' * 32}-")
    assert answer.json()["traceparent"] != sent


async def test_a_request_is_summed_up_in_one_line() -> None:
    with written_logs() as lines:
        await call(WHERE, "GET", "/v1/rooms/7?canary=1", headers=AS_ALICE | {"x-request-id": "r1"})

    (line,) = lines.read()
    assert line["event"] == "request_handled"
    assert line["level"] == "info"
    assert line["service"] == "rooms"
    assert line["listener"] == "public"
    assert (line["method"], line["route"]) == ("GET", "/v1/rooms/{room_id}")
    assert (line["status"], line["code"]) == (422, "invalid")
    assert line["caller"] == str(ALICE.id)
    assert line["request_id"] == "r1"
    assert line["duration_ms"] == 0
    assert "canary" not in lines.text()


async def test_lines_of_a_handler_say_who_it_works_for() -> None:
    async def work() -> None:
        """Work."""
        structlog.get_logger().info("work_done")

    with written_logs() as lines:
        await call(Endpoint("POST", "/v1/work", work), "POST", "/v1/work")

    (line,) = lines.of("work_done")
    assert line["user_id"] == str(ALICE.id)
    assert line["session_id"] == str(ALICE.session_id)
    assert line["service"] == "rooms"
    assert "user_id" not in lines.of("request_handled")[0]


async def test_nothing_of_an_earlier_request_is_left_for_the_next() -> None:
    with written_logs() as lines:
        structlog.contextvars.bind_contextvars(user_id="of somebody before")
        async with browser(Site(WHERE).public()) as stranger:
            await stranger.get("/v1/rooms/7")

    assert "of somebody before" not in lines.text()


async def test_probes_are_logged_at_debug_only() -> None:
    with written_logs() as lines:
        await call(WHERE, "GET", "/healthz", headers={})
    assert lines.read() == []

    with written_logs(log_level="debug") as lines:
        await call(WHERE, "GET", "/healthz", headers={})
    assert lines.of("request_handled")[0]["level"] == "debug"


async def test_requests_are_counted_by_route_and_status() -> None:
    site = Site(WHERE)
    async with browser(site.public(), headers=AS_ALICE) as alice:
        await alice.get("/v1/rooms/7")
        await alice.get("/v1/rooms/8")
        await alice.get("/v1/rooms/x")

    labels = {"listener": "public", "method": "GET", "route": "/v1/rooms/{room_id}"}
    assert site.metric("http_requests_total", **labels, status="200") == 2
    assert site.metric("http_requests_total", **labels, status="404") == 1
    assert site.metric("http_request_duration_seconds_count", **labels) == 3
    assert site.metric("http_requests_in_flight_count", listener="public") == 0


async def test_what_clients_invent_makes_no_new_series() -> None:
    site = Site(WHERE)
    async with browser(site.public(), headers=AS_ALICE) as alice:
        await alice.get("/v1/canary")
        await alice.request("CANARY", "/v1/rooms/7")

    other = {"listener": "public", "method": "other"}
    assert site.metric("http_requests_total", **other, route="unmatched", status="404") == 1
    assert (
        site.metric("http_requests_total", **other, route="/v1/rooms/{room_id}", status="405") == 1
    )


async def test_more_requests_at_once_than_allowed_are_refused_but_probes_are_not() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def stay() -> None:
        """Stay a while."""
        entered.set()
        await leave.wait()

    site = Site(Endpoint("POST", "/v1/stay", stay), settings=HttpSettings(http_max_in_flight=1))
    async with browser(site.public(), headers=AS_ALICE) as alice:
        staying = asyncio.create_task(alice.post("/v1/stay"))
        await entered.wait()

        refused = await alice.post("/v1/stay")
        alive = await alice.get("/healthz")
        leave.set()

        assert (await staying).status_code == 204
        assert (await alice.post("/v1/stay")).status_code == 204

    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert refused.headers["retry-after"] == "1"
    assert alive.status_code == 200


async def test_one_address_cannot_have_all_places_with_bodies_that_do_not_come() -> None:
    is_slow, come = asyncio.Event(), asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield b'{"more":'
        is_slow.set()
        await come.wait()
        yield b" 1}"

    async def take(request: Request) -> None:
        """Take a body."""
        await request.body()

    take_it = Endpoint("POST", "/v1/take", take)
    site = Site(take_it, WHERE, settings=HttpSettings(http_bodies_per_address=1))
    async with browser(site.public(), headers=AS_ALICE) as alice:
        slow = asyncio.create_task(alice.post("/v1/take", content=body()))
        await is_slow.wait()

        refused = await alice.post("/v1/take", content=b"{}")
        others = await alice.get("/v1/rooms/7")
        come.set()

        assert (await slow).status_code == 204
        assert (await alice.post("/v1/take", content=b"{}")).status_code == 204

    assert (refused.status_code, others.status_code) == (503, 200)


async def test_what_is_not_http_is_not_supported() -> None:
    async def unused(*_: Message) -> Any:
        raise NotImplementedError

    with pytest.raises(ValueError, match="does not speak lifespan"):
        await Site(WHERE).public()({"type": "lifespan"}, unused, unused)


async def test_a_held_request_does_not_keep_others_out() -> None:
    something = asyncio.Event()

    async def wait() -> None:
        """Wait for something to happen."""
        await something.wait()

    site = Site(
        WHERE,
        Endpoint("POST", "/v1/wait", wait, is_held=True),
        settings=HttpSettings(http_max_in_flight=1),
    )
    async with browser(site.public(), headers=AS_ALICE) as alice:
        held = [asyncio.create_task(alice.post("/v1/wait")) for _ in range(3)]
        await settle()

        assert (await alice.get("/v1/rooms/7")).status_code == 200
        assert site.metric("http_requests_in_flight_count", listener="public") == 0
        something.set()
        assert [answer.status_code for answer in await asyncio.gather(*held)] == [204] * 3

    waited = {"listener": "public", "method": "POST", "route": "/v1/wait"}
    assert site.metric("http_requests_total", **waited, status="204") == 3
    assert site.metric("http_request_duration_seconds_count", **waited) is None
    assert site.metric("http_requests_in_flight_count", listener="public") == 0

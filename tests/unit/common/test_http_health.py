"""Alive, ready, and what is missing."""

import asyncio

from libs.common.http.health import Check
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import Site, browser


async def works() -> None:
    pass


async def breaks() -> None:
    raise OSError("postgresql://alice:hunter2@db refused")


async def hangs() -> None:
    await asyncio.Event().wait()


async def ask(path: str, **checks: Check) -> tuple[int, dict[str, object]]:
    async with browser(Site(checks=checks, check_timeout_s=0.01).public()) as probe:
        answer = await probe.get(path)
    return answer.status_code, answer.json()


async def test_a_process_that_answers_is_alive_whatever_else_is_broken() -> None:
    assert await ask("/healthz", database=breaks) == (200, {"status": "alive"})


async def test_a_service_is_ready_when_all_it_needs_works() -> None:
    assert await ask("/readyz", database=works, bus=works) == (200, {"status": "ready"})


async def test_what_fails_is_named_and_nothing_more_is_told() -> None:
    with written_logs() as lines:
        status, body = await ask("/readyz", database=breaks, bus=hangs, disk=works)

    assert status == 503
    assert body["code"] == "not_ready"
    assert body["fields"] == {"database": "does not work", "bus": "no answer in time"}
    (line,) = lines.of("readiness_check_failed")
    assert line["check"] == "database"
    assert "hunter2" not in lines.text()


async def test_a_draining_service_is_not_ready_but_alive() -> None:
    site = Site(checks={"database": works})
    site.readiness.drain()

    async with browser(site.public()) as probe:
        ready = await probe.get("/readyz")
        alive = await probe.get("/healthz")

    assert (ready.status_code, ready.json()["fields"]) == (503, {"service": "draining"})
    assert alive.status_code == 200


async def test_metrics_are_on_the_internal_port_only_and_need_no_token() -> None:
    site = Site()

    async with browser(site.internal()) as prometheus:
        inside = await prometheus.get("/metrics")
    async with browser(site.public()) as stranger:
        outside = await stranger.get("/metrics")

    assert inside.status_code == 200
    assert "chat_rooms_http_requests_in_flight_count" in inside.text
    assert inside.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert outside.status_code == 404

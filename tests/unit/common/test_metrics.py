"""Metrics have one naming rule and never clash."""

import asyncio
from contextlib import suppress

import pytest
from prometheus_client import CollectorRegistry

from libs.common.metrics import (
    LAG_INTERVAL_S,
    MetricRow,
    Metrics,
    exposition,
    loop_lag,
    watch_loop,
)
from tests.support.clock import SetClock


def metrics(service: str = "rooms", registry: CollectorRegistry | None = None) -> Metrics:
    return Metrics(registry or CollectorRegistry(), service)


def test_a_name_says_the_service_the_thing_and_the_unit() -> None:
    ours = metrics()
    ours.counter("rooms_created", "Rooms that were created.", labels=("kind",)).labels(
        "public"
    ).inc()
    ours.gauge("members_online_count", "Members that are there.").set(3)
    ours.histogram("join_duration_seconds", "How long a join takes.", buckets=(0.1, 1)).observe(0.5)

    body, media_type = exposition(ours.registry)

    assert media_type.startswith("text/plain")
    assert b'chat_rooms_rooms_created_total{kind="public"} 1.0' in body
    assert b"chat_rooms_members_online_count 3.0" in body
    assert b'chat_rooms_join_duration_seconds_bucket{le="1.0"} 1.0' in body


def test_two_services_share_a_process() -> None:
    registry = CollectorRegistry()

    for service in ("rooms", "auth"):
        metrics(service, registry).counter("logins", "Log-ins.").inc()

    assert registry.get_sample_value("chat_auth_logins_total") == 1


def test_the_same_service_is_made_twice_with_two_registries() -> None:
    for _ in range(2):
        metrics().counter("logins", "Log-ins.")


def test_the_same_metric_twice_in_one_registry_is_a_mistake() -> None:
    ours = metrics()
    ours.counter("logins", "Log-ins.")

    with pytest.raises(ValueError, match="Duplicated"):
        ours.counter("logins", "Log-ins.")


@pytest.mark.parametrize("name", ["duration", "join_duration", "Join_seconds", "join-time_seconds"])
def test_a_name_without_a_unit_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="naming rule"):
        metrics().gauge(name, "How long.")


def test_a_metric_without_a_description_is_refused() -> None:
    with pytest.raises(ValueError, match="naming rule"):
        metrics().counter("logins", "")


def test_every_metric_has_a_row_for_the_documentation() -> None:
    ours = metrics()
    ours.counter("logins", "Log-ins.", labels=("outcome",))
    ours.gauge("open_count", "Open rooms.")

    assert ours.rows() == [
        MetricRow("chat_rooms_logins_total", "counter", ("outcome",), "Log-ins."),
        MetricRow("chat_rooms_open_count", "gauge", (), "Open rooms."),
    ]


class LateClock(SetClock):
    """Wakes everybody `late_s` seconds after the time they asked for."""

    late_s = 0.25

    async def sleep(self, duration_s: float) -> None:
        await super().sleep(duration_s + self.late_s)


async def test_the_lag_is_what_a_sleeper_waits_beyond_its_time() -> None:
    clock, ours = LateClock(), metrics("process")
    watching = asyncio.create_task(watch_loop(loop_lag(ours), clock))

    await clock.advance(2 * (LAG_INTERVAL_S + clock.late_s))
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching

    assert ours.registry.get_sample_value("chat_process_loop_lag_seconds_count") == 2
    assert ours.registry.get_sample_value("chat_process_loop_lag_seconds_sum") == pytest.approx(0.5)

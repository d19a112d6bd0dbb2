"""The broker shows the numbers that alerts and the dashboard look at, where Prometheus asks."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from libs.common.bus.topology import dead_letters, room_commands
from services.nodes.rabbitmq.options import Plugin
from tests.architecture.tree import read
from tests.integration.bus.opening import open_bus
from tests.integration.fleet.conftest import Broker
from tests.unit.deploy.compose import load_yaml

LOOKERS = ("deploy/prometheus/alerts.yml", "deploy/grafana/path.json")
OURS = re.compile(r"\brabbitmq_\w+")
SHOWN = re.compile(r"^(rabbitmq_\w+)(.*)$", re.MULTILINE)


def jobs() -> list[dict[str, Any]]:
    """Return how Prometheus is told to ask the broker."""
    told = load_yaml(read("deploy/prometheus/prometheus.yml"))["scrape_configs"]
    return [job for job in told if "rabbitmq:15692" in str(job)]


def kept(job: dict[str, Any], text: str) -> Iterator[tuple[str, str]]:
    """Yield name and labels of what Prometheus keeps of an answer."""
    (rule,) = job["metric_relabel_configs"]
    for name, rest in SHOWN.findall(text):
        if bool(re.fullmatch(rule["regex"], name)) is (rule["action"] == "keep"):
            yield name, rest


@pytest.fixture
async def seen(broker: Broker) -> list[tuple[str, str]]:
    """What Prometheus knows of a broker that has queues."""
    bus = await open_bus(broker.url("messages"))
    for queue in (room_commands(0), dead_letters()):
        await bus.declare(queue)
    await bus.close()
    found: list[tuple[str, str]] = []
    url = broker.server.plugin_url(Plugin.PROMETHEUS)
    async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
        for job in jobs():
            answer = await http.get(job.get("metrics_path", "/metrics"))
            found += kept(job, answer.raise_for_status().text)
    return found


async def test_what_is_looked_at_is_shown(seen: list[tuple[str, str]]) -> None:
    names = {name for name, _ in seen}

    for looker in LOOKERS:
        assert set(OURS.findall(read(looker))) - names == set(), looker


async def test_each_queue_is_shown_once_by_its_name(seen: list[tuple[str, str]]) -> None:
    shown = [rest for name, rest in seen if name == "rabbitmq_queue_messages"]

    for queue in (room_commands(0), dead_letters()):
        assert len([rest for rest in shown if f'queue="{queue.name}"' in rest]) == 1
    assert all("queue=" in rest for rest in shown)

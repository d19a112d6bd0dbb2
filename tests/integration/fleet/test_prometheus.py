"""A real Prometheus finds in a real fleet what the page for operators says."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from services.builders.catalog import KEEPING, SERVICES
from services.nodes.folder import StartFailed
from services.nodes.rabbitmq.binaries import find_binaries
from tests.architecture.tree import read
from tests.integration.fleet.prometheus import scraping
from tests.support.fleet import Fleet

# Those without labels are there from the start; others come with their first value.
UNLABELLED = re.compile(r"^\| `(chat_[a-z_<>]+)` \|  ?\|", re.MULTILINE)
OF_ALL = ("chat_bus_publishing_count", "process_cpu_seconds_total")


def expected() -> set[str]:
    """Return the metrics that must be there, by the page."""
    names = {
        name.replace("<service>", service)
        for name in UNLABELLED.findall(read("docs/operations.md"))
        for service in (("auth", "rooms") if "outbox" in name else SERVICES)
    }
    return {*names, *OF_ALL}


def is_there(name: str, names: set[str]) -> bool:
    return name in names or f"{name}_bucket" in names


def are_up(targets: Any) -> bool:
    active = targets["activeTargets"]
    return bool(active) and all(one["health"] == "up" for one in active)


@pytest.mark.proof
async def test_prometheus_scrapes_every_process_and_knows_its_rules(tmp_path: Path) -> None:
    if shutil.which("prometheus") is None:
        pytest.skip("there is no prometheus: apt-get install --no-install-recommends prometheus")
    try:
        find_binaries(None)
    except StartFailed as reason:
        pytest.skip(str(reason))
    async with (
        Fleet(tmp_path / "fleet") as fleet,
        scraping(fleet.members(), tmp_path) as prometheus,
    ):
        targets = await prometheus.until("targets", are_up)
        rules = await prometheus.until(
            "rules",
            lambda found: all(
                rule["health"] == "ok" for group in found["groups"] for rule in group["rules"]
            ),
        )
        names = set(await prometheus.ask("label/__name__/values"))
        firing = {
            alert["labels"]["alertname"]
            for alert in (await prometheus.ask("alerts"))["alerts"]
            if alert["state"] == "firing"
        }

    assert len(targets["activeTargets"]) == len(KEEPING) + 3
    assert len(rules["groups"]) == 4
    assert {name for name in expected() if not is_there(name, names)} == set()
    assert firing == set()

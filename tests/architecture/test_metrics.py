"""Every metric is on the page for operators, and what looks at metrics looks at ones that exist."""

import ast
import re
from collections.abc import Iterator, Set

import pytest

from services.builders.catalog import SERVICES
from tests.architecture.tree import Module, modules, read, sample

PAGE = "docs/operations.md"
LOOKERS = ("deploy/prometheus/alerts.yml", "deploy/grafana/path.json")
KINDS = {"counter", "gauge", "histogram"}
ANY = "<service>"

# Whose metrics those of libs are that not every service has.
OWNERS = {"libs/common/bus/measured.py": "bus", "libs/common/metrics.py": "process"}

ROW = re.compile(r"^\| `(chat_[a-z_<>]+)` \| [^|]*\| ([^|]+?) \|$", re.MULTILINE)
NAMED = re.compile(r"\bchat_[a-z_]+[a-z]\b")
PARTS = re.compile(r"_(bucket|sum|count)$")


def owner_of(path: str) -> str:
    """Return the second word of the names of the metrics that a module makes."""
    first, second, *_ = path.split("/")
    return second if first == "services" else OWNERS.get(path, ANY)


def metrics_of(module: Module) -> Iterator[tuple[str, str]]:
    """Yield name and description of each metric that a module makes."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr=kind) | ast.Name(id=kind),
                args=[ast.Constant(value=str(thing)), ast.Constant(value=str(doc)), *_],
            ) if kind in KINDS:
                ending = "_total" if kind == "counter" else ""
                yield f"chat_{owner_of(module.path)}_{thing}{ending}", doc


def made() -> dict[str, str]:
    """Return the description of every metric by its name."""
    return {name: doc for module in modules("libs", "services") for name, doc in metrics_of(module)}


def every_name(documented: Set[str]) -> set[str]:
    """Return the names with each service in the place of `<service>`."""
    return {name.replace(ANY, service) for name in documented for service in SERVICES}


def unknown(text: str, names: Set[str]) -> list[str]:
    """Return the metrics that a text names and nobody makes."""
    return sorted(
        name
        for name in set(NAMED.findall(text))
        if name not in names and PARTS.sub("", name) not in names
    )


def test_every_metric_is_on_the_page_as_the_code_describes_it() -> None:
    assert dict(ROW.findall(read(PAGE))) == made()


@pytest.mark.parametrize("path", LOOKERS)
def test_what_is_looked_at_exists(path: str) -> None:
    assert NAMED.findall(read(path)) != []
    assert unknown(read(path), every_name(made().keys())) == []


def test_the_page_names_no_metric_that_is_gone() -> None:
    known = every_name(made().keys())

    assert unknown(read(PAGE).replace(ANY, "auth"), known) == []


def test_a_metric_is_found_with_its_kind() -> None:
    module = sample('metrics.counter("logins", "Log-ins.")\ngauge("queue_count", "Waiting.")')

    assert list(metrics_of(module)) == [
        ("chat_auth_logins_total", "Log-ins."),
        ("chat_auth_queue_count", "Waiting."),
    ]


def test_a_metric_that_nobody_makes_is_found() -> None:
    text = "rate(chat_auth_logins_total[1m]) / chat_auth_wait_seconds_bucket + chat_auth_gone_total"

    assert unknown(text, {"chat_auth_logins_total", "chat_auth_wait_seconds"}) == [
        "chat_auth_gone_total"
    ]

"""Nothing unfinished and nothing of one machine is committed: markers, package registries."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.architecture.tree import Finding, files, read

# Written so that this file does not hold what it looks for.
MARKER = re.compile(r"\b(TO[D]O|FI[X]ME|X[X]X|HA[C]K)\b")
REGISTRY = re.compile(
    r"pypi\.org/simple|pythonhosted\.org|registry\.(npmjs|yarnpkg|npmmirror)\b"
    r"|--(extra-)?index-url|(index-url|find-links|registry)\s*=\s*['\"]?(https?:|file:|/|\./)",
)
LOCKS = ("clients/web/package-lock.json", "tests/support/oidc/package-lock.json")


def matches(pattern: re.Pattern[str], path: str, text: str) -> Iterator[Finding]:
    """Find the lines on which a pattern begins."""
    for match in pattern.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Finding(path, line, f"holds {match[0].strip()}")


def resolved_packages(lock: dict[str, Any]) -> list[str]:
    """Return the packages of an npm lock that name the address they came from."""
    return [name for name, package in lock["packages"].items() if "resolved" in package]


@pytest.mark.parametrize("pattern", [MARKER, REGISTRY], ids=["marker", "registry"])
def test_no_file_holds_a_leftover(pattern: re.Pattern[str]) -> None:
    found = [finding for path in files() for finding in matches(pattern, path, read(path))]

    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    assert resolved_packages(json.loads(read(lock))) == []


@pytest.mark.parametrize("word", ["TO" + "DO", "FIX" + "ME"])
def test_a_marker_is_found(word: str) -> None:
    found = list(matches(MARKER, "libs/common/bus.py", f"x = 1\n# {word}: say why\n"))

    assert [str(finding) for finding in found] == [f"libs/common/bus.py:2: holds {word}"]


def test_a_word_that_only_looks_like_a_marker_is_fine() -> None:
    assert list(matches(MARKER, "notes.md", "hackathon, Todos, XXXL, hack")) == []


def test_a_registry_of_another_kind_is_fine() -> None:
    assert list(matches(REGISTRY, "metrics.py", "registry = CollectorRegistry()")) == []


@pytest.mark.parametrize(
    "text",
    [
        "--index" + "-url https://example.org",
        "https://pypi." + "org/simple/starlette",
        "  find" + "-links = ./wheels",
        "https://registry." + "npmjs.org/react",
    ],
)
def test_the_address_of_a_registry_is_found(text: str) -> None:
    assert len(list(matches(REGISTRY, "requirements/dev.txt", text))) == 1


def test_a_package_that_names_its_address_is_found() -> None:
    lock = {"packages": {"": {}, "node_modules/react": {"resolved": "https://example.org"}}}

    assert resolved_packages(lock) == ["node_modules/react"]

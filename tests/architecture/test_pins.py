"""What is installed is pinned by hash, in the versions that pyproject.toml allows, from nowhere."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.tree import files, read

FILES = ("auth", "dev", "embedded", "gateway", "messages", "presence", "rooms")
TOOLS = ("fuzz", "node", "uv", "wire", "wire-cases")
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?P<rest>(?:.*\\\n)*.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Pin:
    """One package in exactly one version."""

    name: str
    version: str
    hash_count: int


def pins(text: str) -> list[Pin]:
    """Return the pins of a requirements file, in its order."""
    return [
        Pin(canonicalize_name(pin["name"]), pin["version"], pin["rest"].count("--hash=sha256:"))
        for pin in PIN.finditer(text)
    ]


def wanted(project: str, extra: str) -> Iterator[Requirement]:
    """Yield what pyproject.toml asks for with one extra; an extra may hold others."""
    table = tomllib.loads(project)["project"]
    yield from map(Requirement, table["dependencies"])
    for text in table["optional-dependencies"][extra]:
        requirement = Requirement(text)
        if requirement.name == table["name"]:
            for inner in requirement.extras:
                yield from wanted(project, inner)
        else:
            yield requirement


def unpinned(requirements: Iterator[Requirement], text: str) -> list[str]:
    """Return the requirements that a requirements file does not meet."""
    pinned = {(pin.name, pin.version) for pin in pins(text)}
    return [
        str(requirement)
        for requirement in requirements
        if not any(
            name == canonicalize_name(requirement.name) and version in requirement.specifier
            for name, version in pinned
        )
    ]


def loose(text: str) -> list[str]:
    """Return the pins that have no hash, or a version that only one machine has."""
    return [pin.name for pin in pins(text) if not pin.hash_count or "+" in pin.version]


@pytest.mark.parametrize("name", [*FILES, *TOOLS])
def test_every_pin_has_its_hashes(name: str) -> None:
    text = read(f"requirements/{name}.txt")

    assert pins(text) != []
    assert loose(text) == []
    assert "://" not in text


@pytest.mark.parametrize("extra", FILES)
def test_every_extra_is_pinned_as_the_project_asks(extra: str) -> None:
    text = read(f"requirements/{extra}.txt")

    assert unpinned(wanted(read("pyproject.toml"), extra), text) == []
    assert {"setuptools", "wheel"} <= {pin.name for pin in pins(text)}


@pytest.mark.parametrize("extra", FILES)
def test_all_shapes_run_what_was_tested(extra: str) -> None:
    tested = set(pins(read("requirements/dev.txt")))

    assert set(pins(read(f"requirements/{extra}.txt"))) - tested == set()


def test_every_requirements_file_is_known() -> None:
    lists = {path for path in files("requirements") if path.endswith(".txt")}

    assert lists == {f"requirements/{name}.txt" for name in (*FILES, *TOOLS)}


def test_a_pin_is_read_with_its_marker_and_hashes() -> None:
    text = "colorama==0.4.6 ; os_name == 'nt' \\\n    --hash=sha256:4f \\\n    --hash=sha256:08\n"

    assert pins(text) == [Pin("colorama", "0.4.6", 2)]


def test_a_pin_without_hash_and_a_local_version_are_found() -> None:
    text = "idna==3.20\ntorch==2.13.0+cpu \\\n    --hash=sha256:4f\n"

    assert loose(text) == ["idna", "torch"]


def test_what_is_missing_or_too_old_is_found() -> None:
    requirements = iter([Requirement("idna>=4"), Requirement("h11"), Requirement("httpx<1")])

    assert unpinned(requirements, "idna==3.20\nhttpx==0.28.1\n") == ["idna>=4", "h11"]


def test_an_extra_brings_the_extras_it_holds() -> None:
    project = """
        [project]
        name = "hubbub"
        dependencies = ["httpx"]
        [project.optional-dependencies]
        gateway = ["websockets"]
        embedded = ["hubbub[gateway]", "psutil"]
        """

    names = {requirement.name for requirement in wanted(project, "embedded")}

    assert names == {"httpx", "websockets", "psutil"}

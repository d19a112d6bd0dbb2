"""Who may do what: everybody is asked everything, and gets exactly what is written down.

The tables in `expected/` are made anew with `python -m tests.system.access`, and read by people
before they are believed; what must be true of all of them is in `test_laws.py`.
"""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.schemas import FOLDER as SCHEMAS
from tests.system.access.acts import (
    ELSEWHERE,
    NOT_ABOUT_A_ROOM,
    OF_A_MESSAGE,
    OF_A_ROOM,
    ON_A_SOCKET,
    ON_A_SOCKET_OF_A_MESSAGE,
)
from tests.system.access.places import PLACES
from tests.system.access.running import Scene, scene
from tests.system.access.table import read

AT_ONCE = ("private", "deleted")
"""What is asked in `make test`; the other places wait for `make proofs`: ten seconds each."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everybody(module_folder: Path) -> AsyncIterator[Scene]:
    """All who are asked."""
    async with scene(module_folder) as running:
        yield running


@pytest.mark.parametrize(
    "kind",
    [pytest.param(kind, marks=() if kind in AT_ONCE else pytest.mark.proof) for kind in PLACES],
)
async def test_everybody_is_answered_as_it_is_written_down(everybody: Scene, kind: str) -> None:
    assert await everybody.table(kind) == read(kind)


async def test_nothing_that_can_be_asked_is_left_out(everybody: Scene) -> None:
    asked = {f"{act.method} {act.path}" for act in (*OF_A_ROOM, *OF_A_MESSAGE)}
    http = everybody.cast.http
    offered = {
        f"{method.upper()} {path}"
        for service in ("rooms", "messages", "presence")
        for path, item in (await http.get(f"/openapi/{service}.json")).json()["paths"].items()
        for method in item
        if path.startswith("/v1/")
    }

    assert {_shape(one) for one in asked} == {_shape(one) for one in offered - ELSEWHERE}


async def test_nor_is_any_command() -> None:
    said = {act.path for act in (*ON_A_SOCKET, *ON_A_SOCKET_OF_A_MESSAGE)}
    schema = json.loads((SCHEMAS / "chat.v1.said.json").read_text())
    frames = [schema["$defs"][one["$ref"].rpartition("/")[2]] for one in schema["oneOf"]]

    assert said | NOT_ABOUT_A_ROOM == {one["properties"]["type"]["const"] for one in frames}


def _shape(name: str) -> str:
    """Return an endpoint without the names of what is filled into its path."""
    return re.sub(r"\{\w+\}|👍", "{}", name)

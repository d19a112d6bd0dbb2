"""Hubbub in any of its shapes, on an empty folder, as somebody starts it for the first time."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest

from tests.support.fleet import Fleet
from tests.support.program import Program
from tests.support.shapes import Shape
from tests.system.settings import SETTINGS

EMBEDDED: Final = "embedded"
SPLIT: Final = "split"

SHAPES: Final = {EMBEDDED: Program, SPLIT: Fleet}

EMBEDDED_AND_AT_LENGTH_SPLIT: Final = (EMBEDDED, pytest.param(SPLIT, marks=pytest.mark.proof))
"""To start several processes takes a quarter of a minute: `make proofs` has that time."""


@asynccontextmanager
async def started(shape: str, folders: pytest.TempPathFactory) -> AsyncIterator[Shape]:
    """Yield Hubbub while it runs; what it keeps is removed at once, for a database is big."""
    folder = folders.mktemp(shape)
    async with SHAPES[shape](folder / "data", settings=SETTINGS) as running:
        yield running
    shutil.rmtree(folder)

"""A checker that finds nothing proves nothing: programs that are broken on purpose are caught."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.chaos import broken
from tests.chaos.embedded import run

FOLDER = str(Path(broken.__file__).parent)


@pytest.mark.parametrize(
    ("what", "breach"),
    [("acknowledge too early", "lost"), ("forget events", "holes")],
)
async def test_a_broken_program_is_caught(folder: Path, what: str, breach: str) -> None:
    path = os.pathsep.join([FOLDER, *filter(None, [os.environ.get("PYTHONPATH")])])
    settings = {"PYTHONPATH": path, "HUBBUB_BROKEN": what}

    async with asyncio.timeout(120):
        outcome = await run(folder, kills=1, per_s=60, seed=1, quiet_s=2, settings=settings)

    assert getattr(outcome.verdict, breach) != (), outcome.verdict

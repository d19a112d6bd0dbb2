"""The promise under kills: what was acknowledged is there, once, in order, for everybody."""

import asyncio
from pathlib import Path
from typing import Final

from tests.chaos.embedded import report, run

SEED: Final = 7

GIVE_UP_AFTER_S: Final = 150.0
"""Ten times what it takes on an idle machine, and less than what ends the whole run of tests."""


async def test_what_is_acknowledged_survives_kills_while_people_talk(folder: Path) -> None:
    async with asyncio.timeout(GIVE_UP_AFTER_S):
        outcome = await run(folder, kills=2, per_s=60, seed=SEED)

    assert outcome.verdict.is_clean, report(outcome, SEED)
    assert len(outcome.recoveries_s) == 2
    assert outcome.verdict.acked == outcome.verdict.sent > 0

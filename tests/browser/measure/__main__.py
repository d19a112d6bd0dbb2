"""Measures the web client in a browser without a window, and prints tables.

    python -m tests.browser.measure

A browser without a window paints nothing on a screen: frames say how long the page computes, not
what a display makes of it. Everything runs on one machine, so what the network costs is played.
"""

import asyncio
import sys

from playwright.async_api import expect

from services.gateway.api.site import read_files
from tests.browser.measure.loading import loading
from tests.browser.measure.scrolling import scrolling
from tests.browser.measure.speaking import speaking
from tests.browser.measure.stage import Stage, stage
from tests.browser.measure.surroundings import FAIR_NETWORK, HERE, POOR_NETWORK, SLOW_PROCESSOR
from tests.browser.measure.tables import (
    of_frames,
    of_loading,
    of_memory,
    of_speaking,
    of_weight,
)
from tests.browser.measure.weight import DIST, all_code, first_load, in_a_room
from tests.browser.person import WITHIN_MS

MESSAGES = 10_000
VISITS = 3
SENTENCES = 40
SCROLL_S = 25.0


async def measure() -> None:
    files = read_files(DIST)
    say(
        of_weight(
            {
                "until one can log in": first_load(files),
                "in a room": in_a_room(files),
                "with all settings and the administration": all_code(files),
            }
        )
    )
    async with stage(MESSAGES) as made:
        say(await _loading(made))
        await _scrolling(made)
        say(of_speaking(await speaking(made, times=SENTENCES)))


async def _loading(made: Stage) -> str:
    every = (HERE, FAIR_NETWORK, POOR_NETWORK)
    return of_loading({one: await loading(made, one, times=VISITS) for one in every})


async def _scrolling(made: Stage) -> None:
    every = (HERE, SLOW_PROCESSOR)
    found = {one: await scrolling(made, one, most_s=SCROLL_S) for one in every}
    say(of_frames(found))
    say(of_memory(found[HERE]))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    expect.set_options(timeout=WITHIN_MS)
    asyncio.run(measure())

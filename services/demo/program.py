"""Runs the demo: seeds a folder of its own if need be, starts Hubbub on it, and brings company."""

import asyncio
import os
import sys
import webbrowser
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Final

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.settings import FROM_FILE
from services.builders.saying import say
from services.demo import company, seed
from services.demo.actor import keep_company
from services.demo.guide import COMPANY, FIRST, guide, link, may_open_browser
from services.embedded import program as embedded
from services.embedded.environment import check

FOLDER: Final = "data-demo"

ROOM: Final = "Welcome"

WHOLE: Final = seed.Wanted(share=1.0, is_among_people=False)


async def run(environ: Mapping[str, str]) -> int:
    """Run until Ctrl-C and return the exit status.  Raises: CannotStart, SettingsInvalid."""
    environ = own_folder(environ)
    if not seed.is_seeded(Path(check(environ).data_dir)):
        await seed.run(environ, WHOLE)
    tasks: list[asyncio.Task[None]] = []

    def on_ready(address: str) -> None:
        say(guide(address))
        tasks.append(asyncio.create_task(_be_there(address)))
        if may_open_browser(environ, is_terminal=os.isatty(1), platform=sys.platform):
            tasks.append(asyncio.create_task(_open(link(address, FIRST))))

    try:
        return await embedded.run(environ, on_ready=on_ready)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def own_folder(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment with a folder and a database of the demo's own, never the real ones.

    Who names a folder means it.
    """
    given = {
        name: value
        for name, value in environ.items()
        if name.removesuffix(FROM_FILE) != "DATABASE_URL"
    }
    return {"DATA_DIR": FOLDER} | {name: value for name, value in given.items() if value}


async def _open(page: str) -> None:
    """Open a page in the browser of whoever sits here; none is no misfortune."""
    with suppress(webbrowser.Error):
        await asyncio.to_thread(webbrowser.open, page)


async def _be_there(address: str) -> None:
    clock = SystemClock()
    phrases = company.read_phrases(company.FILE.read_text(encoding="utf-8"))
    await keep_company(
        address,
        email=f"{COMPANY}@example.org",
        room=ROOM,
        # What is said next need not be foreseen by anybody; it only may not be the same each time.
        company=company.Company(phrases, Random(clock.now())),  # noqa: S311
        clock=clock,
        chance=SystemChance(clock),
    )

"""Runs all services in this process.

    settings -> data folder, locked -> Postgres -> schemas -> services -> ports ... and back

What was opened is closed in the opposite order, whatever happens on the way.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial

from libs.common import logs
from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.collector import spare_what_is_there
from libs.common.process import PUBLIC
from libs.common.runner import RunSettings
from libs.common.runner import run as run_services
from libs.common.service import Address
from libs.common.settings import load
from services.builders.saying import say
from services.embedded.app import build
from services.embedded.environment import check
from services.embedded.opening import Opening
from services.embedded.ports import settled
from services.embedded.settings import EmbeddedSettings
from services.nodes.folder import DataFolder

OnReady = Callable[[str], None]
"""Hears the address at which people reach the chat, once they do."""


async def run(environ: Mapping[str, str], *, on_ready: OnReady = lambda _: None) -> int:
    """Run until Ctrl-C or until something dies, and return the exit status.

    Raises: StartFailed, SettingsInvalid: one line says what to do.
    """
    settings = settled(check(environ))
    clock = SystemClock()
    logs.configure(
        load(logs.LogSettings, "", environ=_quiet(environ)),
        clock,
        instance="embedded",
        stream=sys.stdout,
    )
    async with AsyncExitStack() as opened:
        return await _Program(settings, environ, clock, opened, on_ready).run()


class _Program:
    """One run, from the folder to the last goodbye."""

    def __init__(
        self,
        settings: EmbeddedSettings,
        environ: Mapping[str, str],
        clock: SystemClock,
        opened: AsyncExitStack,
        on_ready: OnReady,
    ) -> None:
        self._settings = settings
        self._environ = environ
        self._clock = clock
        self._opened = opened
        self._on_ready = on_ready
        self._owner_link: str | None = None

    async def run(self) -> int:
        settings = self._settings
        opening = Opening(
            settings,
            self._environ,
            clock=self._clock,
            chance=SystemChance(self._clock),
            opened=self._opened,
        )
        folder = opening.folder()
        parts = await opening.parts(folder, announce=self._note_owner_link)
        return await run_services(
            build(settings, parts, environ=self._environ),
            load(RunSettings, "", environ=self._environ),
            clock=self._clock,
            announce=partial(self._greet, folder),
        )

    def _note_owner_link(self, link: str) -> None:
        self._owner_link = link

    def _greet(self, folder: DataFolder, addresses: Sequence[Address]) -> None:
        spare_what_is_there()
        port = next(one.port for one in addresses if one.listener == PUBLIC)
        address = self._settings.public_url or f"http://{self._settings.host}:{port}"
        say(f"Hubbub runs at {address}")
        if self._owner_link is not None:
            say(f"Become its owner, once: {self._owner_link}")
        say(f"Everything is kept in {folder.path}. Ctrl-C stops it.")
        self._on_ready(address)


def _quiet(environ: Mapping[str, str]) -> dict[str, str]:
    """Tell warnings only, unless asked: each request would be a line on a person's screen."""
    return {"LOG_LEVEL": "warning", **environ}

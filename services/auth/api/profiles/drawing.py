"""Has pictures drawn by a program of their own, few at once; see `painter`.

Decoders are where hostile pictures aim. In a process of its own such a picture can neither stop the
event loop nor take the memory of the service, and what it breaks ends with it.
"""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from libs.common.errors import Unavailable
from services.auth.core.pictures import (
    LENGTH_BYTES,
    Ending,
    NotAPicture,
    TooManyPixels,
)
from services.auth.model.pictures import Drawn

log = structlog.get_logger()

AT_ONCE: Final = 1
"""Each may use a core and 256 MB."""

MAX_WAITING: Final = 8
"""Those being drawn count too; one takes well under a second."""

PROGRAM: Final = (sys.executable, "-P", "-m", "services.auth.api.profiles.painter")

KEPT: Final = ("LD_LIBRARY_PATH", "PATH", "PYTHONPATH")
"""What the program sees of our environment: no secret and no address of a database."""


class DrawingBusy(Unavailable):
    message = "Too many pictures at once. Try again in a moment."


class Drawing:
    """A line of pictures that wait to be drawn."""

    def __init__(self, *, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def draw(self, raw: bytes) -> Drawn:
        """Return what becomes of an upload.  Raises: NotAPicture, TooManyPixels, DrawingBusy."""
        if self._waiting >= MAX_WAITING:
            raise DrawingBusy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._timeout_s), self._turns:
                return await _painted(raw)
        except TimeoutError:
            raise DrawingBusy from None
        finally:
            self._waiting -= 1


async def _painted(raw: bytes) -> Drawn:
    async with _painter() as painter:
        said, _ = await painter.communicate(raw)
    match painter.returncode:
        case Ending.DRAWN:
            length = int.from_bytes(said[:LENGTH_BYTES])
            pictures = said[LENGTH_BYTES:]
            return Drawn(pictures[:length], pictures[length:])
        case Ending.TOO_MANY_PIXELS:
            raise TooManyPixels
        case Ending.NOT_A_PICTURE:
            raise NotAPicture
        case accident:
            log.warning("painter_failed", returncode=accident, size_bytes=len(raw))
            raise NotAPicture


@asynccontextmanager
async def _painter() -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the program; it is gone when the block is left."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    painter = await asyncio.create_subprocess_exec(
        *PROGRAM, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment, cwd="/"
    )
    try:
        yield painter
    finally:
        if painter.returncode is None:
            painter.kill()
            await painter.wait()

"""A program that ends when this process does, whatever ends this process.

See: `guard`, the process in between.
"""

import asyncio
import contextlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from services.nodes.postgres import guard

_END_S = sum(patience_s for _, patience_s in guard.LADDER) + 5
"""The guard's own steps, and some seconds for a busy machine."""

_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What of our environment a program may see: no PGOPTIONS or PGDATA meant for another Postgres."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a program ended: its status (128 + signal when killed), and its last lines."""

    status: int
    last_lines: tuple[str, ...]


class Guarded:
    """One running program with its guard."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: BinaryIO) -> None:
        self._process = process
        self._pipe = pipe
        self._ending = asyncio.create_task(self._collect())

    @classmethod
    async def run(cls, command: Sequence[str], *, log: Path) -> Self:
        """Start the program. Its words go to `log`, which stays bounded."""
        arguments = [sys.executable, "-I", "-S", guard.__file__, str(log), *command]
        guards_end, our_end = os.pipe()
        pipe = os.fdopen(our_end, "wb", buffering=0)
        with contextlib.ExitStack() as undo:
            undo.callback(pipe.close)
            with os.fdopen(guards_end, "rb", buffering=0) as stdin:
                process = await asyncio.create_subprocess_exec(
                    *arguments,
                    stdin=stdin,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                    env=_environment(),
                    cwd="/",
                    # Its own session: Ctrl-C must reach us only, who then stop it in order.
                    start_new_session=True,
                )
            undo.pop_all()
        return cls(process, pipe)

    @property
    def has_ended(self) -> bool:
        return self._ending.done()

    async def ended(self) -> Ending:
        """Wait until the guard is gone: the program has ended, unless the guard was killed."""
        return await asyncio.shield(self._ending)

    def end(self) -> None:
        """Ask for the end, without waiting for it."""
        self._pipe.close()

    async def stop(self) -> Ending:
        """End the program and wait for that, at most 25 s."""
        self.end()
        try:
            async with asyncio.timeout(_END_S):
                return await self.ended()
        except TimeoutError:
            # Only a guard that is itself suspended comes here.
            self._process.kill()
            return await self.ended()

    async def _collect(self) -> Ending:
        words, _ = await self._process.communicate()
        status = await self._process.wait()
        self._pipe.close()
        return Ending(status, tuple(words.decode(errors="replace").splitlines()))


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # `failure` reads the words, so they must be English.
    return {**kept, "LC_ALL": "C"}

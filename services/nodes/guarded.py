"""A program that ends when this process does, whatever ends this process.

See: `guard`, the process in between.
"""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

from services.nodes import guard

_BUSY_S = 5.0
"""What a busy machine may need beyond the steps of the ladder."""

_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""What of our environment a program may see: no PGOPTIONS or PGDATA meant for another Postgres."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a program ended: its status (128 + signal when killed), and its last lines."""

    status: int
    last_lines: tuple[str, ...]


class Guarded:
    """One running program with its guard."""

    def __init__(
        self, process: asyncio.subprocess.Process, pipe: BinaryIO, ladder: guard.Ladder
    ) -> None:
        self._process = process
        self._pipe = pipe
        self._end_s = sum(patience_s for _, patience_s in ladder) + _BUSY_S
        self._ending = asyncio.create_task(self._collect())

    @classmethod
    async def run(
        cls,
        command: Sequence[str],
        *,
        log: Path,
        ladder: guard.Ladder,
        environment: Mapping[str, str],
    ) -> Self:
        """Start the program with these variables beside the few that all keep.

        Its words go to `log`, which stays bounded. `ladder` will end it.
        """
        steps = guard.write_ladder(ladder)
        arguments = [sys.executable, "-I", "-S", guard.__file__, str(log), steps, *command]
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
                    env={**_environment(), **environment},
                    cwd="/",
                    # Its own session: Ctrl-C must reach us only, who then stop it in order.
                    start_new_session=True,
                )
            undo.pop_all()
        return cls(process, pipe, ladder)

    @property
    def program_pid(self) -> int | None:
        """Return the process id of the program, for as long as it runs and the system tells."""
        guard_pid = self._process.pid
        with contextlib.suppress(OSError, ValueError):
            children = Path(f"/proc/{guard_pid}/task/{guard_pid}/children").read_text()
            return int(children.split(" ")[0])
        return None

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
        """End the program and wait for that, at most the time of its ladder and 5 s."""
        self.end()
        try:
            async with asyncio.timeout(self._end_s):
                return await self.ended()
        except TimeoutError:
            # Only a guard that is itself suspended comes here.
            self._process.kill()
            return await self.ended()

    def kill(self) -> None:
        """Kill the guard, the program, and what it started beside itself, as `kill -9` does."""
        # A number that is free again may be anybody's.
        if self._process.returncode is None:
            os.killpg(self._process.pid, signal.SIGKILL)

    async def _collect(self) -> Ending:
        words, _ = await self._process.communicate()
        status = await self._process.wait()
        self._pipe.close()
        return Ending(status, tuple(words.decode(errors="replace").splitlines()))


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # `failure` reads the words, so they must be English.
    return {**kept, "LC_ALL": "C"}

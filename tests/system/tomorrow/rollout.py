"""A fleet whose processes run from today's tree or from tomorrow's, each as it is ordered."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Final

import httpx

from services.builders.databases import role_of
from services.fleet.state import is_ready
from services.nodes.postgres.options import SUPERUSER
from tests.support.fleet import Fleet
from tests.support.processes import environment
from tests.support.waiting import eventually

FIRST: Final = "messages-1"
SECOND: Final = "messages-2"
INSTANCES: Final = (FIRST, SECOND)

WITHIN_S: Final = 60.0
"""What anything here may take on a busy machine."""

POSTS: Final = re.compile(
    r'^chat_messages_commands_total\{kind="post",outcome="accepted"\} (\S+)', re.MULTILINE
)


class Rollout:
    """A fleet of today's release, and tomorrow's beside it."""

    def __init__(self, fleet: Fleet, orders: Path, tomorrow: Path, http: httpx.AsyncClient) -> None:
        self.fleet = fleet
        self._orders = orders
        self._tomorrow = tomorrow
        self._http = http

    async def migrate(self, half: str) -> tuple[int, str]:
        """Run tomorrow's `migrate`, as who owns the schemas; return its status and its words."""
        program = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services", "migrate", half),
            cwd=self._tomorrow,
            env=os.environ | {"DATABASE_URL": self._owner_dsn()},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(WITHIN_S):
            said, _ = await program.communicate()
        return await program.wait(), said.decode()

    async def replaced(self, *names: str, is_new: bool) -> None:
        """Replace processes, all at once, and return when they are ready."""
        async with asyncio.TaskGroup() as replacing:
            for name in names:
                replacing.create_task(self.replace(name, is_new=is_new))
        for name in names:
            await self.is_there(name)
            assert self.is_new(name) is is_new

    async def replace(self, name: str, *, is_new: bool) -> None:
        """End a process in order, and let the fleet start it from one of the trees."""
        order, starts = self._order(name), self.fleet.members()[name]["starts"]
        order.unlink(missing_ok=True)
        if is_new:
            order.symlink_to(self._tomorrow)
        self.fleet.signal(name, signal.SIGTERM)
        await self.fleet.restarted(name, starts)

    def is_new(self, name: str) -> bool:
        """Tell whether a process runs from tomorrow's tree."""
        followed = self._order(name).with_suffix(".followed")
        return followed.exists() and int(followed.read_text()) == self.fleet.pid(name)

    async def is_there(self, name: str) -> None:
        """Return when a process is ready; it may have to be started several times for that."""
        await eventually(lambda: self.is_ready(name), bool, within_s=WITHIN_S)

    async def is_ready(self, name: str) -> bool:
        return await is_ready(self._http, self.fleet.members()[name]["inside"])

    async def both_write(self) -> None:
        """Return when each instance has written messages since this was asked."""
        before = await self._posts()

        async def have_written() -> list[bool]:
            # Who was started meanwhile counts from zero.
            now = await self._posts()
            return [new > old or new < old for old, new in zip(before, now, strict=True)]

        await eventually(have_written, all, within_s=WITHIN_S)

    async def _posts(self) -> list[float]:
        members = self.fleet.members()
        pages = [await self._http.get(f"{members[name]['inside']}/metrics") for name in INSTANCES]
        found = [POSTS.search(page.text) for page in pages]
        return [float(one[1]) if one else 0.0 for one in found]

    def _order(self, name: str) -> Path:
        """Return the link that says from which tree a process is to start."""
        return self._orders / str(httpx.URL(self.fleet.members()[name]["inside"]).port)

    def _owner_dsn(self) -> str:
        dsn = environment(self.fleet.pid("rooms"))["DATABASE_URL"]
        return dsn.replace(f"//{role_of('rooms')}@", f"//{SUPERUSER}@")

"""Hubbub's own Postgres: started with it, stopped with it, and never left running without it.

    start   what a killed run left -> files -> process -> an answer to SELECT 1
    stop    SIGINT, then SIGQUIT, then SIGKILL, each with its time (see `guard`)

A Postgres that dies is not restarted: who holds the server waits on `wait_dead` and ends with it.
"""

import asyncio
import contextlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Self
from urllib.parse import quote

import asyncpg

from libs.common.cancelling import end_if_cancelled
from services.nodes.endings import describe
from services.nodes.folder import DataFolder, StartFailed, unusable
from services.nodes.guarded import Guarded
from services.nodes.postgres.binaries import Binaries
from services.nodes.postgres.cluster import cluster_folder, ensure_cluster, log_file
from services.nodes.postgres.failure import explain
from services.nodes.postgres.identity import hand_over
from services.nodes.postgres.left_over import (
    drop_misleading_pid_file,
    end_left_over,
    mark,
    processes,
)
from services.nodes.postgres.options import LADDER, PORT, SUPERUSER, postgres_arguments
from services.nodes.postgres.socket_folder import make_socket_folder

_PROBE_S = 0.01
_ANSWER_S = 5.0
"""How long one SELECT 1 may take before it is asked again."""


class PostgresServer:
    """A running Postgres that answers on a private socket."""

    def __init__(self, program: Guarded, cluster: Path, socket_folder: Path) -> None:
        self._program = program
        self._cluster = cluster
        self._socket_folder = socket_folder
        self._end = asyncio.create_task(self._watch())

    @classmethod
    async def start(
        cls,
        folder: DataFolder,
        binaries: Binaries,
        *,
        timeout_s: float,
        say: Callable[[str], None],
        is_durable: bool = True,
    ) -> Self:
        """Start Postgres on the folder's database, made the first time; return when it answers.

        A Postgres that a killed run left on this folder is ended first. `say` hears a line when
        something takes time. `is_durable=False` is for tests alone: nothing is forced to the disk,
        so a power cut may destroy the database. `kill -9` does it no harm.

        Raises: StartFailed.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await _end_predecessor(folder, say)
                hand_over(folder, binaries.identity)
                cluster = await ensure_cluster(folder, binaries, say=say, is_durable=is_durable)
                socket_folder = make_socket_folder(folder, binaries.identity)
                arguments = postgres_arguments(
                    cluster, socket_folder=socket_folder, name=mark(cluster), is_durable=is_durable
                )
                command = binaries.command("postgres", *arguments)
                program = await Guarded.run(
                    command, log=log_file(folder), ladder=LADDER, environment={}
                )
                server = cls(program, cluster, socket_folder)
                await server._answer_or_fail(folder)
                return server
        except TimeoutError:
            raise StartFailed(
                f"Postgres did not answer within {timeout_s:g} s: {log_file(folder)} says more."
            ) from None
        except OSError as error:
            raise unusable(folder.path, error) from error

    def dsn(self, user: str, database: str) -> str:
        """Return the address for asyncpg of one database, as one role."""
        host = quote(str(self._socket_folder), safe="")
        who, what = quote(user, safe=""), quote(database, safe="")
        return f"postgresql://{who}@/{what}?host={host}&port={PORT}"

    @property
    def pid(self) -> int | None:
        """Return the process id, for as long as it runs."""
        return self._program.program_pid

    async def wait_dead(self) -> str:
        """Wait until Postgres has ended, asked or not; return why, with its last lines.

        No process of this database is left then.
        """
        return await asyncio.shield(self._end)

    async def stop(self) -> None:
        """End Postgres: connections are closed, what is committed is on the disk. May be repeated.

        An idle one takes some 50 ms, the slowest 25 s.
        """
        await self._program.stop()
        await self.wait_dead()

    async def _answer_or_fail(self, folder: DataFolder) -> None:
        async with contextlib.AsyncExitStack() as undo:
            undo.push_async_callback(self.stop)
            while not await self._answers():
                if self._program.has_ended:
                    ending = await self._program.ended()
                    log = log_file(folder)
                    raise StartFailed(explain(ending.last_lines, folder=folder.path, log=log))
                await asyncio.sleep(_PROBE_S)
            undo.pop_all()

    async def _answers(self) -> bool:
        dsn = self.dsn(SUPERUSER, SUPERUSER)
        try:
            connection = await asyncpg.connect(dsn, timeout=_ANSWER_S, command_timeout=_ANSWER_S)
            try:
                return bool(await connection.fetchval("SELECT 1"))
            finally:
                await connection.close(timeout=_ANSWER_S)
        except (OSError, asyncpg.PostgresError):
            # No socket yet, or one that says "the database system is starting up".
            end_if_cancelled()
            return False

    async def _watch(self) -> str:
        ending = await self._program.ended()
        # Usually nothing. After a kill of the guard, a whole Postgres.
        await end_left_over(self._cluster)
        shutil.rmtree(self._socket_folder, ignore_errors=True)
        return describe("Postgres", ending.status, ending.last_lines)


async def _end_predecessor(folder: DataFolder, say: Callable[[str], None]) -> None:
    """End what a killed run left running. Raises: StartFailed, when it cannot be ended."""
    cluster = cluster_folder(folder)
    if processes(cluster):
        say("Stopping the database of a run that was killed")
        if survivors := await end_left_over(cluster):
            raise StartFailed(
                f"Postgres of an earlier run cannot be ended (process {min(survivors)}): "
                "end it, or restart the machine."
            )
    drop_misleading_pid_file(cluster)

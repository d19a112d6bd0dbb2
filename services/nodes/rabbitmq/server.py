"""Hubbub's own RabbitMQ: started with it, stopped with it, and never left running without it.

    start   what a killed run left -> files -> port mapper -> node -> an answer to AMQP
    stop    SIGTERM, then SIGKILL, each with its time; then the port mapper

A node that dies is not restarted: who holds the server waits on `wait_dead` and ends with it.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, Self
from urllib.parse import quote

from libs.common.chance import Chance
from services.nodes.endings import describe
from services.nodes.folder import DataFolder, StartFailed, unusable
from services.nodes.guarded import Guarded
from services.nodes.rabbitmq.answer import answers, answers_amqp
from services.nodes.rabbitmq.binaries import Binaries
from services.nodes.rabbitmq.control import rabbitmqctl
from services.nodes.rabbitmq.failure import explain
from services.nodes.rabbitmq.files import files_in, log_file
from services.nodes.rabbitmq.left_over import end_left_over, processes
from services.nodes.rabbitmq.options import Plugin
from services.nodes.rabbitmq.place import Place, Wanted
from services.nodes.rabbitmq.ports import LOOPBACK, is_free

_PROBE_S: Final = 0.05
_FREED_S: Final = 3.0
"""How long a port may stay taken after its node is gone; then it is somebody else's."""

_CONTROL_S: Final = 20.0
"""How long one call of a tool may take: half a second on an idle machine."""


class RabbitServer:
    """A running RabbitMQ that answers on loopback."""

    def __init__(self, place: Place, mapper: Guarded, node: Guarded) -> None:
        self._place = place
        self._mapper = mapper
        self._node = node
        self._end = asyncio.create_task(self._watch())

    @classmethod
    async def start(
        cls,
        folder: DataFolder,
        binaries: Binaries,
        *,
        wanted: Wanted,
        chance: Chance,
        timeout_s: float,
        say: Callable[[str], None],
    ) -> Self:
        """Start RabbitMQ on the folder; return when it answers, after some 5 s.

        One that a killed run left on this folder is ended first. `chance` makes the passwords the
        first time. What the broker has kept is there again, with the vhosts and users that are
        `wanted` now. `say` hears a line when something takes time.

        Raises: StartFailed.
        """
        try:
            async with asyncio.timeout(timeout_s):
                await _end_predecessor(folder, say)
                say("Starting the broker")
                place = Place.prepare(folder, binaries, wanted=wanted, chance=chance)
                return await cls._run(place)
        except TimeoutError:
            raise StartFailed(
                f"RabbitMQ did not answer within {timeout_s:g} s: {log_file(folder)} says more."
            ) from None
        except OSError as error:
            raise unusable(folder.path, error) from error

    def url(self, user: str, vhost: str) -> str:
        """Return the address of one vhost, as one user."""
        who, what = quote(user, safe=""), quote(vhost, safe="")
        password = quote(self._place.password(user), safe="")
        return f"amqp://{who}:{password}@{LOOPBACK}:{self._place.ports.amqp}/{what}"

    def plugin_url(self, plugin: Plugin) -> str:
        """Return where a plugin answers over HTTP; the management one to OWNER."""
        return f"http://{LOOPBACK}:{self._place.ports.plugins[plugin]}"

    @property
    def pid(self) -> int | None:
        """Return the process id, for as long as it runs."""
        return self._node.program_pid

    async def wait_dead(self) -> str:
        """Wait until RabbitMQ has ended, asked or not; return why, with its last lines.

        No process of this node is left then. The port mapper's own death is not its end: the broker
        goes on, only `control` no longer finds it.
        """
        return await asyncio.shield(self._end)

    async def stop(self) -> None:
        """End RabbitMQ in order. May be repeated. An idle one takes 1 s, the slowest 30 s."""
        await self._node.stop()
        await self.wait_dead()

    async def kill(self) -> None:
        """Kill every process of the node at once, as `kill -9` does, and wait for that.

        What was confirmed is kept: the next start on this folder has it.
        """
        self._node.kill()
        self._mapper.kill()
        await self.wait_dead()

    async def control(self, *arguments: str) -> str:
        """Return what `rabbitmqctl` answers.  Raises: ControlFailed, TimeoutError."""
        place = self._place
        return await rabbitmqctl(
            place.binaries, *arguments, environment=place.environment, timeout_s=_CONTROL_S
        )

    @classmethod
    async def _run(cls, place: Place) -> Self:
        async with contextlib.AsyncExitStack() as undo:
            # Ours, and first: the node would start one that outlives it.
            mapper = await place.run(str(place.binaries.epmd))
            undo.push_async_callback(mapper.stop)
            await _until(partial(answers, place.ports.mapper), mapper, place)
            node = await place.run(place.binaries.script("rabbitmq-server"))
            server = cls(place, mapper, node)
            undo.push_async_callback(server.stop)
            await _until(partial(answers_amqp, place.ports.amqp), node, place)
            undo.pop_all()
        return server

    async def _watch(self) -> str:
        ending = await self._node.ended()
        await self._mapper.stop()
        # Usually nothing. After a kill of the guard, a whole RabbitMQ.
        await end_left_over(files_in(self._place.folder))
        await _until_free(self._place.ports.amqp)
        return describe("RabbitMQ", ending.status, ending.last_lines)


async def _until_free(port: int) -> None:
    """Wait a moment for the port of a node that was killed, so that the next one gets it again.

    The kernel closes it some time after the process has no name any more.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_FREED_S):
            # The kernel tells no event.
            while not is_free(port):  # noqa: ASYNC110
                await asyncio.sleep(_PROBE_S)


async def _until(is_ready: Callable[[], Awaitable[bool]], program: Guarded, place: Place) -> None:
    """Return when a program that was started is ready.  Raises: StartFailed, when it ended."""
    while not await is_ready():
        if program.has_ended:
            lines = (await program.ended()).last_lines
            log = log_file(place.folder)
            raise StartFailed(explain(lines, folder=place.folder.path, log=log))
        await asyncio.sleep(_PROBE_S)


async def _end_predecessor(folder: DataFolder, say: Callable[[str], None]) -> None:
    """End what a killed run left running. Raises: StartFailed, when it cannot be ended."""
    files = files_in(folder)
    if processes(files):
        say("Stopping the broker of a run that was killed")
        if survivors := await end_left_over(files):
            raise StartFailed(
                f"RabbitMQ of an earlier run cannot be ended (process {min(survivors)}): "
                "end it, or restart the machine."
            )

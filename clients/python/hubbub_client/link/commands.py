"""Commands over HTTP: those of one room in their order, and each answered once."""

import asyncio
from typing import Final

from hubbub_client.frames import Frame, Json
from hubbub_client.link.door import Door, NoAnswer
from hubbub_client.link.listening import Hear
from hubbub_client.twins import INCOMPLETE, NO_TWIN, UNKNOWN, NoTwin, answer_to, request_for

MAX_UNDER_WAY: Final = 64
"""As many as a socket takes; who gives more waits."""


class HttpCommands:
    """Gives commands, and hands their answers to `hear` as frames. Ends with its `group`."""

    def __init__(
        self, door: Door, group: asyncio.TaskGroup, hear: Hear, *, timeout_s: float
    ) -> None:
        self._door = door
        self._group = group
        self._hear = hear
        self._timeout_s = timeout_s
        self._places = asyncio.Semaphore(MAX_UNDER_WAY)
        self._turns: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refs: set[str] = set()
        self._has_stopped = False

    async def give(self, type_: str, data: Json, ref: str | None) -> None:
        """Begin with a command; one that is under way is not given twice."""
        if ref in self._refs:
            return
        if ref is not None:
            self._refs.add(ref)
        await self._places.acquire()
        if self._has_stopped:
            self._places.release()
            return
        task = self._group.create_task(self._obey(type_, data, ref))
        self._tasks.add(task)

        def forget(_: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._places.release()

        task.add_done_callback(forget)

    async def settle(self) -> None:
        """Wait for the answers to what is under way."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    def stop(self) -> None:
        """Wait for nothing any more. What was asked may be obeyed all the same."""
        self._has_stopped = True
        for task in self._tasks:
            task.cancel()

    async def _obey(self, type_: str, data: Json, ref: str | None) -> None:
        async with self._turns.setdefault(data.get("room_id", ""), asyncio.Lock()):
            answer = await self._ask(type_, data, ref)
        if ref is not None:
            # Free again before it is heard of: whoever hears of it may use it.
            self._refs.discard(ref)
            await self._hear(answer)

    async def _ask(self, type_: str, data: Json, ref: str | None) -> Frame:
        try:
            request = request_for(type_, data)
            answer = await self._door.ask(request, timeout_s=self._timeout_s)
        except NoTwin:
            return Frame("error", NO_TWIN, ref)
        except KeyError:
            return Frame("error", INCOMPLETE, ref)
        except NoAnswer:
            return Frame("error", UNKNOWN, ref)
        return answer_to(type_, ref, answer)

"""The way without sockets: one poll after the other, and commands over HTTP.

    poll --answer--> hand its frames on --> poll at once
      `--no answer, or none of ours--> wait, longer each time --> poll, with a greeting

Each poll carries all cursors, so one that was lost is simply asked again. A room that is joined or
left interrupts the poll that is held.
"""

import asyncio
import contextlib
from dataclasses import replace
from typing import Final

from hubbub_client.core import ComeBack, Returns
from hubbub_client.frames import Frame, Json
from hubbub_client.link.commands import HttpCommands
from hubbub_client.link.door import Door, NoAnswer
from hubbub_client.link.listening import Hear
from hubbub_client.polling import Polling, Question, begun_anew, is_answer, pause_s
from hubbub_client.rooms import Rooms
from hubbub_client.twins import Answer, Request
from hubbub_client.ways import CUT, Ended, Patience, ended_by_answer

PATH: Final = "/v1/sync"


class Polls:
    """One spell of polling. `works` is set by the first poll that was answered."""

    pressure: Final = 0
    """Polls do not tell it: who polls when there is too much to do hears 503."""
    carries_typing: Final = False

    def __init__(
        self, door: Door, *, rooms: Rooms, hear: Hear, returns: Returns, patience: Patience
    ) -> None:
        self.works = asyncio.Event()
        self._door = door
        self._rooms = rooms
        self._hear = hear
        self._returns = returns
        self._patience = patience
        self._polling = Polling(patience.poll_ms)
        self._commands: HttpCommands | None = None
        self._is_joined = asyncio.Event()
        self._is_joined.set()
        self._rooms_changed = asyncio.Event()
        self._has_ended = asyncio.Event()

    async def run(self, *, is_trial: bool) -> Ended:
        """Poll until the server wants no more, or `cut` or `leave` was called.

        `is_trial`: give up when the first poll fails.
        """
        async with asyncio.TaskGroup() as group:
            self._commands = HttpCommands(
                self._door, group, self._hear, timeout_s=self._patience.command_timeout_s
            )
            ended = await self._poll_on(is_trial=is_trial)
            self._commands.stop()
        return ended

    async def write(self, type_: str, data: Json, ref: str | None = None) -> None:
        """Do a command; `resume` is part of each poll anyway."""
        if type_ == "join_room" and ref is not None:
            self._polling.join(ref, data["room_id"])
            self._is_joined.clear()
            self._rooms_changed.set()
        elif type_ == "leave_room":
            left = {"room_id": data["room_id"], "reason": "client"}
            await self._hear(Frame("room_left", left, ref, room_id=data["room_id"]))
            self._rooms_changed.set()
        elif type_ != "resume" and self._commands is not None:
            await self._commands.give(type_, data, ref)

    def cut(self) -> None:
        """End as if the network were gone."""
        self._has_ended.set()

    async def leave(self) -> None:
        """End for another way, once what is under way was answered, or soon if it is not."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.settle_s):
                await self._is_joined.wait()
                if self._commands is not None:
                    await self._commands.settle()
        self.cut()

    async def _poll_on(self, *, is_trial: bool) -> Ended:
        while not self._has_ended.is_set():
            self._rooms_changed.clear()
            began_at = _now()
            question = self._polling.question(self._rooms.resume(), began_at)
            try:
                answer = await self._ask(question)
            except NoAnswer as lost:
                failed = replace(CUT, why=str(lost))
            else:
                if answer is None:
                    continue
                if answer.is_ok and is_answer(answer.body):
                    is_trial = False
                    await self._take(question, answer.body or {}, began_at)
                    continue
                failed = _refused(answer)
            if is_trial or failed.what_next is not ComeBack.BACKOFF:
                return failed
            await self._back_off(failed)
        return CUT

    async def _ask(self, question: Question) -> Answer | None:
        """Return the answer, None when there is something else to ask or to do before it.

        Raises: NoAnswer.
        """
        request = Request("POST", PATH, question.body)
        timeout_s = question.timeout_ms / 1000 + self._patience.poll_margin_s
        poll = asyncio.create_task(self._door.ask(request, timeout_s=timeout_s))
        others = [
            asyncio.create_task(event.wait()) for event in (self._rooms_changed, self._has_ended)
        ]
        try:
            await asyncio.wait([poll, *others], return_when=asyncio.FIRST_COMPLETED)
            # An answer from before a room was left would tell of it after the goodbye.
            is_current = poll.done() and not self._rooms_changed.is_set()
            return poll.result() if is_current else None
        finally:
            for task in (poll, *others):
                task.cancel()
            await asyncio.gather(poll, *others, return_exceptions=True)

    async def _take(self, question: Question, body: Json, began_at: float) -> None:
        self.works.set()
        for frame in self._polling.answered(question, body):
            await self._hear(frame)
        for room_id, cursor in begun_anew(question, body).items():
            self._rooms.on_new_epoch(room_id, cursor)
        if not self._polling.is_joining:
            self._is_joined.set()
        await self._pause(pause_s(question, body, _now() - began_at, self._returns.uniform))

    async def _back_off(self, failed: Ended) -> None:
        self._polling.greet_again()
        if failed.told_s:
            self._returns.told(failed.told_s, _now())
        await self._pause(self._returns.wait_s(failed.what_next, _now()))

    async def _pause(self, wait_s: float) -> None:
        if wait_s > 0:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._has_ended.wait()


def _refused(answer: Answer) -> Ended:
    ended = ended_by_answer(answer.status, answer.retry_after, is_ours=answer.is_refusal)
    return replace(ended, has_upgrade_failed=False)


def _now() -> float:
    return asyncio.get_running_loop().time()

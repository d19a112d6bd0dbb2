"""Collects the questions of one turn of the loop, so that they cost one call."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar

from libs.common.errors import ChatError, Unavailable

Q = TypeVar("Q")
A = TypeVar("A")


class Gathering(Generic[Q, A]):
    """Asks together what is asked in the same turn.

    `ask_all` returns the answers in the order of the questions or raises a `ChatError`, which all
    of them hear. A call takes at most `max_questions`.
    """

    def __init__(
        self, ask_all: Callable[[Sequence[Q]], Awaitable[Sequence[A]]], *, max_questions: int
    ) -> None:
        self._ask_all = ask_all
        self._max_questions = max_questions
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._calls: set[asyncio.Task[None]] = set()

    async def ask(self, question: Q) -> A:
        """Return the answer to one question.  Raises: ChatError."""
        return await self.begin(question)

    def begin(self, question: Q) -> asyncio.Future[A]:
        """Ask one question and return where its answer will be, so that others can be asked too."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[A] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._send)
        self._waiting.append((question, answer))
        return answer

    def _send(self) -> None:
        waiting, self._waiting = iter(self._waiting), []
        while asked := list(islice(waiting, self._max_questions)):
            call = asyncio.create_task(self._call(asked))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    async def _call(self, asked: Sequence[tuple[Q, asyncio.Future[A]]]) -> None:
        """Ask, and leave nobody waiting whatever happens."""
        trouble: ChatError = Unavailable()
        answers: Sequence[A] = ()
        try:
            answers = await self._ask_all([question for question, _ in asked])
        except ChatError as refusal:
            trouble = refusal
        finally:
            for at, (_, waiting) in enumerate(asked):
                if waiting.done():
                    continue
                if len(answers) == len(asked):
                    waiting.set_result(answers[at])
                else:
                    waiting.set_exception(trouble)

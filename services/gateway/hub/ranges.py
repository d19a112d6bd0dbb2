"""Asks for ranges of logs, several in one call.

When a thousand clients come back at once each of them has missed a little, of many rooms. While as
many calls are out as may be, those who want more wait, and the next call takes all of them that fit
into one answer. When little is asked for nobody waits for company.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Final, Protocol

from libs.common.contracts.internal import (
    MAX_RANGES,
    EventsAnswer,
    EventsRequest,
    Range,
    RangeAnswer,
)
from libs.common.errors import ChatError, NotFound, Unavailable

EVENTS_PER_CALL: Final = 400
"""Of all ranges together: with the longest messages that is 7 MB, which an answer may have."""

Reader = asyncio.Future[RangeAnswer]


class Ask(Protocol):
    async def __call__(self, body: EventsRequest) -> EventsAnswer:
        """Return the answer of the messages service.  Raises: ChatError."""
        ...


class Ranges:
    """At most `in_flight` calls at once. Who waits is bounded by the connections there are."""

    def __init__(self, ask: Ask, *, in_flight: int) -> None:
        self._ask = ask
        self._in_flight = in_flight
        self._waiting: dict[Range, list[Reader]] = defaultdict(list)
        self._calls: set[asyncio.Task[None]] = set()
        self._is_called = False

    async def read(self, wanted: Range) -> RangeAnswer:
        """Return a range; who wants the same at the same time shares it.  Raises: ChatError."""
        loop = asyncio.get_running_loop()
        reader: Reader = loop.create_future()
        self._waiting[wanted].append(reader)
        if not self._is_called:
            self._is_called = True
            loop.call_soon(self._begin)
        return await reader

    def _begin(self) -> None:
        self._is_called = False
        while self._waiting and len(self._calls) < self._in_flight:
            call = asyncio.create_task(self._call(self._next()))
            self._calls.add(call)
            call.add_done_callback(self._on_done)

    def _on_done(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._begin()

    def _next(self) -> dict[Range, list[Reader]]:
        """Take those for the next call out of those who wait: the first, and what fits besides."""
        chosen: list[Range] = []
        left = EVENTS_PER_CALL
        for wanted in islice(self._waiting, MAX_RANGES):
            left -= wanted.limit
            if chosen and left < 0:
                break
            chosen.append(wanted)
        return {wanted: self._waiting.pop(wanted) for wanted in chosen}

    async def _call(self, readers: dict[Range, list[Reader]]) -> None:
        """Ask, and leave nobody waiting whatever happens."""
        try:
            answers = await self._answers(list(readers))
        except ChatError as refusal:
            answers = [refusal] * len(readers)
        except BaseException:
            _settle(readers, [Unavailable()] * len(readers))
            raise
        _settle(readers, answers)

    async def _answers(self, wanted: Sequence[Range]) -> Sequence[RangeAnswer | ChatError]:
        first, *others = wanted
        try:
            answer = await self._ask(EventsRequest(**dict(first), more=others))
        except NotFound:
            return [NotFound(), *await self._one_by_one(others)]
        if answer.more is None:
            # An older messages service has answered the first alone.
            return [answer, *await self._one_by_one(others)]
        more: list[RangeAnswer | ChatError] = [one or NotFound() for one in answer.more]
        return [answer, *more]

    async def _one_by_one(self, wanted: Sequence[Range]) -> list[RangeAnswer | ChatError]:
        answers: list[RangeAnswer | ChatError] = []
        for one in wanted:
            try:
                answers.append(await self._ask(EventsRequest(**dict(one))))
            except ChatError as refusal:
                answers.append(refusal)
        return answers


def _settle(readers: dict[Range, list[Reader]], answers: Sequence[RangeAnswer | ChatError]) -> None:
    for waiting, answer in zip(readers.values(), answers, strict=True):
        for reader in waiting:
            if reader.done():
                continue
            if isinstance(answer, ChatError):
                reader.set_exception(answer)
            else:
                reader.set_result(answer)

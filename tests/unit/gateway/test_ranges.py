"""Many who have missed something are told by few calls, and each hears what they asked for."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from libs.common.contracts.ids import Epoch, RoomId, Seq
from libs.common.contracts.internal import (
    MAX_RANGES,
    EventsAnswer,
    EventsRequest,
    Range,
    RangeAnswer,
)
from libs.common.errors import ChatError, NotFound, Unavailable
from services.gateway.hub.ranges import EVENTS_PER_CALL, Ranges


def room(number: int) -> RoomId:
    return RoomId(UUID(int=number))


def after(seq: int, *, of: int = 1, limit: int = 1) -> Range:
    return Range(room_id=room(of), after_seq=Seq(seq), limit=limit)


class Messages:
    """Answers each range with the seq it was asked from as the head.

    `gone` are rooms that are not there. `is_old`: it knows of one range at a time.
    """

    def __init__(self) -> None:
        self.calls: list[list[Range]] = []
        self.gone: set[RoomId] = set()
        self.is_old = False
        self.is_down = False
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def ask(self, body: EventsRequest) -> EventsAnswer:
        self.calls.append([body, *body.more])
        await self.may_answer.wait()
        if self.is_down:
            raise Unavailable
        if body.room_id in self.gone:
            raise NotFound
        more = [None if one.room_id in self.gone else self._answer(one) for one in body.more]
        return EventsAnswer(**dict(self._answer(body)), more=None if self.is_old else more)

    def _answer(self, wanted: Range) -> RangeAnswer:
        return RangeAnswer(
            events=[], epoch=Epoch("e"), head_seq=wanted.after_seq, first_available_seq=Seq(1)
        )

    @property
    def sizes(self) -> list[int]:
        return [len(asked) for asked in self.calls]


async def heads(ranges: Ranges, wanted: Sequence[Range]) -> list[int | type[BaseException]]:
    """Return what each reader heard: the head, or why there is none."""
    answers = await asyncio.gather(*map(ranges.read, wanted), return_exceptions=True)
    return [
        type(answer) if isinstance(answer, BaseException) else answer.head_seq for answer in answers
    ]


async def turns() -> None:
    """Let everybody do what they can do without an answer."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_is_wanted_in_one_turn_shares_a_call() -> None:
    messages = Messages()
    wanted = [after(seq, of=seq) for seq in range(1, 6)]

    assert await heads(Ranges(messages.ask, in_flight=2), wanted) == [1, 2, 3, 4, 5]
    assert messages.sizes == [5]


async def test_who_wants_the_same_shares_the_answer() -> None:
    messages = Messages()

    assert await heads(Ranges(messages.ask, in_flight=2), [after(7)] * 3) == [7, 7, 7]
    assert messages.sizes == [1]


async def test_who_comes_while_all_calls_are_out_waits_and_shares_the_next() -> None:
    messages = Messages()
    messages.may_answer.clear()
    ranges = Ranges(messages.ask, in_flight=2)

    reading = []
    for seq in range(5):
        reading.append(asyncio.create_task(ranges.read(after(seq))))
        await turns()
    assert messages.sizes == [1, 1]

    messages.may_answer.set()
    assert [answer.head_seq for answer in await asyncio.gather(*reading)] == [0, 1, 2, 3, 4]
    assert messages.sizes == [1, 1, 3]


async def test_a_call_asks_for_so_many_ranges_and_events_at_most() -> None:
    messages = Messages()
    small = [after(seq) for seq in range(MAX_RANGES + 1)]
    large = [after(seq, of=2, limit=EVENTS_PER_CALL // 2) for seq in range(3)]

    await heads(Ranges(messages.ask, in_flight=9), small)
    await heads(Ranges(messages.ask, in_flight=9), large)

    assert messages.sizes == [MAX_RANGES, 1, 2, 1]


async def test_more_than_a_call_may_have_is_asked_for_alone() -> None:
    messages = Messages()
    wanted = [after(1, limit=EVENTS_PER_CALL + 1), after(2)]

    assert await heads(Ranges(messages.ask, in_flight=9), wanted) == [1, 2]
    assert messages.sizes == [1, 1]


@pytest.mark.parametrize("gone", [1, 2, 3])
async def test_a_room_that_is_not_there_is_told_to_its_reader_alone(gone: int) -> None:
    messages = Messages()
    messages.gone.add(room(gone))
    expected: list[int | type[ChatError]] = [1, 2, 3]
    expected[gone - 1] = NotFound

    wanted = [after(seq, of=seq) for seq in (1, 2, 3)]

    assert await heads(Ranges(messages.ask, in_flight=2), wanted) == expected


async def test_an_older_messages_service_is_asked_one_by_one() -> None:
    messages = Messages()
    messages.is_old = True

    wanted = [after(seq, of=seq) for seq in (1, 2, 3)]

    assert await heads(Ranges(messages.ask, in_flight=2), wanted) == [1, 2, 3]


async def test_a_failed_call_fails_all_who_shared_it_and_none_after_them() -> None:
    messages = Messages()
    messages.is_down = True
    ranges = Ranges(messages.ask, in_flight=1)

    assert await heads(ranges, [after(1), after(2)]) == [Unavailable, Unavailable]
    messages.is_down = False
    assert await heads(ranges, [after(3)]) == [3]


async def test_who_gave_up_waiting_disturbs_nobody() -> None:
    messages = Messages()
    ranges = Ranges(messages.ask, in_flight=1)
    impatient = asyncio.create_task(ranges.read(after(1)))
    patient = asyncio.create_task(ranges.read(after(1)))
    await asyncio.sleep(0)
    impatient.cancel()

    assert (await patient).head_seq == 1

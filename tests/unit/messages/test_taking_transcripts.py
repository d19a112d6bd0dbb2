"""Somebody takes a transcript and may not any more before it is at its end."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.people import Person
from libs.common.errors import ChatError, Forbidden, NotFound, Unavailable
from libs.common.http.people import Caller
from libs.common.permissions.case import Action
from services.messages.api.transcripts import PAGE, TranscriptApi
from services.messages.core.transcript import Format
from services.messages.model.log import Message
from services.messages.model.rooms import Room
from tests.support.clock import SetClock
from tests.unit.messages.builders import ALICE, message, room

CALLER = Caller(ALICE.id, ALICE.kind, ALICE.name, None, 0.0)


class NoPace:
    async def take(self, key: str) -> None:
        """Let everybody do anything."""


@dataclass(slots=True)
class Door:
    """Lets somebody in so often, and then refuses with `no`."""

    room: Room
    times: int
    no: ChatError = field(default_factory=Forbidden)

    async def check(self, person: Person, room_id: RoomId, action: Action) -> Room:
        assert (person.id, room_id, action) == (ALICE.id, self.room.id, Action.TAKE_TRANSCRIPT)
        self.times -= 1
        if self.times < 0:
            raise self.no
        return self.room


@dataclass(slots=True)
class Log:
    """As many messages as are asked for."""

    count: int
    reads: int = 0

    async def kept(self, _: RoomId, *, after: Seq, up_to: Seq, limit: int) -> list[Message]:
        self.reads += 1
        last = min(self.count, up_to, after + limit)
        return [message(seq=Seq(seq), content=f"word {seq}") for seq in range(after + 1, last + 1)]


async def taken(log: Log, door: Door, fmt: Format = Format.JSON) -> list[str]:
    """Return the lines of a transcript."""
    messages: Any = log
    way: Any = door
    api = TranscriptApi(messages, way, pace=NoPace(), clock=SetClock())
    answer = await api.take(CALLER, door.room.id, format=fmt)
    text = b""
    async for piece in answer.body_iterator:
        assert isinstance(piece, bytes)
        text += piece
    return text.decode().splitlines()


def door(*, times: int, head: int, no: ChatError | None = None) -> Door:
    return Door(room(head_seq=Seq(head)), times, no or Forbidden())


@pytest.mark.parametrize("no", [Forbidden(), NotFound(), Unavailable()])
async def test_who_may_not_any_more_gets_no_further_page(no: ChatError) -> None:
    lines = await taken(Log(5 * PAGE), door(times=2, head=5 * PAGE, no=no))

    *whole, last = lines
    assert [json.loads(line)["seq"] for line in whole] == list(range(1, 2 * PAGE + 1))
    assert last == f'{{"cut_off":"{no.code}"'


async def test_a_text_ends_with_a_line_that_says_so() -> None:
    lines = await taken(Log(2 * PAGE), door(times=1, head=2 * PAGE), Format.TEXT)

    assert lines[-2].endswith(f"word {PAGE}")
    assert lines[-1] == "*** Cut off here: forbidden. There is more. ***"


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1, 3 * PAGE])
async def test_who_still_may_is_asked_about_once_for_each_further_page(count: int) -> None:
    messages, way = Log(count), door(times=10, head=count)

    lines = await taken(messages, way)

    assert len([json.loads(line) for line in lines]) == count
    assert 10 - way.times == messages.reads


async def test_a_room_that_goes_between_two_pages_does_not_look_whole() -> None:
    lines = await taken(Log(PAGE), door(times=1, head=2 * PAGE, no=NotFound()))

    assert lines[-1] == '{"cut_off":"not_found"'

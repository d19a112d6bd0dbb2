"""Questions to other services: together, in time, and nobody is left waiting."""

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import TimedOut, Unavailable
from libs.common.gathering import Gathering
from services.gateway.hub.asking import Asking
from services.gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY, FakeMessages, FakePresence


def asking(messages: FakeMessages, presence: FakePresence | None = None, **knobs: Any) -> Asking:
    settings = GatewaySettings(**knobs)
    return Asking(messages, presence or FakePresence(), settings=settings)


GUEST = Person(PersonKind.GUEST, PersonId(UUID(int=9)), "Gerda")


class Answering:
    """Doubles numbers, and remembers how many it was asked at a time."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.calls.append(len(numbers))
        await asyncio.sleep(0)
        return [2 * number for number in numbers]


async def test_questions_of_one_turn_share_a_call() -> None:
    answering = Answering()
    gathering = Gathering(answering, max_questions=3)

    answers = await asyncio.gather(*(gathering.ask(number) for number in range(7)))

    assert answers == [0, 2, 4, 6, 8, 10, 12]
    assert answering.calls == [3, 3, 1]


async def test_a_failed_call_fails_all_who_asked() -> None:
    async def fail(_: Sequence[int]) -> list[int]:
        raise TimedOut

    gathering = Gathering(fail, max_questions=9)

    answers = await asyncio.gather(gathering.ask(1), gathering.ask(2), return_exceptions=True)

    assert [type(answer) for answer in answers] == [TimedOut, TimedOut]


async def test_an_answer_of_the_wrong_length_is_none() -> None:
    async def forget_one(numbers: Sequence[int]) -> list[int]:
        return list(numbers[1:])

    with pytest.raises(Unavailable):
        await Gathering(forget_one, max_questions=9).ask(1)


async def test_who_gave_up_waiting_disturbs_nobody() -> None:
    answering = Answering()
    gathering = Gathering(answering, max_questions=9)
    impatient = asyncio.create_task(gathering.ask(1))
    patient = asyncio.create_task(gathering.ask(2))
    await asyncio.sleep(0)
    impatient.cancel()

    assert await patient == 4


async def test_standings_come_in_the_order_of_the_questions() -> None:
    messages = FakeMessages()
    messages.log(LOBBY)
    ask = asking(messages)

    lobby, attic = await asyncio.gather(ask.attach(ALICE, LOBBY), ask.attach(ALICE, ATTIC))

    assert (lobby.code, attic.code) == (None, "not_found")
    assert len(messages.asked("/internal/attach")) == 1


async def test_the_log_hears_what_kind_of_person_wants_to_listen() -> None:
    messages = FakeMessages()

    await asking(messages).attach(GUEST, LOBBY)

    [asked] = messages.asked("/internal/attach")
    assert [one.kind for one in asked.requests] == [PersonKind.GUEST]


async def test_rooms_are_told_apart_by_person() -> None:
    messages = FakeMessages()
    messages.log(LOBBY)
    messages.log(ATTIC).members.pop(BOB.id)
    ask = asking(messages)

    alice, bob, again = await asyncio.gather(
        ask.rooms_of(ALICE.id), ask.rooms_of(BOB.id), ask.rooms_of(ALICE.id)
    )

    assert [room.room_id for room in alice] == [LOBBY, ATTIC]
    assert [room.room_id for room in bob] == [LOBBY]
    assert again == alice


async def test_heads_of_very_many_rooms_take_several_calls() -> None:
    messages = FakeMessages()
    rooms = [RoomId(UUID(int=number)) for number in range(1_001)]

    heads = await asking(messages).heads(rooms)

    assert len(heads) == 1_001
    assert len(messages.asked("/internal/heads")) == 2


async def test_a_service_that_hangs_is_not_waited_for() -> None:
    messages, presence = FakeMessages(), FakePresence()
    messages.gates["/internal/attach"] = asyncio.Event()
    presence.gate = asyncio.Event()
    ask = asking(messages, presence, ask_timeout_s=0.01, online_timeout_s=0.01)

    with pytest.raises(TimedOut):
        await ask.attach(ALICE, LOBBY)
    assert not (await ask.online(LOBBY)).is_known


async def test_who_is_there_is_told_for_each_room() -> None:
    presence = FakePresence()
    presence.online = {LOBBY: [ALICE.id, BOB.id]}
    ask = asking(FakeMessages(), presence)

    lobby, attic = await asyncio.gather(ask.online(LOBBY), ask.online(ATTIC))

    assert (lobby.person_ids, attic.person_ids) == ([ALICE.id, BOB.id], [])


async def test_very_many_rooms_are_shown_in_several_calls() -> None:
    presence = FakePresence()
    rooms = [RoomId(UUID(int=number)) for number in range(1_001)]

    await asking(FakeMessages(), presence).show(rooms)

    assert [len(call) for call in presence.shown] == [1_000, 1]

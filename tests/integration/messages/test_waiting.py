"""People whose commands overtake the news of their joining."""

import pytest

from libs.common.contracts.commands import (
    PostMessage,
)
from libs.common.contracts.rooms import RoomKind
from tests.integration.messages.around import BOB, CELLAR, CHARLIE, LOBBY
from tests.integration.messages.house import House

PARTY = "\U0001f389"


@pytest.mark.parametrize(
    ("kind", "code"), [(RoomKind.PRIVATE, "not_found"), (RoomKind.PUBLIC, "not_member")]
)
async def test_an_outsider_is_refused_once_rooms_has_said_so(
    house: House, kind: RoomKind, code: str
) -> None:
    await house.lobby(kind=kind)

    answers = [await house.ask(CHARLIE, PostMessage("hello")) for _ in range(3)]

    assert [answer["data"]["code"] for answer in answers] == [code] * 3
    assert house.rooms.asked == [(LOBBY, CHARLIE.id)]


async def test_a_room_that_was_never_told_of_is_not_there(house: House) -> None:
    await house.lobby()

    answer = await house.ask(BOB, PostMessage("hello?"), room_id=CELLAR)

    assert answer["data"]["code"] == "not_found"
    assert house.rooms.asked == [(CELLAR, BOB.id)]


async def test_a_message_that_overtakes_its_senders_joining_waits_for_it(house: House) -> None:
    await house.lobby()
    house.rooms.members[LOBBY] = {CHARLIE.id}
    early = [house.command(CHARLIE, PostMessage(text)) for text in ("one", "two")]
    await house.send(early[0])
    await house.heard.until_asked(house.rooms)

    await house.send(early[1])
    others = await house.post(BOB, "nobody waits for Charlie")
    await house.told_of_member(CHARLIE)

    acks = [(await house.answer(one))["data"] for one in early]
    assert others["seq"] == 3
    assert [ack["seq"] for ack in acks] == [5, 6]


async def test_news_that_does_not_come_in_time_is_a_reason_to_try_again(house: House) -> None:
    await house.lobby()
    house.rooms.members[LOBBY] = {CHARLIE.id}
    early = house.command(CHARLIE, PostMessage("hello"))
    await house.send(early)
    await house.heard.until_asked(house.rooms)

    await house.clock.advance(0.5)

    answer = await house.answer(early)
    assert (answer["data"]["code"], answer["data"]["retryable"]) == ("unavailable", True)


async def test_nobody_is_let_in_because_rooms_is_away(house: House) -> None:
    await house.lobby()
    house.rooms.is_away = True
    stranger = house.command(CHARLIE, PostMessage("hello"))
    await house.send(stranger)

    ack = await house.post(BOB, "members go on")
    await house.clock.advance(0.5)

    assert ack["seq"] == 3
    assert (await house.answer(stranger))["data"]["code"] == "unavailable"

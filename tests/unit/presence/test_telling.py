"""What rooms hear of people as frames, also when the bus is away for a while."""

from libs.common.contracts.commands import LeaseChange
from libs.common.times import rfc3339
from services.presence.model import Chosen
from tests.unit.presence.house import ALICE, BOB, KITCHEN, LOBBY, House

OPENED, CLOSED, RENEWED = LeaseChange.OPENED, LeaseChange.CLOSED, LeaseChange.RENEWED


async def test_each_room_of_a_person_is_told(house: House) -> None:
    await house.report(ALICE, OPENED, LOBBY, KITCHEN)

    assert sorted(house.states()) == [(LOBBY, "online"), (KITCHEN, "online")]


async def test_what_comes_within_the_window_is_told_at_its_end(house: House) -> None:
    await house.report(ALICE, OPENED, LOBBY)
    house.frames()

    await house.choose(ALICE, Chosen.AWAY)
    await house.choose(ALICE, Chosen.DND)
    assert house.states() == []

    await house.clock.advance(1.0)
    await house.tell([])
    assert house.states() == [(LOBBY, "dnd")]


async def test_a_renewal_costs_no_message(house: House) -> None:
    await house.report(ALICE, OPENED, LOBBY)
    house.frames()

    for _ in range(50):
        await house.clock.advance(20.0)
        await house.report(ALICE, RENEWED, LOBBY)

    assert house.frames() == []


async def test_messages_grow_with_the_changes_and_not_with_who_is_there(house: House) -> None:
    await house.report(BOB, OPENED, LOBBY)
    await house.report(ALICE, OPENED, LOBBY)
    await house.clock.advance(2.0)
    await house.tell([])
    house.frames()

    for chosen in [Chosen.DND, Chosen.AWAY] * 10:
        await house.clock.advance(2.0)
        await house.choose(ALICE, chosen)
        await house.report(BOB, RENEWED, LOBBY)

    assert len(house.states()) == 20


async def test_a_shown_room_hears_who_is_there_in_one_frame(house: House) -> None:
    await house.report(ALICE, OPENED, LOBBY)
    await house.report(BOB, OPENED, LOBBY)
    await house.choose(BOB, Chosen.AWAY, "lunch")
    await house.clock.advance(5.0)
    await house.tell([])
    house.frames()

    house.telling.show([LOBBY])
    await house.clock.advance(1.0)
    await house.tell([])

    [(room_id, frame)] = house.frames()
    rev = frame["data"]["users"][0]["rev"]
    assert room_id == LOBBY
    assert frame == {
        "type": "presence",
        "ts": rfc3339(house.clock.now()),
        "room_id": str(LOBBY),
        "data": {
            "users": [
                {"person_id": str(ALICE), "state": "online", "rev": rev},
                {
                    "person_id": str(BOB),
                    "state": "away",
                    "status_text": "lunch",
                    "rev": rev + 1,
                },
            ],
            "online_count": 2,
        },
    }


async def test_a_room_that_could_not_be_told_is_shown_everybody(house: House) -> None:
    house.bus.is_away = True
    await house.report(ALICE, OPENED, LOBBY, KITCHEN)
    await house.report(BOB, OPENED, KITCHEN)
    await house.clock.advance(10.0)
    await house.tell([])
    assert house.frames() == []

    house.bus.is_away = False
    await house.clock.advance(1.0)
    await house.tell([])

    shown = {room_id: frame["data"]["online_count"] for room_id, frame in house.frames()}
    assert shown == {LOBBY: 1, KITCHEN: 2}
    await house.clock.advance(10.0)
    await house.tell([])
    assert house.frames() == []

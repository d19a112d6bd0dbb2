"""How presence starts, and how it goes on when nobody can be heard."""

import asyncio

from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.ids import PersonId
from tests.unit.presence.house import ALICE, BOB, KITCHEN, LOBBY, ROSTER, SETTINGS, House

OPENED, CLOSED, RENEWED = LeaseChange.OPENED, LeaseChange.CLOSED, LeaseChange.RENEWED


async def fill(house: House, *people: PersonId) -> None:
    """Report these people in the lobby as one gateway does that is asked, and let it be whole."""
    for person_id in people:
        await house.report(person_id, RENEWED, LOBBY)
    house.learning.heard_all("gw.1", 0, roster=ROSTER)
    await house.clock.advance(SETTINGS.settle_s + 0.5)


async def test_gateways_are_asked_until_the_roster_is_whole(starting: House) -> None:
    await starting.report(ALICE, RENEWED, LOBBY)

    await starting.clock.advance(3 * SETTINGS.settle_s)
    assert starting.rosters() == 3

    starting.learning.heard_all("gw.1", 0, roster=ROSTER)
    await starting.clock.advance(60)
    assert starting.rosters() == 0


async def test_it_is_not_whole_while_reports_wait_to_be_read(starting: House) -> None:
    starting.backlog = 5
    await starting.clock.advance(2 * SETTINGS.settle_s)
    assert not starting.is_whole()

    starting.backlog = 0
    await starting.clock.advance(1)

    assert starting.is_whole()


async def test_once_it_is_whole_every_room_is_shown_who_is_there(starting: House) -> None:
    await starting.report(BOB, OPENED, KITCHEN)
    assert starting.states() == [(KITCHEN, "online")], "who is new is told at once"

    await fill(starting, ALICE)

    shown = {room_id: frame["data"]["online_count"] for room_id, frame in starting.frames()}
    assert shown == {LOBBY: 1, KITCHEN: 1}


async def test_nobody_is_said_to_be_offline_by_a_start(starting: House) -> None:
    await fill(starting, ALICE, BOB)
    for _ in range(6):
        await starting.clock.advance(20)
        for person_id in (ALICE, BOB):
            await starting.report(person_id, RENEWED, LOBBY)

    assert "offline" not in repr(starting.frames())


async def test_who_left_while_it_started_is_told_of_then(starting: House) -> None:
    await starting.report(ALICE, RENEWED, LOBBY)
    await starting.report(ALICE, CLOSED)
    await starting.clock.advance(10)
    assert starting.frames() == []

    await fill(starting, BOB)
    await starting.clock.advance(SETTINGS.expire_interval_s + SETTINGS.small_window_s)

    [(_, shown), (_, left)] = starting.frames()
    assert shown["data"]["online_count"] == 2, "she counts until it is looked at"
    assert (left["data"]["person_id"], left["data"]["state"]) == (str(ALICE), "offline")


async def test_the_people_of_a_gateway_that_is_killed_are_gone_within_a_minute(
    starting: House,
) -> None:
    await starting.report(BOB, RENEWED, LOBBY, gateway="gw.2")
    starting.learning.heard_all("gw.2", 0, roster=ROSTER)
    await fill(starting, ALICE)
    starting.frames()

    for _ in range(2):
        await starting.clock.advance(20)
        await starting.report(BOB, RENEWED, LOBBY, gateway="gw.2")
    assert starting.states() == []
    await starting.clock.advance(15)

    [(_, frame)] = starting.frames()
    assert (frame["data"]["person_id"], frame["data"]["state"]) == (str(ALICE), "offline")
    assert list(starting.roster.online_in(LOBBY)) == [BOB]


async def test_after_the_last_clean_close_somebody_is_offline_within_five_seconds(
    starting: House,
) -> None:
    await starting.report(ALICE, RENEWED, LOBBY, device="laptop", gateway="gw.2")
    starting.learning.heard_all("gw.2", 0, roster=ROSTER)
    await fill(starting, ALICE)
    starting.frames()

    await starting.report(ALICE, CLOSED)
    await starting.clock.advance(5)
    assert starting.states() == []

    await starting.report(ALICE, CLOSED, device="laptop", gateway="gw.2")
    await starting.clock.advance(5)
    assert starting.states() == [(LOBBY, "offline")]


async def test_while_the_bus_is_away_nobody_goes(starting: House) -> None:
    await fill(starting, ALICE)
    starting.frames()

    starting.bus.is_away = True
    await starting.clock.advance(100)
    starting.bus.is_away = False
    await starting.clock.advance(SETTINGS.lease_s - 5)
    assert starting.frames() == []

    await starting.clock.advance(10)
    assert starting.states() == [(LOBBY, "offline")]


async def test_without_a_bus_a_new_roster_does_not_become_whole(house: House) -> None:
    house.roster.is_whole = False
    house.bus.is_away = True
    working = asyncio.create_task(house.leases.run())
    await house.clock.advance(100)
    assert not house.is_whole()

    house.bus.is_away = False
    await house.clock.advance(2 * SETTINGS.settle_s + 0.5)

    assert house.is_whole()
    working.cancel()

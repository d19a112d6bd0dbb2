"""What is said of people after a start, before all gateways have reported, and then."""

from tests.integration.presence.house import House, opened, renewed
from tests.integration.presence.neighbours import (
    ALICE,
    BOB,
    LOBBY,
)


async def test_after_a_start_nobody_is_said_to_be_offline_and_no_room_to_be_empty(
    starting: House,
) -> None:
    query = {"user_ids": str(ALICE.id)}

    async with starting.as_person("Bob") as bob:
        [item] = (await bob.get("/v1/presence", params=query)).json()["items"]
        room = (await bob.get(f"/v1/rooms/{LOBBY}/presence")).json()

    assert item == {
        "person_id": str(ALICE.id),
        "state": "unknown",
        "status_text": None,
        "last_seen": None,
    }
    assert room == {"room_id": str(LOBBY), "users": [], "count": None, "states": []}


async def test_whoever_is_known_to_be_there_is_said_to_be_even_then(starting: House) -> None:
    await starting.tell(ALICE, opened())
    assert (await starting.next_signal())["state"] == "online"

    async with starting.as_person("Bob") as bob:
        answer = await bob.get("/v1/presence", params={"user_ids": str(ALICE.id)})

    assert answer.json()["items"][0]["state"] == "online"


async def test_once_the_gateways_have_reported_rooms_are_shown_who_is_there(
    starting: House,
) -> None:
    await starting.tell(BOB, renewed(at="gw.2", device="laptop"))
    await starting.complete("gw.2")
    await starting.tell(ALICE, renewed())
    await starting.complete("gw.1")

    shown = await starting.next_shown()

    assert shown["online_count"] == 2
    assert {one["person_id"] for one in shown["users"]} == {str(ALICE.id), str(BOB.id)}
    answer = await starting.ask("/internal/online", room_ids=[str(LOBBY)])
    assert (answer["rooms"][0]["count"], answer["rooms"][0]["is_known"]) == (2, True)


async def test_a_gateway_has_rooms_told_that_missed_it(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    answer = await house.ask("/internal/online", room_ids=[str(LOBBY)], show=True)

    assert answer == {"rooms": []}
    assert (await house.next_shown())["online_count"] == 1

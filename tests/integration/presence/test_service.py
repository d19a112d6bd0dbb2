"""Presence as others meet it: commands over the bus in, signals and answers out, and HTTP."""

import asyncio
import json

import msgspec

from libs.common.bus.interface import Delivery
from libs.common.bus.topology import (
    dead_letters,
)
from libs.common.clock import SystemClock
from libs.common.contracts.commands import (
    COMMAND_BATCH,
    PostMessage,
    SetPresence,
)
from libs.common.contracts.events import (
    ANSWER_BATCH,
    decode_answers,
)
from tests.integration.presence.house import PATIENCE_S, House, closed, opened
from tests.integration.presence.neighbours import (
    ALICE,
    BOB,
    LOBBY,
)


async def test_a_room_hears_that_somebody_came(house: House) -> None:
    await house.tell(ALICE, opened())

    signal = await house.next_signal()

    assert (signal["person_id"], signal["state"]) == (str(ALICE.id), "online")


async def test_members_see_who_is_in_the_room(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    async with house.as_person("Bob") as bob:
        answer = await bob.get(f"/v1/rooms/{LOBBY}/presence")

    assert answer.json() == {
        "room_id": str(LOBBY),
        "users": [str(ALICE.id)],
        "count": 1,
        "states": [],
    }


async def test_outsiders_do_not_learn_that_the_room_is_there(house: House) -> None:
    async with house.as_person("Charlie") as charlie:
        answer = await charlie.get(f"/v1/rooms/{LOBBY}/presence")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_only_people_who_share_a_room_see_each_other(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()
    query = {"user_ids": str(ALICE.id)}

    async with house.as_person("Bob") as bob, house.as_person("Charlie") as charlie:
        seen_by_bob = (await bob.get("/v1/presence", params=query)).json()["items"]
        seen_by_charlie = (await charlie.get("/v1/presence", params=query)).json()["items"]

    assert [one["state"] for one in seen_by_bob] == ["online"]
    assert [one["state"] for one in seen_by_charlie] == ["offline"]


async def test_a_wish_over_http_is_kept_and_told(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    async with house.as_person("Alice") as alice:
        answer = await alice.put("/v1/presence", json={"state": "away", "status_text": "lunch"})

    assert answer.json() == {"state": "away", "status_text": "lunch"}
    assert (await house.next_signal())["state"] == "away"


async def test_a_wish_over_the_socket_gets_its_one_answer(house: House) -> None:
    await house.tell(ALICE, SetPresence("dnd"), ref="7")

    delivery = await house.next()
    [answer] = decode_answers(delivery.body)

    assert delivery.type == ANSWER_BATCH
    assert (answer.ref, json.loads(answer.frame)["type"]) == ("7", "ack")


async def test_an_unknown_state_is_refused(house: House) -> None:
    await house.tell(ALICE, SetPresence("dancing"), ref="7")

    [answer] = decode_answers((await house.next()).body)

    error = json.loads(answer.frame)
    assert (error["type"], error["data"]["code"]) == ("error", "invalid")
    assert "state" in error["data"]["fields"]


async def test_gateways_learn_who_is_in_their_rooms(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    answer = await house.ask("/internal/online", room_ids=[str(LOBBY)])

    assert (answer["rooms"][0]["person_ids"], answer["rooms"][0]["states"]) == ([str(ALICE.id)], [])

    await house.tell(ALICE, SetPresence("away", "lunch"))
    assert (await house.next_signal())["status_text"] == "lunch"

    [state] = (await house.ask("/internal/online", room_ids=[str(LOBBY)]))["rooms"][0]["states"]
    assert (state["state"], state["status_text"]) == ("away", "lunch")


async def test_gateways_learn_what_people_chose(house: House) -> None:
    await house.tell(ALICE, SetPresence("invisible"), ref="7")
    await house.next()

    answer = await house.ask("/internal/chosen", person_ids=[str(ALICE.id), str(BOB.id)])

    assert answer == {"chosen": {str(ALICE.id): "invisible"}}


async def test_who_becomes_invisible_is_told_of_as_if_they_had_left(house: House) -> None:
    await house.tell(ALICE, opened())
    await house.next()

    await house.tell(ALICE, SetPresence("invisible"))

    signal = await house.next_signal()
    assert (signal["state"], "last_seen" in signal) == ("offline", True)


async def test_a_command_that_is_not_for_people_is_buried_and_others_go_on(house: House) -> None:
    buried: asyncio.Queue[Delivery] = asyncio.Queue()
    await house.bus.consume(dead_letters(), buried.put_nowait, prefetch=10)

    await house.tell(ALICE, PostMessage("wrong door"), ref="7")
    await house.tell(ALICE, opened())

    [answer] = decode_answers((await house.next()).body)
    assert msgspec.json.decode(answer.frame)["data"]["code"] == "internal"
    assert (await house.next_signal())["state"] == "online"
    async with asyncio.timeout(PATIENCE_S):
        assert (await buried.get()).type == COMMAND_BATCH


async def test_two_devices_at_two_gateways_are_there_until_the_last_goes(house: House) -> None:
    await house.tell(ALICE, opened(at="gw.1", device="phone"))
    await house.tell(ALICE, opened(at="gw.2", device="laptop"))
    assert (await house.next_signal())["state"] == "online"

    began = SystemClock().monotonic()
    await house.tell(ALICE, closed(at="gw.1", device="phone"))
    await house.tell(ALICE, closed(at="gw.2", device="laptop"))

    assert (await house.next_signal())["state"] == "offline"
    assert 3 <= SystemClock().monotonic() - began <= 5
    assert house.heard.empty()

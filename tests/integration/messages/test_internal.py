"""What gateways ask of the log."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.contracts.commands import DeleteMessage, PostMessage
from libs.common.contracts.ids import MessageId, PersonId, RoomId, Seq
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from tests.integration.messages.around import ALICE, BOB, CELLAR, CHARLIE, LOBBY
from tests.integration.messages.house import House

NOWHERE = RoomId(UUID(int=99, version=4))


async def ask(gateway: httpx.AsyncClient, path: str, **body: Any) -> dict[str, Any]:
    answer = await gateway.post(f"/internal/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def attach(house: House, *pairs: tuple[PersonId, RoomId]) -> list[dict[str, Any]]:
    requests = [
        {"person_id": str(person_id), "room_id": str(room_id)} for person_id, room_id in pairs
    ]
    answer = await ask(await house.gateway(), "attach", requests=requests)
    return list(answer["standings"])


async def test_members_hear_where_they_stand(house: House) -> None:
    await house.lobby()
    await house.post(BOB, f"hello <@{ALICE.id}>")

    alice, bob = await attach(house, (ALICE.id, LOBBY), (BOB.id, LOBBY))

    assert (alice["code"], alice["role"], alice["head_seq"]) == (None, "owner", 3)
    assert (alice["unread"], alice["mentions"], alice["read_seq"]) == (1, 1, 0)
    assert (bob["role"], bob["unread"], bob["mentions"]) == ("member", 0, 0)
    assert alice["epoch"] == bob["epoch"] != ""


async def test_answers_come_in_the_order_of_the_questions(house: House) -> None:
    await house.lobby()
    pairs = [(BOB.id, LOBBY), (BOB.id, NOWHERE), (ALICE.id, LOBBY), (ALICE.id, NOWHERE)]

    standings = await attach(house, *pairs)

    assert [(one["person_id"], one["room_id"]) for one in standings] == [
        (str(person_id), str(room_id)) for person_id, room_id in pairs
    ]
    assert [one["code"] for one in standings] == [None, "not_found", None, "not_found"]


@pytest.mark.parametrize(
    ("kind", "code"), [("user", None), ("bot", "not_found"), ("guest", "not_found")]
)
async def test_who_is_not_in_is_judged_as_what_they_are(
    house: House, kind: str, code: str | None
) -> None:
    await house.lobby(kind=RoomKind.PUBLIC)
    asked = {"person_id": str(CHARLIE.id), "room_id": str(LOBBY), "kind": kind}

    answer = await ask(await house.gateway(), "attach", requests=[asked])

    assert answer["standings"][0]["code"] == code


async def test_a_public_room_is_heard_from_outside(house: House) -> None:
    await house.lobby(kind=RoomKind.PUBLIC)
    await house.post(BOB, "hello")

    [charlie] = await attach(house, (CHARLIE.id, LOBBY))

    assert (charlie["code"], charlie["role"], charlie["head_seq"]) == (None, None, 3)
    assert (charlie["unread"], charlie["mentions"]) == (0, 0)
    assert house.rooms.asked == [(LOBBY, CHARLIE.id)]


async def test_a_public_room_is_heard_even_when_rooms_is_away(house: House) -> None:
    await house.lobby(kind=RoomKind.PUBLIC)
    house.rooms.is_away = True

    [charlie] = await attach(house, (CHARLIE.id, LOBBY))

    assert (charlie["code"], charlie["role"], charlie["head_seq"]) == (None, None, 2)


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [
        (RoomKind.PRIVATE, RoomState.OPEN, "not_found"),
        (RoomKind.PUBLIC, RoomState.DELETED, "not_found"),
    ],
)
async def test_other_rooms_are_not_heard_from_outside(
    house: House, kind: RoomKind, state: RoomState, code: str
) -> None:
    await house.lobby(kind=kind, state=state)

    [charlie] = await attach(house, (CHARLIE.id, LOBBY))

    assert charlie["code"] == code
    assert (charlie["epoch"], charlie["head_seq"]) == ("", 0)


async def test_the_banned_hear_nothing_of_a_public_room(house: House) -> None:
    await house.lobby(kind=RoomKind.PUBLIC)
    await house.told_of_member(BOB, None, departure=Departure.BANNED)

    [bob] = await attach(house, (BOB.id, LOBBY))

    assert bob["code"] == "forbidden"


async def test_who_is_muted_for_ever_is_muted_in_json_too(house: House) -> None:
    await house.lobby()
    await house.told_of_member(BOB, muted_until=float("inf"))

    [bob] = await attach(house, (BOB.id, LOBBY))

    assert bob["muted_until"] > house.clock.now() + 1e9


@pytest.mark.parametrize("kind", [RoomKind.PRIVATE, RoomKind.PUBLIC])
async def test_somebody_who_has_just_joined_is_waited_for(house: House, kind: RoomKind) -> None:
    await house.lobby(kind=kind)
    house.rooms.members[LOBBY] = {CHARLIE.id}

    async def join_late() -> None:
        await house.heard.until_asked(house.rooms)
        await house.told_of_member(CHARLIE)
        await house.clock.advance(0.1)

    [charlie], _ = await asyncio.gather(attach(house, (CHARLIE.id, LOBBY)), join_late())

    assert (charlie["code"], charlie["role"], charlie["head_seq"]) == (None, "member", 3)


async def test_news_that_does_not_come_is_a_reason_to_try_again(house: House) -> None:
    await house.lobby()
    house.rooms.members[LOBBY] = {CHARLIE.id}

    async def pass_time() -> None:
        await house.heard.until_asked(house.rooms)
        for _ in range(12):
            await asyncio.sleep(0.01)
            await house.clock.advance(0.05)

    [charlie], _ = await asyncio.gather(attach(house, (CHARLIE.id, LOBBY)), pass_time())

    assert charlie["code"] == "unavailable"


async def test_somebody_whose_news_was_late_a_moment_ago_is_not_asked_about_again(
    house: House,
) -> None:
    await house.lobby()
    house.rooms.members[LOBBY] = {CHARLIE.id}
    early = house.command(CHARLIE, PostMessage("hello"))
    await house.send(early)
    await house.heard.until_asked(house.rooms)
    await house.clock.advance(0.5)
    await house.answer(early)

    [charlie] = await attach(house, (CHARLIE.id, LOBBY))

    assert charlie["code"] == "unavailable"
    assert len(house.rooms.asked) == 1


async def test_rooms_that_cannot_be_asked_let_nobody_in(house: House) -> None:
    await house.lobby()
    house.rooms.is_away = True

    alice, charlie = await attach(house, (ALICE.id, LOBBY), (CHARLIE.id, LOBBY))

    assert (alice["code"], charlie["code"]) == (None, "unavailable")


async def test_people_hear_of_their_rooms_the_busiest_first(house: House) -> None:
    await house.lobby()
    await house.told_of_room(CELLAR, title="Cellar")
    await house.told_of_member(BOB, room_id=CELLAR)
    await house.clock.advance(1)
    await house.post(ALICE, "hello")
    gateway = await house.gateway()

    answer = await ask(
        gateway, "rooms-of", person_ids=[str(one.id) for one in (BOB, ALICE, CHARLIE)]
    )

    found = [(one["person_id"], one["room_id"], one["unread"]) for one in answer["standings"]]
    assert found == [
        (str(ALICE.id), str(LOBBY), 0),
        (str(BOB.id), str(LOBBY), 1),
        (str(BOB.id), str(CELLAR), 0),
    ]


async def test_rooms_that_are_gone_are_nobodys(house: House) -> None:
    await house.lobby()
    await house.told_of_room(state=RoomState.DELETED)

    answer = await ask(await house.gateway(), "rooms-of", person_ids=[str(BOB.id)])

    assert answer["standings"] == []


async def test_what_was_missed_is_read_from_the_log(house: House) -> None:
    await house.lobby()
    ack = await house.post(BOB, "a secret")
    await house.post(BOB, "hello")
    await house.ask(BOB, DeleteMessage(MessageId(UUID(ack["message_id"]))))
    await house.told_of_member(BOB, None, departure=Departure.REMOVED)
    gateway = await house.gateway()

    answer = await ask(gateway, "events", room_id=str(LOBBY), after_seq=2, limit=10)

    assert [event[0] for event in answer["events"]] == [3, 4, 5, 6]
    assert (answer["head_seq"], answer["first_available_seq"]) == (6, 1)
    assert "secret" not in str(answer)
    assert answer["events"][-1][2:] == [str(BOB.id), "removed"]
    live = {event.seq: event.frame.decode() for event in house.heard.events}
    assert answer["events"][1][1] == live[Seq(4)]


async def test_what_was_missed_comes_in_portions(house: House) -> None:
    await house.lobby()
    gateway = await house.gateway()

    first = await ask(gateway, "events", room_id=str(LOBBY), after_seq=0, limit=1)
    beyond = await ask(gateway, "events", room_id=str(LOBBY), after_seq=99, limit=1)

    assert [event[0] for event in first["events"]] == [1]
    assert beyond["events"] == []
    assert beyond["head_seq"] == 2


async def test_a_room_that_is_not_there_has_no_log(house: House) -> None:
    gateway = await house.gateway()

    answer = await gateway.post(
        "/internal/events", json={"room_id": str(NOWHERE), "after_seq": 0, "limit": 1}
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_heads_are_told_of_rooms_that_are_there(house: House) -> None:
    await house.lobby()

    answer = await ask(await house.gateway(), "heads", room_ids=[str(LOBBY), str(NOWHERE)])

    assert answer["heads"] == {str(LOBBY): 2}


async def test_several_ranges_are_answered_in_the_order_of_the_questions(house: House) -> None:
    await house.lobby()
    for number in range(4):
        await house.post(BOB, f"{number}")
    nowhere = {"room_id": str(NOWHERE), "after_seq": 0, "limit": 1}
    more = [
        nowhere,
        {"room_id": str(LOBBY), "after_seq": 4, "limit": 1},
        {"room_id": str(LOBBY), "after_seq": 5, "limit": 9},
    ]

    answer = await ask(
        await house.gateway(), "events", room_id=str(LOBBY), after_seq=1, limit=2, more=more
    )

    assert [event[0] for event in answer["events"]] == [2, 3]
    assert answer["more"][0] is None
    assert [[event[0] for event in one["events"]] for one in answer["more"][1:]] == [[5], [6]]
    assert {one["head_seq"] for one in answer["more"][1:]} == {answer["head_seq"]} == {6}


@pytest.mark.parametrize("path", ["attach", "rooms-of", "events", "heads"])
async def test_nobody_but_gateways_may_ask(house: House, path: str) -> None:
    for token in ("presence", None):
        client = await house.client(token, door="internal")
        answer = await client.post(f"/internal/{path}", json={})
        assert answer.status_code in {401, 403}
    outside = await house.client("Alice")
    assert (await outside.post(f"/internal/{path}", json={})).status_code == 404

"""Writing over HTTP: the same way, the same rules and the same memory as the socket's."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.contracts.commands import DeleteMessage, PostMessage
from libs.common.contracts.ids import MessageId
from libs.common.contracts.rooms import RoomKind, RoomState
from tests.integration.messages.around import ALICE, BOB, CELLAR, LOBBY
from tests.integration.messages.house import House

MESSAGES = f"/v1/rooms/{LOBBY}/messages"
PARTY = "\U0001f389"


async def posted(client: httpx.AsyncClient, content: str, **more: Any) -> dict[str, Any]:
    body = {"client_msg_id": "m-1", "content": content} | more
    answer = await client.post(MESSAGES, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["message"])


async def test_a_message_is_created_and_everybody_hears_it(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")

    message = await posted(bob, "hello")

    assert (message["seq"], message["content"], message["client_msg_id"]) == (3, "hello", "m-1")
    assert house.heard.frames(LOBBY)[-1]["data"]["id"] == message["id"]


async def test_the_same_message_again_is_the_first_one(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")
    first = await posted(bob, "hello")

    again = await bob.post(MESSAGES, json={"client_msg_id": "m-1", "content": "hello"})
    other = await bob.post(MESSAGES, json={"client_msg_id": "m-1", "content": "goodbye"})

    assert (again.status_code, again.json()) == (200, {"message": first})
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


async def test_socket_and_http_share_the_memory_of_what_was_sent(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")
    ack = await house.ask(BOB, PostMessage("hello"), command_id="m-1")

    again = await bob.post(MESSAGES, json={"client_msg_id": "m-1", "content": "hello"})

    assert again.status_code == 200
    assert again.json()["message"]["id"] == ack["data"]["message_id"]


async def test_the_id_may_stand_in_the_header(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")
    header = {"Idempotency-Key": "m-7"}

    answer = await bob.post(MESSAGES, json={"content": "hello"}, headers=header)
    both = {"content": "hello", "client_msg_id": "m-8"}
    conflicting = await bob.post(MESSAGES, json=both, headers=header)
    missing = await bob.post(MESSAGES, json={"content": "hello"})

    assert answer.json()["message"]["client_msg_id"] == "m-7"
    for refused in (conflicting, missing):
        assert refused.status_code == 422
        assert "client_msg_id" in refused.json()["fields"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"content": ""}, "content"),
        ({"content": "x" * 4001}, "content"),
        ({"content": "bell\a"}, "content"),
        ({"content": 5}, "content"),
        ({}, "content"),
        ({"content": "x", "client_msg_id": "spaces are bad"}, "client_msg_id"),
        ({"content": "x", "client_msg_id": "x" * 65}, "client_msg_id"),
        ({"content": "x", "reply_to": str(CELLAR)}, "reply_to"),
        ({"content": "x", "thread_root": str(CELLAR)}, "thread_root"),
        ({"content": "x", "seq": 1}, "seq"),
        ({"content": "x", "author": {"id": str(ALICE.id)}}, "author"),
        ({"content": "x", "created_at": "2030-01-01T00:00:00Z"}, "created_at"),
    ],
)
async def test_a_body_that_is_not_right_is_refused(
    house: House, body: dict[str, Any], field: str
) -> None:
    await house.lobby()
    bob = await house.client("Bob")

    answer = await bob.post(MESSAGES, json={"client_msg_id": "m-1"} | body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["fields"]


@pytest.mark.parametrize(
    ("token", "kind", "state", "status", "code"),
    [
        ("Charlie", RoomKind.PRIVATE, RoomState.OPEN, 404, "not_found"),
        ("Charlie", RoomKind.PUBLIC, RoomState.OPEN, 403, "not_member"),
        ("Bob", RoomKind.PUBLIC, RoomState.READ_ONLY, 403, "room_read_only"),
        ("Bob", RoomKind.PUBLIC, RoomState.CLOSED, 403, "room_not_open"),
        ("Bob", RoomKind.PUBLIC, RoomState.DELETED, 404, "not_found"),
    ],
)
async def test_the_rooms_rules_are_told_in_their_words(
    house: House, token: str, kind: RoomKind, state: RoomState, status: int, code: str
) -> None:
    await house.lobby(kind=kind, state=state)
    client = await house.client(token)

    answer = await client.post(MESSAGES, json={"client_msg_id": "m-1", "content": "hello"})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_room_that_is_flooded_says_when_to_come_again(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")
    flood = [house.command(ALICE, PostMessage(f"spam {number}")) for number in range(60)]
    await house.send(*flood)
    await house.answer(flood[-1])

    answer = await bob.post(MESSAGES, json={"client_msg_id": "m-1", "content": "hello"})

    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert answer.json()["retry_after_ms"] == 34
    assert answer.headers["retry-after"] == "1"


async def test_a_message_is_edited_by_its_author(house: House) -> None:
    await house.lobby()
    alice, bob = await house.client("Alice"), await house.client("Bob")
    message = await posted(bob, "tpyo")
    path = f"/v1/messages/{message['id']}"

    edited = await bob.patch(path, json={"content": "typo", "expected_rev": 1})
    late = await bob.patch(path, json={"content": "other", "expected_rev": 1})
    foreign = await alice.patch(path, json={"content": "mine"})

    assert edited.status_code == 200
    assert (edited.json()["message"]["content"], edited.json()["message"]["rev"]) == ("typo", 2)
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "forbidden")


async def test_an_edit_sent_twice_is_done_once(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")
    message = await posted(bob, "tpyo")
    header = {"Idempotency-Key": "e-1"}

    answers = [
        await bob.patch(f"/v1/messages/{message['id']}", json={"content": "typo"}, headers=header)
        for _ in range(2)
    ]

    assert [answer.json()["message"]["rev"] for answer in answers] == [2, 2]


async def test_a_message_is_deleted_for_good(house: House) -> None:
    await house.lobby()
    alice, bob = await house.client("Alice"), await house.client("Bob")
    message = await posted(bob, "a secret")
    path = f"/v1/messages/{message['id']}"

    assert (await alice.delete(path)).status_code == 204
    assert (await bob.delete(path)).status_code == 204

    left = (await bob.get(path)).json()["message"]
    assert (left["content"], left["seq"]) == ("", 3)
    assert left["deleted_at"]
    assert (await bob.patch(path, json={"content": "back"})).status_code == 404
    assert (await bob.get(f"{path}/edits")).json()["items"] == []


async def test_emoji_come_and_go(house: House) -> None:
    await house.lobby()
    alice, bob = await house.client("Alice"), await house.client("Bob")
    message = await posted(bob, "party?")
    path = f"/v1/messages/{message['id']}/reactions/{PARTY}"

    answers = [
        (await alice.put(path)).json(),
        (await alice.put(path)).json(),
        (await bob.delete(path)).json(),
        (await alice.delete(path)).json(),
    ]

    assert [answer["changed"] for answer in answers] == [True, False, False, True]
    assert (await bob.get(f"/v1/messages/{message['id']}")).json()["message"]["reactions"] == []


async def test_nothing_is_put_on_what_is_not_there(house: House) -> None:
    await house.lobby()
    bob = await house.client("Bob")

    answer = await bob.put(f"/v1/messages/{CELLAR}/reactions/{PARTY}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("emoji", ["lol", "%20", "%F0%9F%8E%89%F0%9F%8E%89", "1"])
async def test_what_is_no_emoji_is_refused(house: House, emoji: str) -> None:
    await house.lobby()
    bob = await house.client("Bob")
    message = await posted(bob, "hello")

    answer = await bob.put(f"/v1/messages/{message['id']}/reactions/{emoji}")

    assert (answer.status_code, answer.json()["fields"]) == (422, {"emoji": "must be one emoji"})


async def test_unread_counts_what_others_wrote_and_is_still_there(house: House) -> None:
    await house.lobby()
    first = await house.post(BOB, "one")
    await house.post(BOB, f"two <@{ALICE.id}>")
    await house.post(ALICE, f"three, mine <@{ALICE.id}>")
    await house.post(BOB, "four")
    await house.ask(BOB, DeleteMessage(MessageId(UUID(first["message_id"]))))
    alice = await house.client("Alice")

    before = (await alice.get("/v1/me/unread")).json()["items"]
    moved = await alice.put(f"/v1/rooms/{LOBBY}/read", json={"seq": 4})
    after = (await alice.get("/v1/me/unread")).json()["items"]

    room = {"room_id": str(LOBBY), "head_seq": 7}
    assert before == [room | {"unread": 2, "mentions": 1, "read_seq": 0}]
    assert (moved.status_code, moved.json()) == (200, {"read_seq": 4})
    assert after == [room | {"unread": 1, "mentions": 0, "read_seq": 4}]


async def test_a_read_cursor_never_goes_back_nor_beyond_the_head(house: House) -> None:
    await house.lobby()
    await house.post(BOB, "one")
    alice = await house.client("Alice")

    for seq in (99, 1):
        await alice.put(f"/v1/rooms/{LOBBY}/read", json={"seq": seq})

    [item] = (await alice.get("/v1/me/unread")).json()["items"]
    assert (item["read_seq"], item["unread"]) == (3, 0)


async def test_rooms_one_is_not_in_have_no_unread(house: House) -> None:
    await house.lobby(kind=RoomKind.PUBLIC)
    await house.told_of_room(CELLAR, title="Cellar")
    await house.told_of_member(BOB, room_id=CELLAR)
    charlie, bob = await house.client("Charlie"), await house.client("Bob")

    assert (await charlie.get("/v1/me/unread")).json() == {"items": []}
    found = (await bob.get("/v1/me/unread")).json()["items"]
    assert {item["room_id"] for item in found} == {str(LOBBY), str(CELLAR)}


@pytest.mark.parametrize("seq", [-1, 2**53, "3", None])
async def test_a_seq_that_cannot_be_is_refused(house: House, seq: Any) -> None:
    await house.lobby()
    alice = await house.client("Alice")

    answer = await alice.put(f"/v1/rooms/{LOBBY}/read", json={"seq": seq})

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["seq"])

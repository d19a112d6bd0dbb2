"""Whoever hears no answer asks again: the second time changes nothing and is answered too."""

import pytest
import pytest_asyncio

from hubbub_client.frames import Json
from tests.support.waiting import eventually
from tests.system.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def log_of(person: Person, room: str) -> list[Json]:
    return list((await person.get(f"/v1/rooms/{room}/events", limit=100))["items"])


async def log_behind_everything(person: Person, room: str) -> list[Json]:
    """Return the log once all changes of the room have come; the last entry says so."""
    topic = f"Everything before {room}"
    (await person.call("PATCH", f"/v1/rooms/{room}", {"topic": topic})).raise_for_status()
    return await eventually(
        lambda: log_of(person, room), lambda log: log[-1]["data"].get("topic") == topic
    )


@pytest_asyncio.fixture(loop_scope="package")
async def message(alice: Person, room: str) -> Json:
    """A message of Alice's in the room."""
    return await alice.write(room, "Once")


async def test_a_message_sent_over_the_socket_is_not_sent_again_over_http(
    alice: Person, room: str
) -> None:
    body = {"client_msg_id": "both-ways", "content": "Hello"}

    async with alice.wire(room) as alices:
        first = await alices.ask("send_message", room_id=room, **body)
    second = await alice.call("POST", f"/v1/rooms/{room}/messages", body)

    assert second.status_code == 200
    assert second.json()["message"]["seq"] == first.data["seq"]


async def test_a_repeat_over_http_answers_200_with_the_same_body(alice: Person, room: str) -> None:
    path, key = f"/v1/rooms/{room}/messages", {"idempotency-key": "by-header"}

    first = await alice.call("POST", path, {"content": "Hello"}, headers=key)
    second = await alice.call("POST", path, {"content": "Hello"}, headers=key)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()


async def test_the_same_id_of_somebody_else_is_another_message(
    alice: Person, bob: Person, room: str
) -> None:
    first = await alice.write(room, "Hello", client_msg_id="ours")
    second = await bob.write(room, "Hello", client_msg_id="ours")

    assert second["seq"] == first["seq"] + 1


async def test_a_repeat_to_a_deleted_message_does_not_bring_it_back(
    alice: Person, room: str
) -> None:
    first = await alice.write(room, "Gone", client_msg_id="gone")
    await alice.call("DELETE", f"/v1/messages/{first['id']}")

    again = await alice.call(
        "POST", f"/v1/rooms/{room}/messages", {"client_msg_id": "gone", "content": "Gone"}
    )

    assert again.status_code == 200
    assert [one["content"] for one in await alice.history(room)] == [""]


@pytest.mark.parametrize(
    ("type_", "more"),
    [
        ("delete_message", {"message_id": None}),
        ("add_reaction", {"message_id": None, "emoji": "👍"}),
        ("remove_reaction", {"message_id": None, "emoji": "👍"}),
        ("read", {"seq": 3}),
        ("leave_room", {}),
        ("join_room", {}),
    ],
)
async def test_a_command_on_the_socket_may_be_repeated(
    alice: Person, room: str, message: Json, type_: str, more: Json
) -> None:
    of_it = {"message_id": message["id"]} if "message_id" in more else {}

    async with alice.wire(room) as alices:
        first = await alices.ask(type_, room_id=room, **more | of_it)
        after_one = await log_of(alice, room)
        second = await alices.ask(type_, room_id=room, **more | of_it)

    assert first.type == second.type != "error"
    assert second.data.get("changed", False) is False
    assert await log_of(alice, room) == after_one


async def test_an_edit_that_names_its_revision_is_made_once(
    alice: Person, room: str, message: Json
) -> None:
    edit = {"room_id": room, "message_id": message["id"], "content": "Better", "expected_rev": 1}

    async with alice.wire(room) as alices:
        first = await alices.ask("edit_message", **edit)
        second = await alices.ask("edit_message", **edit)

    assert first.data["rev"] == 2
    assert second.data["code"] == "conflict"


async def test_a_state_set_twice_is_set(alice: Person) -> None:
    async with alice.wire() as alices:
        first = await alices.ask("set_presence", state="dnd", status_text="Writing")
        second = await alices.ask("set_presence", state="dnd", status_text="Writing")

    assert first.type == second.type == "ack"


async def test_an_edit_over_http_with_its_key_is_made_once(
    alice: Person, room: str, message: Json
) -> None:
    path, key = f"/v1/messages/{message['id']}", {"idempotency-key": "edit-1"}

    first = await alice.call("PATCH", path, {"content": "Better"}, headers=key)
    second = await alice.call("PATCH", path, {"content": "Better"}, headers=key)

    assert first.status_code == second.status_code == 200
    assert second.json() == first.json()
    assert len((await alice.get(f"{path}/edits"))["items"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "body", "entries"),
    [
        ("DELETE", "/v1/messages/{message}", None, ["message_deleted"]),
        ("PUT", "/v1/messages/{message}/reactions/👍", None, ["reaction_added"]),
        ("DELETE", "/v1/messages/{message}/reactions/👍", None, []),
        ("PUT", "/v1/rooms/{room}/read", {"seq": 3}, []),
        ("POST", "/v1/rooms/{room}/join", None, []),
        ("PATCH", "/v1/rooms/{room}", {"topic": "All about it"}, ["room_updated"]),
        ("PUT", "/v1/rooms/{room}/members/{bob}", {"role": "admin"}, ["member_updated"]),
        ("PUT", "/v1/presence", {"state": "away"}, []),
    ],
)
async def test_a_change_over_http_may_be_repeated(
    alice: Person,
    bob: Person,
    room: str,
    message: Json,
    method: str,
    path: str,
    body: Json | None,
    entries: list[str],
) -> None:
    path = path.format(room=room, message=message["id"], bob=bob.id)
    before = await log_of(alice, room)

    first = await alice.call(method, path, body)
    second = await alice.call(method, path, body)

    assert first.is_success, first.text
    assert second.status_code == first.status_code
    log = await log_behind_everything(alice, room)
    assert [entry["type"] for entry in log[len(before) :]] == [*entries, "room_updated"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/v1/rooms/{room}/members/{bob}"),
        ("DELETE", "/v1/rooms/{room}"),
    ],
)
async def test_what_is_gone_is_not_found_the_second_time(
    alice: Person, bob: Person, room: str, method: str, path: str
) -> None:
    path = path.format(room=room, bob=bob.id)

    first = await alice.call(method, path)
    second = await alice.call(method, path)

    assert (first.status_code, second.status_code) == (204, 404)


async def test_a_room_made_twice_with_one_key_is_one_room(alice: Person) -> None:
    body, key = {"kind": "public", "title": "Kitchen"}, {"idempotency-key": "kitchen"}

    first = await alice.call("POST", "/v1/rooms", body, headers=key)
    second = await alice.call("POST", "/v1/rooms", body, headers=key)

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json()


async def test_the_room_of_two_people_is_one_whoever_asks(alice: Person, bob: Person) -> None:
    first = await alice.call("POST", "/v1/direct", {"user_ids": [bob.id]})
    second = await bob.call("POST", "/v1/direct", {"user_ids": [alice.id]})

    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json()["id"] == first.json()["id"]

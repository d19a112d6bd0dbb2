"""Nobody outside can say anything that the program chokes on, or that holds up their neighbours.

Raw bytes cannot be put on the bus from outside, so what is tried here is all that can: values at
and beyond the edges of what Postgres holds, through both doors. What is well-formed is obeyed or
refused by a rule; what is not is refused at the door; and nothing of it is ever our own mistake.
"""

import asyncio
from typing import Any, Final

import pytest

from hubbub_client.frames import Frame, Json
from tests.system.people import Person
from tests.system.wire import Wire

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

LAST_SEQ: Final = 2**53 - 1
NOBODY: Final = "00000000-0000-0000-0000-000000000000"
NEIGHBOURS_WAIT_S: Final = 5.0

ODD: Final = "\ufffe\uffff\U0010ffff\u202e\u2066'; DROP TABLE log; -- \\0 %00 {} $1"
"""Noncharacters, marks that turn text around, and what other languages take for theirs."""

FRAMES: Final[dict[str, tuple[str, Json]]] = {
    "odd text": ("send_message", {"client_msg_id": "odd", "content": ODD}),
    "text of widest characters": (
        "send_message",
        {"client_msg_id": "wide", "content": "\U0010ffff" * 4_000},
    ),
    "mentions of nobody": ("send_message", {"client_msg_id": "n", "content": f"<@{NOBODY}>" * 50}),
    "too many mentions": ("send_message", {"client_msg_id": "m", "content": f"<@{NOBODY}>" * 95}),
    "a reply to nothing": (
        "send_message",
        {"client_msg_id": "r", "content": "?", "reply_to": NOBODY, "thread_root": NOBODY},
    ),
    "an edit of nothing": (
        "edit_message",
        {"message_id": NOBODY, "content": ODD, "expected_rev": LAST_SEQ},
    ),
    "a deletion of nothing": ("delete_message", {"message_id": NOBODY}),
    "an odd emoji": ("add_reaction", {"message_id": NOBODY, "emoji": "\U0010ffff"}),
    "a read mark at the end of time": ("read", {"seq": LAST_SEQ}),
    "a cursor at the end of time": ("sync", {"after_seq": LAST_SEQ, "limit": 200}),
    "a read mark beyond any number": ("read", {"seq": 10**30}),
    "a cursor beyond any number": ("sync", {"after_seq": 2**63, "limit": 1}),
    "a revision beyond any number": (
        "edit_message",
        {"message_id": NOBODY, "content": "?", "expected_rev": 2**63},
    ),
}

REQUESTS: Final[dict[str, tuple[str, str, Any]]] = {
    "nul in a message": ("POST", "/v1/rooms/{room}/messages", {"content": "a\0b"}),
    "nul in a title": ("POST", "/v1/rooms", {"kind": "public", "title": "a\0b"}),
    "nul in a topic": ("PATCH", "/v1/rooms/{room}", {"topic": "a\0b"}),
    "nul in a name": ("PATCH", "/v1/me", {"name": "a\0b"}),
    "nul in an e-mail": ("POST", "/v1/auth/login", {"email": "a\0@b.c", "password": "a\0b"}),
    "nul in a path": ("GET", "/v1/rooms/%00/messages", None),
    "nul in an emoji": ("PUT", f"/v1/messages/{NOBODY}/reactions/%00", None),
    "nul in a cursor": ("GET", "/v1/rooms/{room}/messages?cursor=%00", None),
    "half a character in a path": ("PUT", f"/v1/messages/{NOBODY}/reactions/%ED%A0%80", None),
    "half a character in a query": ("GET", "/v1/rooms?cursor=%ED%A0%80", None),
    "a page before the end of all": (
        "GET",
        f"/v1/rooms/{{room}}/messages?before_seq={2**63}",
        None,
    ),
    "a page around nothing": ("GET", f"/v1/rooms/{{room}}/messages?around={10**30}", None),
    "entries after any number": ("GET", f"/v1/rooms/{{room}}/events?after_seq={2**64}", None),
    "a read mark beyond any number": ("PUT", "/v1/rooms/{room}/read", {"seq": 10**30}),
    "a number that is none": ("PUT", "/v1/rooms/{room}/read", {"seq": 1e300}),
    "a slow mode for ever": ("PATCH", "/v1/rooms/{room}", {"slow_mode_s": 2**31}),
    "a crowd of nobodies": ("POST", "/v1/rooms", {"kind": "group", "people": [NOBODY] * 1_000}),
}


async def say(wire: Wire, ref: str, text: str, room: str) -> None:
    await wire.tell("send_message", ref, room_id=room, client_msg_id=ref, content=text)


@pytest.mark.parametrize(("kind", "data"), FRAMES.values(), ids=FRAMES)
async def test_neighbours_of_an_odd_command_are_obeyed_at_once(
    alice: Person, bob: Person, room: str, kind: str, data: Json
) -> None:
    async with bob.wire() as bobs, alice.wire() as alices, asyncio.timeout(NEIGHBOURS_WAIT_S):
        await say(bobs, "before", "before", room)
        await bobs.tell(kind, "odd", room_id=room, **data)
        await say(bobs, "after", "after", room)
        await say(alices, "beside", "beside", room)
        odd = await bobs.answer("odd")
        others = [
            *(await bobs.answer("before"), await bobs.answer("after")),
            await alices.answer("beside"),
        ]

    assert [answer.type for answer in others] == ["ack"] * 3
    assert is_understood(odd)


def is_understood(answer: Frame) -> bool:
    """Say whether an answer is what was asked for, or a refusal that is not our own mistake."""
    return answer.type != "error" or not answer.data["retryable"]


async def test_odd_text_comes_back_as_it_was_written(alice: Person, room: str) -> None:
    message = await alice.write(room, ODD)

    [kept] = await alice.history(room)
    assert kept["content"] == message["content"] == ODD


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS.values(), ids=REQUESTS)
async def test_an_odd_request_is_the_one_who_asks_mistake(
    alice: Person, room: str, method: str, path: str, body: Any
) -> None:
    answer = await alice.call(method, path.replace("{room}", room), body)

    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["code"] != "internal"
    assert (await alice.write(room, "still here"))["seq"] > 0


@pytest.mark.parametrize("key", ["k" * 7_000, "a b", "';--", "%00"])
async def test_an_odd_key_makes_nothing_twice(alice: Person, room: str, key: str) -> None:
    path, headers = f"/v1/rooms/{room}/messages", {"Idempotency-Key": key}

    answers = [await alice.call("POST", path, {"content": "?"}, headers=headers) for _ in range(2)]

    assert {answer.status_code for answer in answers} <= {200, 201, 422, 431}
    assert len(await alice.history(room)) <= 1

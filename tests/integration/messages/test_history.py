"""Reading a room over HTTP: pages, cursors, single messages, entries of the log."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from libs.common.contracts.commands import AddReaction, DeleteMessage, EditMessage
from libs.common.contracts.ids import MessageId
from tests.integration.messages.around import ALICE, BOB, LOBBY
from tests.integration.messages.house import House

HISTORY = f"/v1/rooms/{LOBBY}/messages"
EVENTS = f"/v1/rooms/{LOBBY}/events"
PARTY, ROCKET = "\U0001f389", "\U0001f680"


async def read(client: httpx.AsyncClient, path: str = HISTORY, **params: Any) -> dict[str, Any]:
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def texts(page: dict[str, Any]) -> list[str]:
    return [item["content"] for item in page["items"]]


async def talk(house: House, count: int = 10) -> list[MessageId]:
    """Let Bob say 1, 2, 3 ... at seqs 3, 4, 5 ..."""
    await house.lobby()
    acks = [await house.post(BOB, str(number)) for number in range(1, count + 1)]
    return [MessageId(UUID(ack["message_id"])) for ack in acks]


async def test_the_newest_page_comes_first_and_is_oldest_first(house: House) -> None:
    await talk(house)
    alice = await house.client("Alice")

    newest = await read(alice, limit=4)
    older = await read(alice, limit=4, cursor=newest["next_cursor"])
    oldest = await read(alice, limit=4, cursor=older["next_cursor"])

    assert [texts(page) for page in (newest, older, oldest)] == [
        ["7", "8", "9", "10"], ["3", "4", "5", "6"], ["1", "2"]
    ]  # fmt: skip
    assert oldest["next_cursor"] is None


async def test_a_page_can_begin_before_after_or_around_a_seq(house: House) -> None:
    await talk(house)
    alice = await house.client("Alice")

    before = await read(alice, before_seq=5)
    after = await read(alice, after_seq=10, limit=1)
    more = await read(alice, cursor=after["next_cursor"])
    around = await read(alice, around=7, limit=4)
    at = await read(alice, around=7, limit=1)

    assert texts(before) == ["1", "2"]
    assert texts(after) == ["9"]
    assert texts(more) == ["10"]
    assert more["next_cursor"] is None
    assert texts(around) == ["4", "5", "6", "7"]
    assert texts(at) == ["5"]


async def test_pages_follow_each_other_while_people_write(house: House) -> None:
    await talk(house, count=5)
    alice = await house.client("Alice")
    newest = await read(alice, limit=2)

    await house.post(BOB, "6")
    older = await read(alice, limit=2, cursor=newest["next_cursor"])

    assert texts(newest) + texts(older) == ["4", "5", "2", "3"]


async def test_an_empty_room_has_an_empty_page(house: House) -> None:
    await house.lobby()

    page = await read(await house.client("Alice"))

    assert page == {"items": [], "next_cursor": None}


async def test_messages_are_shown_as_they_are_now(house: House) -> None:
    first, second, third = await talk(house, count=3)
    for person, payload in (
        (BOB, EditMessage(first, "one")),
        (BOB, DeleteMessage(second)),
        (ALICE, AddReaction(third, ROCKET)),
        (BOB, AddReaction(third, PARTY)),
        (BOB, AddReaction(third, ROCKET)),
    ):
        assert (await house.ask(person, payload))["type"] == "ack"

    page = await read(await house.client("Alice"))

    edited, deleted, liked = page["items"]
    assert (edited["content"], edited["rev"]) == ("one", 2)
    assert edited["edited_at"]
    assert (deleted["content"], deleted["reactions"]) == ("", [])
    assert deleted["deleted_at"]
    assert liked["reactions"] == [
        {"emoji": ROCKET, "count": 2, "mine": True},
        {"emoji": PARTY, "count": 1, "mine": False},
    ]
    assert liked["author"] == {"kind": "user", "id": str(BOB.id), "name": "Bob"}
    assert (liked["seq"], liked["room_id"], liked["format"]) == (5, str(LOBBY), "markdown")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "1e9"}, "limit"),
        ({"before_seq": -1}, "before_seq"),
        ({"after_seq": 2**53}, "after_seq"),
        ({"before_seq": 5, "around": 5}, "around"),
        ({"cursor": "x' OR 1=1 --"}, "cursor"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"page": 2}, "page"),
    ],
)
async def test_a_place_that_cannot_be_is_refused(
    house: House, params: dict[str, Any], field: str
) -> None:
    await house.lobby()
    alice = await house.client("Alice")

    answer = await alice.get(HISTORY, params=params)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["fields"]


async def test_a_cursor_of_another_list_is_refused(house: House) -> None:
    await talk(house, count=3)
    alice = await house.client("Alice")
    cursor = (await read(alice, limit=1))["next_cursor"]

    for path in (EVENTS, "/v1/rooms/00000000-0000-4000-8000-000000000000/messages"):
        answer = await alice.get(path, params={"cursor": cursor})
        assert (answer.status_code, answer.json()["fields"].keys()) == (422, {"cursor"})


async def test_one_message_and_its_past(house: House) -> None:
    [message_id] = await talk(house, count=1)
    for content in ("one", "eins", "un"):
        await house.ask(BOB, EditMessage(message_id, content))
    alice = await house.client("Alice")

    message = await read(alice, f"/v1/messages/{message_id}")
    first = await read(alice, f"/v1/messages/{message_id}/edits", limit=2)
    rest = await read(
        alice, f"/v1/messages/{message_id}/edits", limit=2, cursor=first["next_cursor"]
    )

    assert (message["message"]["content"], message["message"]["rev"]) == ("un", 4)
    assert [(one["rev"], one["content"]) for one in first["items"]] == [(1, "1"), (2, "one")]
    assert [(one["rev"], one["content"]) for one in rest["items"]] == [(3, "eins")]
    assert rest["next_cursor"] is None


async def test_the_log_is_shown_as_the_socket_shows_it(house: House) -> None:
    await talk(house, count=2)
    alice = await house.client("Alice")

    page = await read(alice, EVENTS, after_seq=1, limit=2)
    rest = await read(alice, EVENTS, cursor=page["next_cursor"])

    assert page["items"] + rest["items"] == house.heard.frames(LOBBY)[1:]
    assert (rest["next_cursor"], rest["head_seq"]) == (None, 4)
    assert rest["epoch"]


async def test_the_log_begins_at_one_place(house: House) -> None:
    await house.lobby()
    alice = await house.client("Alice")

    answer = await alice.get(EVENTS, params={"after_seq": 1, "cursor": "x"})

    assert (answer.status_code, answer.json()["fields"].keys()) == (422, {"after_seq"})


async def test_a_replay_of_an_untouched_message_is_the_very_same_bytes(house: House) -> None:
    await talk(house, count=1)
    alice = await house.client("Alice")

    answer = await alice.get(EVENTS, params={"after_seq": 2})

    assert house.heard.events[-1].frame in answer.content


async def test_a_replay_renders_the_present_state(house: House) -> None:
    first, second = await talk(house, count=2)
    await house.ask(BOB, EditMessage(first, "one"))
    await house.ask(BOB, EditMessage(second, "two, a secret"))
    await house.ask(BOB, DeleteMessage(second))

    page = await read(await house.client("Alice"), EVENTS, after_seq=2)

    assert [frame["seq"] for frame in page["items"]] == [3, 4, 5, 6, 7]
    one, two, edit_one, edit_two, deletion = (frame["data"] for frame in page["items"])
    assert (one["content"], one["rev"]) == ("one", 2)
    assert (two["content"], bool(two["deleted_at"])) == ("", True)
    assert edit_one["content"] == "one"
    assert (edit_two["content"], bool(edit_two["deleted_at"])) == ("", True)
    assert deletion["id"] == str(second)
    assert "secret" not in str(page)

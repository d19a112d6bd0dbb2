"""One's rooms as a list: what is in it, in which order, and that its pages fit together."""

from random import Random
from typing import Any

import pytest

from libs.common.contracts.commands import DeleteMessage, EditMessage, ProjectRoom
from libs.common.contracts.facts import BlockChanged
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.postgres import Database
from services.messages.store.blocks import BlockStore
from tests.integration.messages.around import ALICE, BOB, CELLAR, CHARLIE, LOBBY
from tests.integration.messages.house import House
from tests.integration.messages.ledger import PEOPLE, ROOMS, Ledger

STEPS = 60


@pytest.fixture
async def ledger(database: Database) -> Ledger:
    ledger = Ledger(database)
    await ledger.begin()
    return ledger


async def listed(house: House, name: str = "Alice", **query: Any) -> Any:
    answer = await (await house.client(name)).get("/v1/me/rooms", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def told_of_cellar(house: House, *, kind: RoomKind = RoomKind.PRIVATE) -> None:
    """Begin a room with Alice and Charlie."""
    await house.told_of_room(CELLAR, kind=kind, title="" if kind is RoomKind.DIRECT else "Cellar")
    await house.told_of_member(ALICE, room_id=CELLAR)
    await house.told_of_member(CHARLIE, room_id=CELLAR)


async def test_a_room_is_listed_with_all_that_a_list_shows(house: House) -> None:
    await house.lobby()
    first = await house.post(BOB, f"hello <@{ALICE.id}>")
    await house.post(ALICE, "hello yourself")

    found = await listed(house)

    assert found["next_cursor"] is None
    [room] = found["items"]
    last = room.pop("last_message")
    assert room.pop("last_at") == last["created_at"]
    assert last["author"] == {"kind": "user", "id": str(ALICE.id), "name": "Alice"}
    assert last["content"] == "hello yourself"
    assert room == {
        "room_id": str(LOBBY), "kind": "private", "state": "open", "title": "Lobby", "topic": "",
        "role": "owner", "unread": 1, "mentions": 1, "read_seq": 0, "head_seq": first["seq"] + 1,
        "people": None, "opens_at": None, "closes_at": None,
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_list_says_what_a_recount_from_the_beginning_does(
    ledger: Ledger, seed: int
) -> None:
    chance = Random(seed)

    for step in range(STEPS):
        await ledger.something(chance)
        person = PEOPLE[step % len(PEOPLE)]

        assert await ledger.listed(person) == ledger.recounted(person), (seed, step)


async def test_a_list_says_of_unread_messages_what_a_new_connection_hears(ledger: Ledger) -> None:
    chance = Random(4)
    for _ in range(STEPS):
        await ledger.something(chance)

    for person in PEOPLE:
        stood = await ledger.members.rooms_of([person.id], limit=100)
        found = await ledger.pages(person, limit=100)
        by_room = {one.place.room_id: one.standing for one in found}
        assert by_room == {one.room.id: one for one in stood if one.room}


@pytest.mark.parametrize("seed", [5, 6])
async def test_rooms_that_move_come_once_while_somebody_reads_on(ledger: Ledger, seed: int) -> None:
    chance = Random(seed)
    for _ in range(STEPS):
        await ledger.something(chance)
    place, seen = None, list[RoomId]()

    while page := await ledger.list.page(ALICE.id, piece="", after=place, limit=1):
        seen += [one.place.room_id for one in page]
        place = page[-1].place
        for _ in range(5):
            await ledger.something(chance)

    assert sorted(seen) == sorted(ROOMS)


async def test_a_room_moves_up_with_a_message_and_with_nothing_else(house: House) -> None:
    await house.lobby()
    await house.clock.advance(1)
    await told_of_cellar(house)
    await house.clock.advance(1)
    message = await house.post(BOB, "old")
    await house.clock.advance(1)
    await house.post(CHARLIE, "new", room_id=CELLAR)
    message_id = MessageId(message["message_id"])

    await house.clock.advance(1)
    await house.ask(BOB, EditMessage(message_id, "edited"))
    await house.told_of_member(CHARLIE)
    await house.told_of_room(title="Lobby of today")
    await house.ask(BOB, DeleteMessage(message_id))

    found = (await listed(house))["items"]
    assert [one["title"] for one in found] == ["Cellar", "Lobby of today"]
    assert found[1]["last_message"] is None


async def test_who_comes_has_the_room_on_top_and_nobody_else(house: House) -> None:
    await house.lobby()
    await house.clock.advance(1)
    await told_of_cellar(house)
    await house.clock.advance(1)
    await house.told_of_member(CHARLIE)

    assert [one["title"] for one in (await listed(house))["items"]] == ["Cellar", "Lobby"]
    assert [one["title"] for one in (await listed(house, "Charlie"))["items"]] == [
        "Lobby",
        "Cellar",
    ]


async def test_a_direct_room_names_its_people_and_is_found_by_them(house: House) -> None:
    await house.lobby()
    await told_of_cellar(house, kind=RoomKind.DIRECT)

    [room] = (await listed(house, q="CHARL"))["items"]

    assert [one["name"] for one in room["people"]] == ["Alice", "Charlie"]
    assert (await listed(house, q="alice"))["items"] == []
    assert [one["title"] for one in (await listed(house, q="lob"))["items"]] == ["Lobby"]


async def test_rooms_that_are_gone_or_left_are_not_listed(house: House) -> None:
    await house.lobby()
    await told_of_cellar(house)
    await house.told_of_member(BOB, None)
    await house.told_of_room(CELLAR, state=RoomState.DELETED)

    assert [one["title"] for one in (await listed(house))["items"]] == ["Lobby"]
    assert (await listed(house, "Bob"))["items"] == []


async def test_an_archived_room_is_out_of_the_list_until_it_is_back(house: House) -> None:
    await house.lobby()
    shown = []

    for version, is_archived in ((10, True), (11, None)):
        state = RoomState.CLOSED if is_archived else RoomState.OPEN
        told = ProjectRoom(
            version, RoomKind.PRIVATE, state, "Lobby", "", 0, is_archived=is_archived
        )
        await house.ask(ALICE, told)
        shown.append(len((await listed(house))["items"]))

    assert shown == [0, 1]


async def test_a_direct_room_is_hidden_from_who_blocked_the_other_and_only_from_them(
    house: House, database: Database
) -> None:
    await told_of_cellar(house, kind=RoomKind.DIRECT)
    shown = []

    for version, is_blocked in ((1, True), (2, False)):
        await BlockStore(database).learn(BlockChanged(ALICE.id, CHARLIE.id, is_blocked, version))
        shown += [len((await listed(house, name))["items"]) for name in ("Alice", "Charlie")]

    assert shown == [0, 1, 1, 1]


async def test_a_page_ends_with_a_cursor_until_the_last(house: House) -> None:
    await house.lobby()
    await house.clock.advance(1)
    await told_of_cellar(house)

    first = await listed(house, limit=1)
    second = await listed(house, limit=1, cursor=first["next_cursor"])

    assert [one["title"] for one in first["items"] + second["items"]] == ["Cellar", "Lobby"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    "query", [{"cursor": "bm90IG91cnM"}, {"limit": 0}, {"q": "x" * 101}, {"q": "\x00"}]
)
async def test_what_cannot_be_asked_is_refused(house: House, query: dict[str, Any]) -> None:
    answer = await (await house.client("Alice")).get("/v1/me/rooms", params=query)

    assert (answer.status_code, list(answer.json()["fields"])) == (422, list(query))


async def test_a_long_message_is_shown_by_its_beginning(house: House) -> None:
    await house.lobby()
    await house.post(BOB, "\N{DOG FACE}" * 300)

    [room] = (await listed(house))["items"]

    assert room["last_message"]["content"] == "\N{DOG FACE}" * 200


async def test_roles_are_those_that_one_has_now(house: House) -> None:
    await house.lobby()
    await house.told_of_member(BOB, RoomRole.ADMIN)

    [room] = (await listed(house, "Bob"))["items"]

    assert room["role"] == "admin"

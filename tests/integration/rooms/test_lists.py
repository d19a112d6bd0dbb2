"""Lists show everything that may be seen, once, and nothing else."""

from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.ids import RoomId
from services.rooms.core.cursors import MemberCursor, write_cursor
from tests.integration.rooms.house import House, Resident

Page = dict[str, Any]

WRONG_QUESTIONS = [
    ("limit", {"limit": "0"}),
    ("limit", {"limit": "101"}),
    ("limit", {"limit": "1e9"}),
    ("scope", {"scope": "everybody"}),
    ("q", {"q": "x" * 81}),
    ("cursor", {"cursor": "nonsense"}),
    ("cursor", {"cursor": "WyJtaW5lIl0"}),
    ("offset", {"offset": "3"}),
]

FOUND = {"BOOK": ["Bookworms", "Old books"], "old": ["Old books"], "%": ["100 %"], "_": []}


async def titles(resident: Resident, **params: Any) -> list[str]:
    page = await resident.sees("/v1/rooms", **params)
    return [room["title"] for room in page["items"]]


async def all_pages(resident: Resident, path: str, **params: Any) -> list[Page]:
    pages = [await resident.sees(path, **params)]
    while pages[-1]["next_cursor"]:
        pages.append(await resident.sees(path, **params, cursor=pages[-1]["next_cursor"]))
    return pages


async def test_mine_are_the_rooms_where_i_am(alice: Resident, bob: Resident) -> None:
    lobby = await alice.makes("Lobby")
    await alice.makes("Attic", kind="private")
    await bob.makes("Cellar")
    await bob.joins(lobby)

    assert await titles(alice) == ["Attic", "Lobby"]
    assert await titles(bob) == ["Cellar", "Lobby"]


async def test_public_rooms_are_shown_to_everybody_with_their_own_role(
    alice: Resident, charlie: Resident
) -> None:
    await alice.makes("Lobby")
    await charlie.makes("Cellar")

    page = await charlie.sees("/v1/rooms", scope="public")

    assert [(room["title"], room["role"]) for room in page["items"]] == [
        ("Cellar", "owner"),
        ("Lobby", None),
    ]


@pytest.mark.parametrize("scope", ["mine", "public"])
async def test_lists_never_show_a_private_room_to_an_outsider(
    alice: Resident, bob: Resident, charlie: Resident, olga: Resident, scope: str
) -> None:
    secret = await alice.makes("Secret", kind="private")
    await alice.gives(secret, bob, "member")
    await alice.writes_to(bob)
    deleted = await alice.makes("Deleted")
    await alice.client.delete(f"/v1/rooms/{deleted['id']}")

    for outsider in (charlie, olga):
        for q in ("", "sec", "del"):
            assert await titles(outsider, scope=scope, q=q) == []


async def test_who_was_put_out_sees_the_room_no_more(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Secret", kind="private")
    await alice.gives(room, bob, "member")

    await alice.client.delete(f"/v1/rooms/{room['id']}/members/{bob.id}")

    assert await titles(bob) == []
    assert (await bob.client.get(f"/v1/rooms/{room['id']}/members")).status_code == 404


async def test_a_search_finds_pieces_of_titles_and_knows_no_wildcards(
    alice: Resident, charlie: Resident
) -> None:
    for title in ("Bookworms", "Old books", "100 %"):
        await alice.makes(title)

    for q, found in FOUND.items():
        assert await titles(alice, q=q) == found
        assert await titles(charlie, q=q, scope="public") == found


@pytest.mark.parametrize("scope", ["mine", "public"])
async def test_pages_show_every_room_once(alice: Resident, scope: str) -> None:
    for number in range(5):
        await alice.makes(f"Room {number}")

    pages = await all_pages(alice, "/v1/rooms", scope=scope, limit=2)

    assert [[room["title"] for room in page["items"]] for page in pages] == [
        ["Room 0", "Room 1"],
        ["Room 2", "Room 3"],
        ["Room 4"],
    ]


async def test_the_last_page_says_so_even_when_it_is_full(alice: Resident) -> None:
    await alice.makes("Lobby")

    assert (await alice.sees("/v1/rooms", limit=1))["next_cursor"] is None


async def test_pages_show_every_member_once(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")
    names = {"Alice"}
    for number in range(4):
        resident = await house.resident(f"Resident{number}")
        await resident.joins(room)
        names.add(resident.name)

    pages = await all_pages(alice, f"/v1/rooms/{room['id']}/members", limit=2)

    shown = [member["person"]["name"] for page in pages for member in page["items"]]
    assert [len(page["items"]) for page in pages] == [2, 2, 1]
    assert (len(shown), set(shown)) == (5, names)


async def test_a_member_is_shown_with_role_and_time_and_nothing_private(alice: Resident) -> None:
    room = await alice.makes("Lobby")

    page = await alice.sees(f"/v1/rooms/{room['id']}/members")

    assert page["items"] == [
        {
            "person": {"kind": "user", "id": str(alice.id), "name": "Alice"},
            "role": "owner",
            "since": "2023-11-14T22:13:20.000Z",
            "is_muted": False,
            "muted_until": None,
        }
    ]


async def test_a_wrong_question_is_refused_by_name(alice: Resident) -> None:
    for field, params in WRONG_QUESTIONS:
        answer = await alice.client.get("/v1/rooms", params=params)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), params


async def test_a_cursor_is_good_for_its_own_list_only(alice: Resident) -> None:
    lobby, attic = await alice.makes("Lobby"), await alice.makes("Attic")
    mine = (await alice.sees("/v1/rooms", limit=1))["next_cursor"]
    members = write_cursor(MemberCursor(RoomId(UUID(lobby["id"]))))

    answers = [
        await alice.client.get(path, params=params)
        for path, params in (
            ("/v1/rooms", {"scope": "public", "cursor": mine}),
            ("/v1/rooms", {"cursor": members}),
            (f"/v1/rooms/{attic['id']}/members", {"cursor": members}),
            (f"/v1/rooms/{attic['id']}/members", {"cursor": mine}),
        )
    ]

    assert [list(answer.json()["fields"]) for answer in answers] == [["cursor"]] * 4

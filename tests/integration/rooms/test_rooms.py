"""Rooms are made, changed and deleted, and whoever asks for too much is refused by name."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from libs.common.contracts.people import SystemRole
from tests.integration.rooms.house import House, Resident, house_at

SPACE_OF = "SELECT space_id FROM room WHERE id = $1"
PUT_INTO_SPACE = "UPDATE room SET space_id = $2 WHERE id = $1"

EVIL = {
    "id": str(uuid4()),
    "owner_id": str(uuid4()),
    "role": "owner",
    "version": 7,
    "member_count": 7,
    "created_at": "2030-01-01T00:00:00Z",
    "deleted_at": None,
    "space_id": str(uuid4()),
    "direct_key": "x",
    "is_admin": True,
}

WRONG_WISHES: list[tuple[str, dict[str, Any]]] = [
    ("kind", {"kind": "direct"}),
    ("title", {"title": ""}),
    ("title", {"title": "   "}),
    ("title", {"title": "x" * 81}),
    ("title", {"title": "two\nlines"}),
    ("title", {"title": "\u202egnirts"}),
    ("title", {"title": "zero\u200bwidth"}),
    ("topic", {"topic": "x" * 251}),
    ("topic", {"topic": "bell\u0007"}),
    ("slow_mode_s", {"slow_mode_s": -1}),
    ("slow_mode_s", {"slow_mode_s": 21_601}),
    ("slow_mode_s", {"slow_mode_s": "5"}),
    ("password", {"password": "swordfish"}),
    ("purge_after_s", {"purge_after_s": 60}),
    ("password", {"kind": "guest", "password": "abc"}),
    ("purge_after_s", {"kind": "guest", "purge_after_s": 31_536_001}),
    ("max_members", {"max_members": 1}),
    ("opens_at", {"opens_at": "2023-11-14T22:13:20"}),
    ("opens_at", {"opens_at": "9999-12-31T23:59:59-12:00"}),
    ("closes_at", {"closes_at": "2023-11-14T22:13:20Z"}),
    ("closes_at", {"opens_at": "2024-01-02T00:00:00Z", "closes_at": "2024-01-01T00:00:00Z"}),
]

WRONG_CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("state", {"state": "scheduled"}),
    ("state", {"state": "deleted"}),
    ("kind", {"kind": "private"}),
    ("title", {"title": "x" * 81}),
    ("password", {"password": "swordfish"}),
    ("max_members", {"max_members": 1}),
    ("closes_at", {"opens_at": "2024-01-02T00:00:00Z", "closes_at": "2024-01-01T00:00:00Z"}),
]


async def test_a_room_stands_in_no_space_as_long_as_there_are_none(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Books")

    assert await house.database.fetchval(SPACE_OF, UUID(room["id"])) is None
    await house.database.execute(PUT_INTO_SPACE, UUID(room["id"]), uuid4())
    assert await alice.sees(f"/v1/rooms/{room['id']}") == room


async def test_who_makes_a_room_owns_it(alice: Resident) -> None:
    room = await alice.makes("Books", topic="What we read", slow_mode_s=5)

    assert (
        room.items()
        >= {
            "kind": "public",
            "state": "open",
            "title": "Books",
            "topic": "What we read",
            "slow_mode_s": 5,
            "member_count": 1,
            "role": "owner",
            "created_at": "2023-11-14T22:13:20.000Z",
        }.items()
    )
    assert await alice.sees(f"/v1/rooms/{room['id']}") == room


async def test_a_title_is_kept_composed_and_without_spare_blanks(alice: Resident) -> None:
    room = await alice.makes("  Cafe\u0301 \u2003 Central ")

    assert room["title"] == "Caf\u00e9 Central"


async def test_nobody_writes_what_the_server_decides(alice: Resident) -> None:
    room = await alice.makes("Books")

    for name, value in EVIL.items():
        wish = {"kind": "public", "title": "Mine", name: value}
        made = await alice.client.post("/v1/rooms", json=wish)
        changed = await alice.client.patch(f"/v1/rooms/{room['id']}", json={name: value})
        for answer in (made, changed):
            assert (answer.status_code, list(answer.json()["fields"])) == (422, [name])

    assert await alice.sees("/v1/rooms") == {"items": [room], "next_cursor": None}


async def test_a_wrong_wish_is_refused_by_name(alice: Resident) -> None:
    for field, wish in WRONG_WISHES:
        body = {"kind": "public", "title": "Books"} | wish

        answer = await alice.client.post("/v1/rooms", json=body)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), wish


async def test_a_wrong_change_is_refused_by_name(alice: Resident) -> None:
    room = await alice.makes("Books")

    for field, wish in WRONG_CHANGES:
        answer = await alice.client.patch(f"/v1/rooms/{room['id']}", json=wish)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), wish


async def test_a_change_leaves_what_it_does_not_name(house: House, alice: Resident) -> None:
    room = await alice.makes("Books", topic="What we read")
    await house.clock.advance(60)

    answer = await alice.client.patch(f"/v1/rooms/{room['id']}", json={"state": "read_only"})

    later = {"state": "read_only", "updated_at": "2023-11-14T22:14:20.000Z"}
    assert answer.json() == room | later


@pytest.mark.parametrize("kind", ["public", "private"])
async def test_a_title_is_unique_for_its_owner_whatever_the_case(
    alice: Resident, bob: Resident, kind: str
) -> None:
    await alice.makes("STRASSE")
    await bob.makes("strasse", kind=kind)

    again = await alice.client.post("/v1/rooms", json={"kind": kind, "title": "straße"})

    assert (again.status_code, again.json()["code"]) == (409, "title_taken")


async def test_a_room_cannot_be_renamed_to_another_of_its_owner(alice: Resident) -> None:
    await alice.makes("Books")
    films = await alice.makes("Films")

    answer = await alice.client.patch(f"/v1/rooms/{films['id']}", json={"title": "books"})

    assert (answer.status_code, answer.json()["code"]) == (409, "title_taken")
    assert (await alice.sees(f"/v1/rooms/{films['id']}"))["title"] == "Films"


async def test_a_title_may_change_its_case(alice: Resident) -> None:
    room = await alice.makes("books")

    answer = await alice.client.patch(f"/v1/rooms/{room['id']}", json={"title": "Books"})

    assert answer.json()["title"] == "Books"


async def test_a_deleted_room_frees_its_title(alice: Resident) -> None:
    room = await alice.makes("Books")
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    await alice.makes("Books")


async def test_nobody_owns_more_rooms_than_the_setting_allows(dsn: str) -> None:
    async with house_at(dsn, rooms_per_owner=2) as house:
        alice = await house.resident("Alice")
        first = await alice.makes("One")
        await alice.makes("Two")

        refused = await alice.client.post("/v1/rooms", json={"kind": "public", "title": "Three"})
        await alice.client.delete(f"/v1/rooms/{first['id']}")
        await alice.makes("Three")

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_rooms")


async def test_the_same_key_finds_the_room_that_it_made(alice: Resident) -> None:
    body = {"kind": "public", "title": "Books"}
    headers = {"Idempotency-Key": "again"}

    first = await alice.client.post("/v1/rooms", json=body, headers=headers)
    second = await alice.client.post("/v1/rooms", json=body, headers=headers)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


async def test_the_same_key_for_another_room_is_a_conflict(alice: Resident) -> None:
    headers = {"Idempotency-Key": "again"}
    body = {"kind": "public", "title": "Books"}
    await alice.client.post("/v1/rooms", json=body, headers=headers)

    answer = await alice.client.post("/v1/rooms", json=body | {"title": "Films"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")
    assert len((await alice.sees("/v1/rooms"))["items"]) == 1


async def test_a_key_is_its_persons_own(alice: Resident, bob: Resident) -> None:
    body = {"kind": "public", "title": "Books"}
    headers = {"Idempotency-Key": "again"}

    answers = [
        await person.client.post("/v1/rooms", json=body, headers=headers) for person in (alice, bob)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


async def test_a_key_does_not_bring_a_deleted_room_back(alice: Resident) -> None:
    body = {"kind": "public", "title": "Books"}
    headers = {"Idempotency-Key": "again"}
    first = await alice.client.post("/v1/rooms", json=body, headers=headers)
    await alice.client.delete(f"/v1/rooms/{first.json()['id']}")

    second = await alice.client.post("/v1/rooms", json=body, headers=headers)

    assert second.status_code == 404


async def test_permissions_name_what_is_allowed_from_outside(
    alice: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Books")

    found = await charlie.sees(f"/v1/rooms/{room['id']}/permissions")

    assert found == {"role": None, "allowed": ["see", "read", "join"], "explained": None}


async def test_an_explanation_names_the_rule_and_the_role_it_takes(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Books")
    sam = await house.resident("Sam", system_role=SystemRole.ADMIN)

    found = await sam.sees(f"/v1/rooms/{room['id']}/permissions", explain="1")

    assert found["role"] == "admin"
    by_action = {one.pop("action"): one for one in found["explained"]}
    assert by_action["delete_room"] == {
        "is_allowed": False,
        "rule": "role_too_low",
        "because": "This needs a higher role in the room.",
        "needed": "owner",
    }
    assert by_action["change_room"]["is_allowed"]


async def test_an_explanation_names_what_binds_somebody(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Books")
    await bob.joins(room)
    await alice.client.put(f"/v1/rooms/{room['id']}/mutes/{bob.id}", json={})
    direct = (await bob.writes_to(alice)).json()
    await alice.client.put(f"/v1/blocks/{bob.id}")

    muted = await bob.sees(f"/v1/rooms/{room['id']}/permissions", explain=1)
    blocked = await bob.sees(f"/v1/rooms/{direct['id']}/permissions", explain=1)

    assert [rules(one)["post"] for one in (muted, blocked)] == ["muted", "blocked"]
    assert rules(muted)["report"] == "role"
    assert {rules(muted)[one] for one in ("moderate", "see_changes", "archive")} == {"role_too_low"}


def rules(permissions: dict[str, Any]) -> dict[str, str]:
    """Return the rule that decided each action."""
    return {one["action"]: one["rule"] for one in permissions["explained"]}

"""Lists of members: owners first, then by name, searched by how a name begins, in pages."""

from typing import Any

import asyncpg

from services.rooms.store.members import PAGE
from tests.integration.rooms.house import House, Resident

THOUSANDS = 10_000

FILL_PEOPLE = """
    INSERT INTO person (id, kind, name, system_role, is_disabled, version)
    SELECT gen_random_uuid(), 'user', 'Person ' || lpad(number::text, 5, '0'), 'member', false, 1
    FROM generate_series(1, $1::integer) AS number
"""

FILL_ROOM = """
    INSERT INTO member (room_id, person_id, name, name_key, role, since)
    SELECT $1, id, name, lower(name),
        CASE WHEN name < 'Person 00010' THEN 'admin' ELSE 'member' END, now()
    FROM person WHERE name LIKE 'Person %'
"""

ANALYZE = "ANALYZE"


async def names(who: Resident, room: dict[str, Any], **params: Any) -> list[str]:
    found = await who.sees(f"/v1/rooms/{room['id']}/members", **params)
    return [one["person"]["name"] for one in found["items"]]


async def lobby(house: House, alice: Resident) -> dict[str, Any]:
    """Return a room with members of every role, who came in the wrong order."""
    room = await alice.makes("Lobby")
    for name, role in {
        "zoe": "admin",
        "Arne": "member",
        "bob": "member",
        "Bea": "owner",
        "Carl": "admin",
    }.items():
        resident = await house.resident(name)
        if name == "Arne":
            card = house.auth.cards[resident.id].model_copy(update={"name": "Ärne"})
            house.auth.cards[resident.id] = card
        await resident.joins(room)
        await alice.gives(room, resident, role)
    return room


async def test_owners_come_first_and_then_the_others_by_name(house: House, alice: Resident) -> None:
    room = await lobby(house, alice)

    assert await names(alice, room) == ["Alice", "Bea", "Carl", "zoe", "bob", "Ärne"]


async def test_names_are_searched_by_how_they_begin_whatever_the_case(
    house: House, alice: Resident
) -> None:
    room = await lobby(house, alice)

    found = {piece: await names(alice, room, q=piece) for piece in ("B", "är", "lice", "%", "")}

    assert found["B"] == ["Bea", "bob"]
    assert found["är"] == ["Ärne"]
    assert (found["lice"], found["%"], len(found[""])) == ([], [], 6)


async def test_members_are_filtered_by_role(house: House, alice: Resident) -> None:
    room = await lobby(house, alice)

    assert await names(alice, room, role="admin") == ["Carl", "zoe"]
    assert await names(alice, room, role="member", q="b") == ["bob"]
    assert await names(alice, room, role="guest") == []


async def test_pages_go_on_where_they_ended_even_if_somebody_left(
    house: House, alice: Resident
) -> None:
    room = await lobby(house, alice)
    path = f"/v1/rooms/{room['id']}/members"
    first = await alice.sees(path, limit=3)
    carl = first["items"][2]["person"]
    await alice.client.delete(f"{path}/{carl['id']}")

    rest = await alice.sees(path, limit=3, cursor=first["next_cursor"])

    shown = [one["person"]["name"] for page in (first, rest) for one in page["items"]]
    assert shown == ["Alice", "Bea", "Carl", "zoe", "bob", "Ärne"]
    assert rest["next_cursor"] is None


async def test_a_new_name_is_found_and_the_old_is_not(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await house.database.execute(
        "UPDATE member SET name = 'Rob', name_key = NULL WHERE person_id = $1", bob.id
    )

    assert (await names(alice, room, q="bob"), await names(alice, room, q="ROB")) == ([], ["Bob"])


async def test_a_page_of_ten_thousand_members_is_read_from_the_index(
    dsn: str, house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("SET search_path = rooms")
        await connection.execute("SET ROLE NONE")
        await connection.execute(FILL_PEOPLE, THOUSANDS)
        await connection.execute(FILL_ROOM, room["id"])
        await connection.execute(ANALYZE)
        plans = [
            "\n".join(
                row[0]
                for row in await connection.fetch(
                    f"EXPLAIN {PAGE}", room["id"], place, key, alice.id, *roles, piece, 51
                )
            )
            for place, key, roles, piece in (
                (-1, "", (0, 3), ""),
                (2, "person 05000", (0, 3), ""),
                (-1, "", (0, 3), "person 09"),
                (-1, "", (1, 1), ""),
            )
        ]
    finally:
        await connection.close()

    assert all("member_in_order" in plan and "Seq Scan" not in plan for plan in plans), plans
    assert await names(alice, room, q="PERSON 0999", role="member", limit=2) == [
        "Person 09990",
        "Person 09991",
    ]

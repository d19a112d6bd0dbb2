"""Bans keep people out, whether or not they were in, until they end."""

from uuid import uuid4

import pytest

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.people import SystemRole
from libs.common.contracts.rooms import Departure
from tests.integration.rooms.house import House, Resident
from tests.integration.rooms.moderating import HOUR_S, bans, listed, unbans


async def test_who_is_banned_from_a_public_room_is_out_and_stays_out(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)

    banned = await bans(alice, room, bob, reason="Shouting")

    assert banned.json() == {
        "person": {"kind": "user", "id": str(bob.id), "name": "Bob"},
        "until": None,
        "reason": "Shouting",
        "made_by": {"kind": "user", "id": str(alice.id), "name": "Alice"},
        "at": banned.json()["at"],
    }
    path = f"/v1/rooms/{room['id']}"
    answers = [await bob.joins(room), await bob.client.get(path), await bob.leaves(room)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert (await bob.sees("/v1/rooms", scope="public"))["items"] == []
    assert (await alice.sees(path))["member_count"] == 1


async def test_who_is_banned_from_a_private_room_knows_of_it_no_more(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "member")

    await bans(alice, room, bob)

    assert (await bob.client.get(f"/v1/rooms/{room['id']}")).status_code == 404


async def test_the_log_hears_who_was_banned_and_until_when(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    until = house.clock.now() + HOUR_S

    await bans(alice, room, bob, until=until)
    await bans(alice, room, charlie)
    await unbans(alice, room, charlie)
    told = [one for one in await house.told(room, 6) if isinstance(one, ProjectMember)][2:]

    assert [(one.person.name, one.role, one.departure, one.banned_until) for one in told] == [
        ("Bob", None, Departure.BANNED, pytest.approx(until, abs=1e-3)),
        ("Charlie", None, Departure.BANNED, None),
        ("Charlie", None, None, None),
    ]


async def test_a_ban_ends_by_itself(house: House, alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bans(alice, room, bob, until=house.clock.now() + HOUR_S)

    await house.clock.advance(HOUR_S - 1)
    before = await bob.joins(room)
    await house.clock.advance(1)
    seen = await bob.client.get(f"/v1/rooms/{room['id']}")
    after = await bob.joins(room)

    assert [answer.status_code for answer in (before, seen, after)] == [403, 200, 200]
    assert await listed(alice, room, "bans") == []


async def test_somebody_may_be_banned_before_ever_coming_in(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")

    assert (await bans(alice, room, bob)).status_code == 200

    assert (await bob.joins(room)).status_code == 403


async def test_a_ban_that_is_taken_back_lets_come_in_and_brings_nobody_back(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await bans(alice, room, bob)

    answers = [await unbans(alice, room, bob) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 204]
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["member_count"] == 1
    assert (await bob.joins(room)).status_code == 200


async def test_a_ban_is_changed_by_another_ban(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bans(alice, room, bob, reason="For ever")
    await bans(alice, room, bob, until=house.clock.now() + HOUR_S, reason="For a while")

    (ban,) = (await alice.sees(f"/v1/rooms/{room['id']}/bans"))["items"]

    assert (ban["reason"], ban["until"] is None) == ("For a while", False)


async def test_an_owner_is_banned_by_nobody_of_the_room(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    for one, role in ((bob, "owner"), (charlie, "admin")):
        await one.joins(room)
        await alice.gives(room, one, role)

    answers = [
        await bans(bob, room, alice),
        await bans(charlie, room, alice),
        await bans(alice, room, alice),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_the_last_owner_is_banned_by_nobody_at_all(alice: Resident, olga: Resident) -> None:
    room = await alice.makes("Lobby")

    answer = await bans(olga, room, alice)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert await listed(alice, room, "bans") == []


async def test_a_ban_does_not_keep_out_who_looks_after_the_system(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    otto = await house.resident("Otto", system_role=SystemRole.ADMIN)
    await otto.joins(room)

    await bans(alice, room, otto)
    back = await otto.joins(room)
    await unbans(alice, room, otto)

    assert back.status_code == 200
    assert (await otto.sees(f"/v1/rooms/{room['id']}"))["role"] == "member"
    told = [one for one in await house.told(room, 6) if isinstance(one, ProjectMember)]
    assert told[-1].role == "member"


async def test_members_and_outsiders_ban_nobody_and_see_no_bans(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room, attic = await alice.makes("Lobby"), await alice.makes("Attic", kind="private")
    await bob.joins(room)

    answers = [
        await bans(bob, room, charlie),
        await bob.client.get(f"/v1/rooms/{room['id']}/bans"),
        await bans(charlie, room, bob),
        await charlie.client.get(f"/v1/rooms/{room['id']}/bans"),
        await bans(charlie, attic, bob),
        await unbans(charlie, attic, bob),
        await charlie.client.get(f"/v1/rooms/{attic['id']}/bans"),
    ]

    codes = [answer.json()["code"] for answer in answers]
    assert codes == ["forbidden", "forbidden", *["not_member"] * 2, *["not_found"] * 3]


async def test_nobody_is_banned_from_a_direct_room(alice: Resident, bob: Resident) -> None:
    room = (await alice.writes_to(bob)).json()

    assert (await bans(alice, room, bob)).status_code == 403


async def test_who_does_not_exist_is_not_banned(alice: Resident) -> None:
    room = await alice.makes("Lobby")
    path = f"/v1/rooms/{room['id']}/bans/{uuid4()}"

    assert (await alice.client.put(path, json={})).status_code == 404
    assert (await alice.client.delete(path)).status_code == 204


async def test_who_is_banned_is_not_brought_back_by_the_way(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    await bans(alice, room, bob)

    refused = await alice.gives(room, bob, "member")
    await unbans(alice, room, bob)

    assert (refused.status_code, refused.json()["code"]) == (403, "banned")
    assert (await alice.gives(room, bob, "member")).status_code == 200


async def test_bans_are_listed_in_pages(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")
    for number in range(3):
        await bans(alice, room, await house.resident(f"Resident{number}"))
    path = f"/v1/rooms/{room['id']}/bans"

    first = await alice.sees(path, limit=2)
    rest = await alice.sees(path, limit=2, cursor=first["next_cursor"])
    foreign = await alice.client.get(
        f"/v1/rooms/{room['id']}/mutes", params={"cursor": first["next_cursor"]}
    )

    assert [len(page["items"]) for page in (first, rest)] == [2, 1]
    assert (rest["next_cursor"], foreign.status_code) == (None, 422)


async def test_bans_stand_in_the_history_of_the_room(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await bans(alice, room, bob, reason="Shouting")
    await unbans(alice, room, bob)

    changes = (await alice.sees(f"/v1/rooms/{room['id']}/changes"))["items"]

    assert [(one["kind"], one["details"]) for one in changes[:2]] == [
        ("member.unbanned", {}),
        ("member.banned", {"until": None}),
    ]
    assert [one["subject"]["name"] for one in changes[:2]] == ["Bob", "Bob"]


async def test_a_ban_is_an_end_in_the_future_and_a_reason_that_can_be_read(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    wrong = {
        "until": {"until": "2001-01-01T00:00:00Z"},
        "reason": {"reason": "a" * 251},
        "made_by": {"made_by": str(bob.id)},
    }

    for field, body in wrong.items():
        answer = await alice.client.put(f"/v1/rooms/{room['id']}/bans/{bob.id}", json=body)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), body
    unreadable = await bans(alice, room, bob, reason="a\u202eb")
    assert list(unreadable.json()["fields"]) == ["reason"]

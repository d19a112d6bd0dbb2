"""Who is muted reads and does not write; the log is told until when."""

from math import inf
from typing import Any

import pytest

from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.people import SystemRole
from libs.common.times import rfc3339
from tests.integration.rooms.house import House, Resident
from tests.integration.rooms.moderating import HOUR_S, bans, listed, mutes, unmutes


async def test_a_mute_is_told_to_the_log_with_its_end(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    until = house.clock.now() + HOUR_S

    await mutes(alice, room, bob, until=until)
    await mutes(alice, room, bob)
    await unmutes(alice, room, bob)
    told = [one for one in await house.told(room, 6) if isinstance(one, ProjectMember)][2:]

    assert [one.muted_until for one in told] == [pytest.approx(until, abs=1e-3), inf, None]
    assert {(one.person.name, one.role) for one in told} == {("Bob", "member")}


async def test_a_mute_outlives_the_membership(house: House, alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await mutes(alice, room, bob)

    await bob.leaves(room)
    await bob.joins(room)
    told = [one for one in await house.told(room, 6) if isinstance(one, ProjectMember)]

    assert [one.muted_until for one in told[2:]] == [inf, None, inf]
    allowed = (await bob.sees(f"/v1/rooms/{room['id']}/permissions"))["allowed"]
    assert "read" in allowed
    assert "post" not in allowed


async def test_a_mute_ends_by_itself(house: House, alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    path = f"/v1/rooms/{room['id']}/permissions"
    await mutes(alice, room, bob, until=house.clock.now() + HOUR_S)

    before = (await bob.sees(path))["allowed"]
    await house.clock.advance(HOUR_S)
    after = (await bob.sees(path))["allowed"]

    assert ("post" in before, "post" in after) == (False, True)
    assert await listed(alice, room, "mutes") == []


async def test_a_mute_is_kept_while_the_role_and_the_name_change(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await mutes(alice, room, bob)

    await alice.gives(room, bob, "admin")
    told = [one for one in await house.told(room, 5) if isinstance(one, ProjectMember)]

    assert (told[-1].role, told[-1].muted_until) == ("admin", inf)


async def test_only_members_are_muted_and_only_by_those_above_them(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)

    answers = [
        await mutes(alice, room, charlie),
        await mutes(bob, room, alice),
        await mutes(charlie, room, bob),
        await mutes(alice, room, alice),
        await bob.client.get(f"/v1/rooms/{room['id']}/mutes"),
    ]

    assert [answer.json()["code"] for answer in answers] == [
        "not_found",
        "forbidden",
        "not_member",
        "forbidden",
        "forbidden",
    ]


async def test_nobody_is_muted_in_a_direct_room(alice: Resident, bob: Resident) -> None:
    room = (await alice.writes_to(bob)).json()

    assert (await mutes(alice, room, bob)).status_code == 403


async def test_an_admin_does_not_take_back_what_binds_another_admin(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    for one in (bob, charlie):
        await one.joins(room)
        await alice.gives(room, one, "admin")
    await mutes(alice, room, bob)

    answers = [await unmutes(charlie, room, bob), await unmutes(bob, room, bob)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert await listed(alice, room, "mutes") == ["Bob"]


async def test_a_mute_is_taken_back_from_who_has_left(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await mutes(alice, room, bob, reason="Shouting")
    await bob.leaves(room)

    listed_before = await listed(alice, room, "mutes")
    taken_back = [(await unmutes(alice, room, bob)).status_code for _ in range(2)]
    await bob.joins(room)

    assert (listed_before, taken_back) == (["Bob"], [204, 204])
    assert "post" in (await bob.sees(f"/v1/rooms/{room['id']}/permissions"))["allowed"]


async def test_a_ban_does_not_end_a_mute(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await mutes(alice, room, bob)

    await bans(alice, room, bob)

    assert await listed(alice, room, "mutes") == ["Bob"]
    kinds = [one["kind"] for one in (await alice.sees(f"/v1/rooms/{room['id']}/changes"))["items"]]
    assert kinds[:2] == ["member.banned", "member.muted"]


async def test_whoever_is_muted_sees_it_with_the_room_until_it_ends(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    path, until = f"/v1/rooms/{room['id']}", house.clock.now() + HOUR_S
    await mutes(alice, room, bob, until=until)

    seen = [await bob.sees(path), await alice.sees(path)]
    await house.clock.advance(HOUR_S)
    seen.append(await bob.sees(path))
    await mutes(alice, room, bob)
    seen.append(await bob.sees(path))

    assert [(one["is_muted"], one["muted_until"]) for one in seen] == [
        (True, rfc3339(until)),
        (False, None),
        (False, None),
        (True, None),
    ]


async def test_who_comes_back_muted_sees_it_at_once(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await mutes(alice, room, bob)
    await bob.leaves(room)

    joined = (await bob.joins(room)).json()

    assert (joined["is_muted"], joined["muted_until"]) == (True, None)


async def test_a_mute_that_does_not_bind_is_not_shown_to_who_looks_after_the_system(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    warden = await house.resident("Warden", system_role=SystemRole.ADMIN)
    await warden.joins(room)

    answer = await mutes(alice, room, warden)

    assert answer.status_code == 200
    assert (await warden.sees(f"/v1/rooms/{room['id']}"))["is_muted"] is False
    assert "post" in (await warden.sees(f"/v1/rooms/{room['id']}/permissions"))["allowed"]


async def test_who_may_mute_sees_in_the_list_of_members_who_is_and_nobody_else_does(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Lobby")
    for one in (bob, charlie):
        await one.joins(room)
    until = house.clock.now() + HOUR_S
    await mutes(alice, room, bob, until=until)

    before = [await muted_in(who, room) for who in (alice, bob)]
    await house.clock.advance(HOUR_S)

    assert before == [
        {"Alice": (False, None), "Bob": (True, rfc3339(until)), "Charlie": (False, None)},
        dict.fromkeys(("Alice", "Bob", "Charlie"), (None, None)),
    ]
    assert (await muted_in(alice, room))["Bob"] == (False, None)


async def muted_in(
    who: Resident, room: dict[str, Any]
) -> dict[str, tuple[bool | None, str | None]]:
    """Return what somebody sees of each member's mute."""
    found = await who.sees(f"/v1/rooms/{room['id']}/members")
    return {one["person"]["name"]: (one["is_muted"], one["muted_until"]) for one in found["items"]}

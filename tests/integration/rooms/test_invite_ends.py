"""When invitations are good no more: used up, revoked, over, or stronger things against them."""

import pytest

from tests.integration.rooms.house import House, Resident, house_at
from tests.integration.rooms.inviting import accepts, invites, listed, looks_at, revokes
from tests.integration.rooms.moderating import bans, unbans


async def test_who_used_it_for_the_last_time_may_ask_again(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room, max_uses=1)

    answers = [await accepts(one, invite) for one in (bob, bob, charlie)]

    assert [answer.status_code for answer in answers] == [200, 200, 404]
    assert (await looks_at(charlie, invite)).status_code == 404
    assert await listed(alice, room) == []


async def test_an_invitation_expires(house: House, alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room, expires_in_s=60)

    await house.clock.advance(59.9)
    before = await looks_at(bob, invite)
    await house.clock.advance(0.1)
    after = [await looks_at(bob, invite), await accepts(bob, invite)]

    assert before.status_code == 200
    assert [answer.json()["code"] for answer in after] == ["not_found", "not_found"]


@pytest.mark.parametrize("name", ["code", "id"])
async def test_a_revoked_invitation_is_as_one_that_never_was(
    alice: Resident, bob: Resident, name: str
) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)

    revoked = [await revokes(alice, invite[name]) for _ in range(2)]
    answers = [await accepts(bob, invite), await accepts(bob, {"code": "never"})]

    assert [answer.status_code for answer in revoked] == [204, 204]
    assert answers[0].json() == answers[1].json()
    kinds = [one["kind"] for one in (await alice.sees(f"/v1/rooms/{room['id']}/changes"))["items"]]
    assert kinds == ["invite.revoked", "invite.made", "room.created"]


async def test_an_invitation_lends_the_right_of_who_made_it_and_ends_with_it(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "owner")
    as_admin, as_member = await invites(bob, room, role="admin"), await invites(bob, room)

    found = {}
    for role in ("admin", "member"):
        await bob.gives(room, bob, role)
        found[role] = [
            (await looks_at(charlie, as_admin)).status_code,
            (await accepts(charlie, as_admin)).status_code,
            (await looks_at(charlie, as_member)).status_code,
            len(await listed(alice, room)),
        ]

    assert found == {"admin": [404, 404, 200, 1], "member": [404, 404, 404, 0]}


@pytest.mark.parametrize("way", ["leaves", "is_banned", "is_shut_out"])
async def test_an_invitation_is_not_good_once_its_maker_is_gone(
    house: House, alice: Resident, bob: Resident, charlie: Resident, way: str
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "admin")
    invite = await invites(bob, room)

    if way == "leaves":
        await bob.leaves(room)
    elif way == "is_banned":
        await bans(alice, room, bob)
    else:
        await _is_shut_out(house, bob)

    assert (await accepts(charlie, invite)).status_code == 404


async def _is_shut_out(house: House, resident: Resident) -> None:
    """Let rooms know that somebody was disabled."""
    await house.database.execute("UPDATE person SET is_disabled = true WHERE id = $1", resident.id)


async def test_a_ban_is_stronger_than_an_invitation(
    house: House, alice: Resident, bob: Resident
) -> None:
    attic, lobby = await alice.makes("Attic", kind="private"), await alice.makes("Lobby")
    both = [await invites(alice, room) for room in (attic, lobby)]
    for room in (attic, lobby):
        await bans(alice, room, bob)

    answers = [await ask(bob, invite) for invite in both for ask in (looks_at, accepts)]
    for room in (attic, lobby):
        await unbans(alice, room, bob)
    later = [await accepts(bob, invite) for invite in both]

    refusals = {(answer.status_code, answer.json()["code"]) for answer in answers}
    assert refusals == {(403, "banned")}
    assert [answer.status_code for answer in later] == [200, 200]


async def test_a_ban_ends_the_invitations_of_nobody_else(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)
    await bans(alice, room, bob)

    assert (await accepts(charlie, invite)).status_code == 200


async def test_a_full_room_and_a_room_that_is_gone_take_nobody_in_by_invitation(dsn: str) -> None:
    async with house_at(dsn, members_per_room=2) as house:
        alice, bob, charlie = [await house.resident(name) for name in ("Alice", "Bob", "Charlie")]
        room = await alice.makes("Attic", kind="private")
        invite = await invites(alice, room, max_uses=2)
        await accepts(bob, invite)

        full = await accepts(charlie, invite)
        uses = (await listed(alice, room))[0]["uses"]
        await alice.client.delete(f"/v1/rooms/{room['id']}")
        gone = [await accepts(charlie, invite), await looks_at(charlie, invite)]

    assert (full.status_code, full.json()["code"], uses) == (409, "room_full", 1)
    assert [answer.status_code for answer in gone] == [404, 404]


async def test_a_closed_room_takes_nobody_in_by_invitation(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)
    await alice.client.patch(f"/v1/rooms/{room['id']}", json={"state": "closed"})

    answer = await accepts(bob, invite)

    assert (answer.status_code, answer.json()["code"]) == (403, "room_not_open")

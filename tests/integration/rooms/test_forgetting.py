"""What binds people and whom they invited is theirs to take away, and goes when they are erased."""

from typing import Any

from services.rooms.consumers.purge import Purge
from services.rooms.settings import RoomsSettings
from services.rooms.store.purging import PurgingStore
from services.rooms.store.writing import Writing
from tests.integration.rooms.house import House, Resident
from tests.integration.rooms.inviting import invites, revokes
from tests.integration.rooms.moderating import HOUR_S, bans, mutes
from tests.integration.rooms.test_erasing import AUTH, erase

COUNTS = """
    SELECT (SELECT count(*) FROM invite) AS invites, (SELECT count(*) FROM ban) AS bans,
        (SELECT count(*) FROM mute) AS mutes, (SELECT count(*) FROM block) AS blocks
"""

SETTINGS = RoomsSettings()


async def lived(house: House, alice: Resident, bob: Resident) -> dict[str, Any]:
    """Let Bob block, invite, ban and mute, and have all that done to him but an invitation."""
    room, other = await alice.makes("Lobby"), await bob.makes("Attic", kind="private")
    charlie = await house.resident("Charlie")
    await bob.joins(room)
    await bob.gives(other, alice, "member")
    await bob.client.put(f"/v1/blocks/{alice.id}")
    await charlie.client.put(f"/v1/blocks/{bob.id}")
    await invites(bob, other, max_uses=3)
    for who, where, whom in ((alice, room, bob), (bob, other, alice)):
        await mutes(who, where, whom, reason="Words of a moderator")
        await bans(who, where, whom, reason="Words of a moderator")
    return room


async def counted(house: House) -> dict[str, int]:
    row = await house.database.fetchrow(COUNTS)
    assert row is not None
    return dict(row)


async def test_nothing_that_names_an_erased_person_is_left(
    house: House, alice: Resident, bob: Resident
) -> None:
    await lived(house, alice, bob)
    assert await counted(house) == {"invites": 1, "bans": 2, "mutes": 2, "blocks": 2}

    await erase(house, bob)

    # What he did to others stays, without his name and his words.
    assert await counted(house) == {"invites": 0, "bans": 1, "mutes": 1, "blocks": 0}
    left = await house.database.fetch(
        "SELECT person_id, made_by, reason FROM ban "
        "UNION ALL SELECT person_id, made_by, reason FROM mute"
    )
    assert [tuple(row) for row in left] == [(alice.id, None, "")] * 2


async def test_a_copy_holds_what_one_did_and_what_binds_one(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await lived(house, alice, bob)
    auth = await house.another_service(AUTH)

    answer = await auth.post("/internal/exports", json={"person_id": str(bob.id)})
    parts = {part["name"]: part["items"] for part in answer.json()["parts"]}

    assert list(parts)[:5] == ["rooms", "room-invitations", "blocks", "bans", "mutes"]
    assert (parts["room-invitations"][0]["max_uses"], parts["room-invitations"][0]["uses"]) == (
        3,
        0,
    )
    assert [one["person_id"] for one in parts["blocks"]] == [str(alice.id)]
    assert [one["room_id"] for one in parts["bans"]] == [room["id"]]
    assert parts["mutes"][0]["reason"] == "Words of a moderator"
    assert parts["mutes"][0]["until"] is None
    assert "Alice" not in answer.text


async def test_a_copy_goes_on_in_whatever_part_it_stopped(house: House, alice: Resident) -> None:
    await house.database.execute(
        "INSERT INTO person SELECT gen_random_uuid(), 'user', 'Somebody', 'member', false, 1 "
        "FROM generate_series(1, 201)"
    )
    room = await alice.makes("Lobby")
    await alice.client.put(f"/v1/blocks/{(await house.resident('Bob')).id}")
    await house.database.execute(
        "INSERT INTO block SELECT $1, id, now() FROM person WHERE name = 'Somebody'", alice.id
    )
    auth = await house.another_service(AUTH)

    pages: list[dict[str, Any]] = []
    while not pages or pages[-1]["next_cursor"]:
        body = {"person_id": str(alice.id), "cursor": pages[-1]["next_cursor"] if pages else None}
        pages.append((await auth.post("/internal/exports", json=body)).json())
    foreign = await auth.post(
        "/internal/exports", json={"person_id": str(alice.id), "cursor": "of-another-list"}
    )

    counts = [[(part["name"], len(part["items"])) for part in page["parts"]] for page in pages]
    assert counts[0] == [("rooms", 1), ("blocks", 200)]
    assert counts[1][0] == ("blocks", 2)
    assert pages[0]["parts"][0]["items"][0]["room_id"] == room["id"]
    assert [0 < page["done"] <= 1 for page in pages] == [True, True]
    assert foreign.status_code == 422


async def test_what_is_long_over_is_swept_away_and_nothing_else(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await mutes(alice, room, bob, until=house.clock.now() + HOUR_S)
    await bans(alice, room, bob, until=house.clock.now() + HOUR_S)
    await bans(alice, room, await house.resident("Charlie"))
    await invites(alice, room)
    await invites(alice, room, expires_in_s=HOUR_S)
    await revokes(alice, (await invites(alice, room))["id"])

    async def nobody() -> None:
        """Tell nobody: there is nothing to tell."""

    purge = Purge(
        PurgingStore(house.database, Writing(house.database, tell=nobody)),
        SETTINGS,
        clock=house.clock,
    )

    async def counted_after(wait_s: float) -> dict[str, int]:
        await house.clock.advance(wait_s)
        await purge.purge()
        return await counted(house)

    before = await counted_after(SETTINGS.sanctions_keep_s)
    after = await counted_after(HOUR_S + 1)

    assert before == {"invites": 3, "bans": 2, "mutes": 1, "blocks": 0}
    assert after == {"invites": 1, "bans": 1, "mutes": 0, "blocks": 0}

"""Invitations: who makes them, what they show, and whom they let in."""

from libs.common.contracts.people import PersonKind
from tests.integration.rooms.house import House, Resident, house_at
from tests.integration.rooms.inviting import accepts, invites, listed, looks_at, revokes
from tests.integration.rooms.moderating import HOUR_S

SECRET = "only-for-a-test-and-longer-than-that"


async def test_an_invitation_brings_somebody_into_a_private_room(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room)

    answer = await accepts(bob, invite)

    assert (answer.status_code, answer.json()["id"]) == (200, room["id"])
    assert (answer.json()["role"], answer.json()["member_count"]) == ("member", 2)


async def test_its_maker_is_shown_everything_of_an_invitation(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")

    invite = await invites(alice, room, max_uses=3, expires_in_s=HOUR_S, role="admin")

    assert invite["link"] == f"https://chat.test/invite/{invite['code']}"
    assert len(invite["code"]) == 22
    assert invite["made_by"] == {"kind": "user", "id": str(alice.id), "name": "Alice"}
    shown = {name: invite[name] for name in ("role", "max_uses", "uses")}
    assert shown == {"role": "admin", "max_uses": 3, "uses": 0}
    assert invite["created_at"] < invite["expires_at"]


async def test_a_preview_shows_what_an_invitation_is_for_and_no_more(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private", topic="Old things")
    invite = await invites(alice, room)

    assert (await looks_at(bob, invite)).json() == {
        "room": {
            "id": room["id"],
            "kind": "private",
            "title": "Attic",
            "topic": "Old things",
            "member_count": 1,
        },
        "role": "member",
        "made_by": {"kind": "user", "id": str(alice.id), "name": "Alice"},
        "expires_at": None,
        "is_member": False,
    }
    assert (await bob.client.get(f"/v1/rooms/{room['id']}")).status_code == 404


async def test_who_is_in_already_uses_nothing_up(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    invite = await invites(alice, room, max_uses=2)

    answers = [await accepts(one, invite) for one in (alice, bob, bob)]

    assert [answer.json()["role"] for answer in answers] == ["owner", "member", "member"]
    assert (await looks_at(bob, invite)).json()["is_member"]
    (shown,) = await listed(alice, room)
    assert shown["uses"] == 1


async def test_only_admins_make_see_and_revoke_invitations(
    alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room, lobby = await alice.makes("Attic", kind="private"), await alice.makes("Lobby")
    invite, public = await invites(alice, room), await invites(alice, lobby)
    await accepts(bob, invite)
    path = f"/v1/rooms/{room['id']}/invites"

    answers = [
        await bob.client.post(path, json={}),
        await bob.client.get(path),
        await revokes(bob, invite["code"]),
        await charlie.client.post(path, json={}),
        await charlie.client.get(path),
        await revokes(charlie, invite["id"]),
        await revokes(charlie, public["id"]),
        await revokes(charlie, "never"),
    ]

    codes = [answer.json()["code"] for answer in answers]
    assert codes == ["forbidden"] * 3 + ["not_found"] * 3 + ["not_member", "not_found"]


async def test_nobody_gives_by_an_invitation_what_they_could_not_give(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "admin")
    path = f"/v1/rooms/{room['id']}/invites"

    answers = [await bob.client.post(path, json={"role": role}) for role in ("admin", "member")]
    owner = await alice.client.post(path, json={"role": "owner"})

    assert [answer.status_code for answer in answers] == [403, 201]
    assert (owner.status_code, list(owner.json()["fields"])) == (422, ["role"])


async def test_nobody_is_invited_to_a_direct_room(alice: Resident, bob: Resident) -> None:
    room = (await alice.writes_to(bob)).json()

    answer = await alice.client.post(f"/v1/rooms/{room['id']}/invites", json={})

    assert answer.status_code == 403


async def test_neither_bots_nor_strangers_use_invitations(house: House, alice: Resident) -> None:
    invite = await invites(alice, await alice.makes("Attic", kind="private"))
    robot = await house.resident("Robot", kind=PersonKind.BOT)
    stranger = await house.client(None)
    path = f"/v1/invites/{invite['code']}"

    assert (await accepts(robot, invite)).status_code == 403
    assert (await stranger.get(path)).status_code == 401


async def test_a_room_has_so_many_good_invitations_and_no_more(dsn: str) -> None:
    async with house_at(dsn, invites_per_room=2) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Attic", kind="private")
        path = f"/v1/rooms/{room['id']}/invites"
        made = [(await alice.client.post(path, json={})) for _ in range(3)]
        await revokes(alice, made[0].json()["id"])
        again = await alice.client.post(path, json={})

    assert [answer.status_code for answer in made] == [201, 201, 409]
    assert made[2].json()["code"] == "too_many_invites"
    assert again.status_code == 201


async def test_invitations_are_listed_in_pages_the_newest_first(alice: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    made = [(await invites(alice, room))["id"] for _ in range(3)]
    path = f"/v1/rooms/{room['id']}/invites"

    first = await alice.sees(path, limit=2)
    rest = await alice.sees(path, limit=2, cursor=first["next_cursor"])

    shown = [one["id"] for page in (first, rest) for one in page["items"]]
    assert shown == sorted(made, reverse=True)


async def test_codes_are_shown_again_only_with_the_secret_that_made_them(dsn: str) -> None:
    async with house_at(dsn, secret=SECRET) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Attic", kind="private")
        made = await invites(alice, room)

    shown = []
    for secret in (SECRET, "another-one-that-is-just-as-long-as-it", None):
        async with house_at(dsn, secret=secret) as house:
            shown.append((await listed(await house.resident("Alice"), room))[0]["link"])

    assert shown == [made["link"], None, None]


async def test_a_code_is_good_whatever_became_of_the_secret(dsn: str) -> None:
    async with house_at(dsn, secret=SECRET) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Attic", kind="private")
        made = await invites(alice, room)

    async with house_at(dsn, secret=None) as house:
        alice, bob = [await house.resident(name) for name in ("Alice", "Bob")]
        random = await invites(alice, room)
        seen = [await looks_at(bob, invite) for invite in (made, random)]

    assert [answer.status_code for answer in seen] == [200, 200]


async def test_the_database_holds_no_code(house: House, alice: Resident) -> None:
    invite = await invites(alice, await alice.makes("Attic", kind="private"))

    rows = await house.database.fetch(
        "SELECT invite::text AS words FROM invite UNION ALL SELECT details::text FROM room_change"
    )

    assert len(rows) == 3
    assert not any(invite["code"] in row["words"] for row in rows)


async def test_who_tries_codes_is_slowed_down(dsn: str) -> None:
    async with house_at(dsn, invite_looks_per_minute=1, invite_looks_burst=2) as house:
        bob = await house.resident("Bob")
        tries = [await looks_at(bob, {"code": f"guess{number}"}) for number in range(3)]

    assert [answer.status_code for answer in tries] == [404, 404, 429]


async def test_an_invitation_takes_sane_numbers_only(alice: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    wrong = [
        ("max_uses", {"max_uses": 0}),
        ("max_uses", {"max_uses": 100_001}),
        ("expires_in_s", {"expires_in_s": 59}),
        ("expires_in_s", {"expires_in_s": 31_536_001}),
        ("role", {"role": "guest"}),
        ("code", {"code": "mine"}),
    ]

    for field, body in wrong:
        answer = await alice.client.post(f"/v1/rooms/{room['id']}/invites", json=body)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), body

"""People come and go, are taken in and put out, and a room keeps an owner."""

from uuid import uuid4

from tests.integration.rooms.house import House, Resident, house_at


async def test_joining_twice_is_joining_once(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")

    answers = [await bob.joins(room) for _ in range(2)]

    assert [answer.json()["role"] for answer in answers] == ["member", "member"]
    assert answers[1].json()["member_count"] == 2


async def test_joining_does_not_cost_an_owner_the_role(alice: Resident) -> None:
    room = await alice.makes("Lobby")

    assert (await alice.joins(room)).json()["role"] == "owner"


async def test_a_full_room_takes_nobody_in(dsn: str) -> None:
    async with house_at(dsn, members_per_room=2) as house:
        alice, bob, charlie = [await house.resident(name) for name in ("Alice", "Bob", "Charlie")]
        public, private = await alice.makes("Lobby"), await alice.makes("Attic", kind="private")
        await bob.joins(public)
        await alice.gives(private, bob, "member")

        refused = [await charlie.joins(public), await alice.gives(private, charlie, "member")]
        promoted = await alice.gives(private, bob, "admin")

    assert [one.json()["code"] for one in refused] == ["room_full", "room_full"]
    assert promoted.status_code == 200


async def test_the_last_owner_cannot_leave(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)

    answer = await alice.leaves(room)

    assert answer.status_code == 409
    assert answer.json()["message"] == "A room keeps at least one owner. Hand it over first."


async def test_the_last_owner_cannot_step_down(alice: Resident) -> None:
    room = await alice.makes("Lobby")

    assert (await alice.gives(room, alice, "member")).status_code == 409


async def test_the_last_owner_cannot_be_put_out_even_by_the_owner_of_the_system(
    alice: Resident, olga: Resident
) -> None:
    room = await alice.makes("Lobby")

    out = await olga.client.delete(f"/v1/rooms/{room['id']}/members/{alice.id}")
    down = await olga.gives(room, alice, "member")

    assert (out.status_code, down.status_code) == (409, 409)


async def test_with_a_second_owner_the_first_may_leave(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await alice.gives(room, bob, "owner")

    assert (await alice.leaves(room)).status_code == 204
    assert (await bob.leaves(room)).status_code == 409


async def test_a_room_that_was_left_counts_for_the_owner_who_stays(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)
    await alice.gives(room, bob, "owner")
    await alice.leaves(room)

    await alice.makes("Lobby")
    taken = await bob.client.post("/v1/rooms", json={"kind": "public", "title": "Lobby"})

    assert taken.json()["code"] == "title_taken"


async def test_who_would_get_a_second_room_of_one_title_must_rename_it_first(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.makes("Lobby")
    await bob.joins(room)

    given = await alice.client.post(
        f"/v1/rooms/{room['id']}/transfer", json={"user_id": str(bob.id)}
    )
    await alice.gives(room, bob, "owner")
    left = await alice.leaves(room)

    assert [given.json()["code"], left.json()["code"]] == ["title_taken", "title_taken"]
    assert (await alice.sees(f"/v1/rooms/{room['id']}"))["role"] == "owner"


async def test_a_transfer_makes_the_heir_owner_and_the_giver_admin(
    alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")
    await bob.joins(room)

    answer = await alice.client.post(
        f"/v1/rooms/{room['id']}/transfer", json={"user_id": str(bob.id)}
    )

    assert answer.json()["role"] == "admin"
    members = (await bob.sees(f"/v1/rooms/{room['id']}/members"))["items"]
    assert {one["person"]["name"]: one["role"] for one in members} == {
        "Alice": "admin",
        "Bob": "owner",
    }
    await alice.makes("Lobby")


async def test_nobody_is_handed_more_rooms_than_one_may_own(dsn: str) -> None:
    async with house_at(dsn, rooms_per_owner=1) as house:
        alice, bob = await house.resident("Alice"), await house.resident("Bob")
        room = await alice.makes("Lobby")
        await bob.joins(room)
        path, heir = f"/v1/rooms/{room['id']}/transfer", {"user_id": str(bob.id)}
        own = await bob.makes("Attic")

        refused = await alice.client.post(path, json=heir)
        await bob.client.delete(f"/v1/rooms/{own['id']}")
        handed = await alice.client.post(path, json=heir)
        again = await bob.client.post(path, json={"user_id": str(alice.id)})

        assert (refused.status_code, refused.json()["code"]) == (409, "too_many_rooms")
        assert "That person" in refused.json()["message"]
        assert [handed.status_code, again.status_code] == [200, 200]


async def test_a_room_is_not_transferred_to_oneself(alice: Resident) -> None:
    room = await alice.makes("Lobby")

    answer = await alice.client.post(
        f"/v1/rooms/{room['id']}/transfer", json={"user_id": str(alice.id)}
    )

    assert answer.status_code == 403


async def test_an_admin_gives_no_role_as_high_as_their_own(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "admin")
    dave = await house.resident("Dave")

    answers = [await bob.gives(room, dave, role) for role in ("owner", "admin", "member")]

    assert [answer.status_code for answer in answers] == [403, 403, 200]


async def test_nobody_promotes_themselves(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "admin")

    assert (await bob.gives(room, bob, "owner")).status_code == 403


async def test_owners_do_not_act_on_each_other(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.gives(room, bob, "owner")

    down = await bob.gives(room, alice, "member")
    out = await bob.client.delete(f"/v1/rooms/{room['id']}/members/{alice.id}")

    assert (down.status_code, out.status_code) == (403, 403)


async def test_who_does_not_exist_cannot_be_taken_in(alice: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    path = f"/v1/rooms/{room['id']}/members/{uuid4()}"

    taken_in = await alice.client.put(path, json={"role": "member"})
    put_out = await alice.client.delete(path)

    assert taken_in.status_code == 404
    assert taken_in.json()["message"] == "There is no such person."
    assert put_out.status_code == 404


async def test_who_was_shut_out_of_the_system_cannot_be_taken_in(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    mallory = await house.resident("Mallory", is_disabled=True)

    assert (await alice.gives(room, mallory, "member")).status_code == 404


async def test_an_outsider_learns_nothing_of_who_exists(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Lobby")

    answers = [
        await bob.client.put(f"/v1/rooms/{room['id']}/members/{one}", json={"role": "member"})
        for one in (alice.id, uuid4())
    ]

    assert answers[0].json() == answers[1].json()


async def test_a_membership_is_given_by_its_role_alone(alice: Resident, bob: Resident) -> None:
    room = await alice.makes("Attic", kind="private")
    path = f"/v1/rooms/{room['id']}/members/{bob.id}"
    wrong: list[tuple[str, dict[str, object]]] = [
        ("role", {}),
        ("role", {"role": None}),
        ("role", {"role": "god"}),
        ("role", {"role": "guest"}),
        ("user_id", {"role": "member", "user_id": str(bob.id)}),
        ("since", {"role": "member", "since": 1}),
        ("muted_until", {"role": "member", "muted_until": None}),
    ]

    for field, body in wrong:
        answer = await alice.client.put(path, json=body)

        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field]), body

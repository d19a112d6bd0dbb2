"""What other services ask: who is in a room, and who shares one."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.rooms.house import House, Resident
from tests.integration.rooms.moderating import HOUR_S, bans


async def ask(house: House, path: str, **body: Any) -> Any:
    answer = await (await house.another_service("messages")).post(f"/internal/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ids(*residents: Resident) -> list[str]:
    return [str(one.id) for one in residents]


async def test_access_names_the_roles_of_members_only(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")

    found = await ask(house, "access", room_id=room["id"], person_ids=ids(alice, bob))

    assert (found["kind"], found["state"]) == ("private", "open")
    assert found["roles"] == {str(alice.id): "owner"}


async def test_who_may_see_a_room_is_told_by_the_rules(
    house: House, alice: Resident, bob: Resident, charlie: Resident, olga: Resident
) -> None:
    everybody = ids(alice, bob, charlie, olga)
    lobby, attic = await alice.makes("Lobby"), await alice.makes("Attic", kind="private")
    await bans(alice, lobby, bob)
    await bans(alice, lobby, charlie, until=house.clock.now() + HOUR_S)
    await house.clock.advance(HOUR_S)
    await olga.sees(f"/v1/rooms/{attic['id']}")

    seers = [
        set((await ask(house, "access", room_id=room["id"], person_ids=everybody))["seers"])
        for room in (lobby, attic)
    ]

    assert seers == [{*ids(alice, charlie, olga)}, {*ids(alice, olga)}]


@pytest.mark.parametrize("is_deleted", [True, False])
async def test_a_room_that_is_gone_or_never_was_has_no_kind(
    house: House, alice: Resident, is_deleted: bool
) -> None:
    room = await alice.makes("Attic", kind="private")
    await alice.client.delete(f"/v1/rooms/{room['id']}")
    room_id = room["id"] if is_deleted else str(uuid4())

    found = await ask(house, "access", room_id=room_id, person_ids=ids(alice))

    assert found == {"kind": None, "state": None, "roles": {}, "seers": []}


async def test_acquaintances_share_a_room_that_is_there(
    house: House, alice: Resident, bob: Resident, charlie: Resident
) -> None:
    room, gone = await alice.makes("Lobby"), await alice.makes("Gone")
    await bob.joins(room)
    await charlie.joins(gone)
    await alice.client.delete(f"/v1/rooms/{gone['id']}")

    found = await ask(
        house,
        "acquaintances",
        person_id=str(alice.id),
        person_ids=[*ids(alice, bob, charlie), str(uuid4())],
    )

    assert found == {"person_ids": ids(alice, bob)}


async def test_only_those_who_need_to_know_are_let_in(house: House, alice: Resident) -> None:
    needs = {"messages": 422, "presence": 422, "gateway": 422, "auth": 403, "Alice": 401}

    for name, status in needs.items():
        caller = await house.another_service(name)
        for path in ("/internal/access", "/internal/acquaintances"):
            assert (await caller.post(path, json={})).status_code == status, name


async def test_internal_questions_have_no_answer_on_the_public_port(alice: Resident) -> None:
    assert (await alice.client.post("/internal/access", json={})).status_code == 404


async def test_the_service_is_ready_when_its_database_is(house: House, alice: Resident) -> None:
    assert (await alice.client.get("/readyz")).status_code == 200
    await house.database.close(timeout_s=1)

    answer = await alice.client.get("/readyz")

    assert (answer.status_code, list(answer.json()["fields"])) == (503, ["database"])

"""Who people are is learned from auth: from its facts, and by asking for those never seen."""

import asyncio

from structlog.testing import capture_logs

from libs.common.bus.interface import Binding, Delivery, Outgoing
from libs.common.bus.topology import DEAD, FACTS
from libs.common.contracts.commands import ProjectMember
from libs.common.contracts.facts import FACT, USER_UPDATED, UserChanged, encode_fact
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from tests.integration.rooms.house import PATIENCE_S, House, Resident, house_at
from tests.support.clock import settle


def changed(resident: Resident, version: int, **more: object) -> UserChanged:
    shown = {
        "kind": PersonKind.USER,
        "name": resident.name,
        "system_role": SystemRole.MEMBER,
        "is_disabled": False,
    } | more
    return UserChanged(person_id=resident.id, version=version, **shown)  # type: ignore[arg-type]


async def publish(house: House, fact: UserChanged) -> None:
    """Let auth tell something, and return when rooms has taken it in."""
    message = Outgoing(FACTS, USER_UPDATED, FACT, encode_fact(fact), must_survive=True)
    await house.bus.publish(message, timeout_s=PATIENCE_S)


async def names(resident: Resident, room: dict[str, object]) -> set[str]:
    page = await resident.sees(f"/v1/rooms/{room['id']}/members")
    return {member["person"]["name"] for member in page["items"]}


async def test_auth_is_asked_once_for_each_person(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    for role in ("member", "admin"):
        await alice.gives(room, bob, role)

    assert house.auth.asked == [[alice.id], [bob.id]]


async def test_without_auth_somebody_is_what_their_token_says(
    house: House, alice: Resident
) -> None:
    house.auth.is_away = True

    room = await alice.makes("Lobby")

    assert await names(alice, room) == {"Alice"}


async def test_without_auth_nobody_has_a_role_in_the_system(
    house: House, alice: Resident, olga: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    house.auth.is_away = True
    refused = await olga.client.get(f"/v1/rooms/{room['id']}")

    house.auth.is_away = False
    found = await olga.client.get(f"/v1/rooms/{room['id']}")

    assert (refused.status_code, found.status_code) == (404, 200)


async def test_without_auth_others_who_were_never_seen_cannot_be_taken_in(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    house.auth.is_away = True

    assert (await alice.gives(room, bob, "member")).status_code == 503


async def test_a_new_name_is_told_in_every_room_of_that_person(dsn: str) -> None:
    async with house_at(dsn, rename_batch=2) as house:
        alice, bob = await house.resident("Alice"), await house.resident("Bob")
        rooms = [await alice.makes(f"Room {number}") for number in range(5)]
        for room in rooms:
            await bob.joins(room)

        await publish(house, changed(bob, 2, name="Robert"))

        told = [(await house.told(room, 4))[-1] for room in rooms]
        assert [
            (one.version, one.person.name, one.role)
            for one in told
            if isinstance(one, ProjectMember)
        ] == [(4, "Robert", RoomRole.MEMBER)] * 5
        assert await names(alice, rooms[0]) == {"Alice", "Robert"}


async def test_a_fact_that_comes_twice_is_told_once(
    house: House, alice: Resident, bob: Resident
) -> None:
    room = await alice.makes("Lobby")

    for _ in range(2):
        await publish(house, changed(alice, 2, name="Alicia"))
    await bob.joins(room)

    told = await house.told(room, 4)
    assert [one.person.name for one in told if isinstance(one, ProjectMember)] == [
        "Alice",
        "Alicia",
        "Bob",
    ]


async def test_an_older_fact_changes_nothing(house: House, alice: Resident) -> None:
    room = await alice.makes("Lobby")

    await publish(house, changed(alice, 3, name="Newest"))
    await publish(house, changed(alice, 2, name="Older"))

    assert await names(alice, room) == {"Newest"}
    assert len(await house.told(room, 3)) == 3


async def test_a_deleted_room_hears_of_new_names_as_it_may_come_back(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    await alice.client.delete(f"/v1/rooms/{room['id']}")

    await publish(house, changed(alice, 2, name="Alicia"))

    [*_, renamed] = await house.told(room, 4)
    assert isinstance(renamed, ProjectMember)
    assert renamed.person.name == "Alicia"


async def test_a_system_role_counts_as_soon_as_auth_tells_of_it(
    house: House, alice: Resident, charlie: Resident
) -> None:
    room = await alice.makes("Attic", kind="private")
    path = f"/v1/rooms/{room['id']}"
    before = await charlie.client.get(path)

    await publish(house, changed(charlie, 2, system_role=SystemRole.ADMIN))
    raised = await charlie.client.get(path)
    await publish(house, changed(charlie, 3))
    lowered = await charlie.client.get(path)

    answers = [answer.status_code for answer in (before, raised, lowered)]
    assert answers == [404, 200, 404]


async def test_a_fact_that_cannot_be_read_does_not_hold_up_the_next(
    house: House, alice: Resident
) -> None:
    room = await alice.makes("Lobby")
    buried: asyncio.Queue[Delivery] = asyncio.Queue()
    await house.bus.open_inbox(
        "undertaker", (Binding(DEAD, "dead"),), buried.put_nowait, on_gap=lambda: None
    )

    for body in (b"nonsense", encode_fact(changed(alice, 2))[:-3]):
        await house.bus.publish(Outgoing(FACTS, USER_UPDATED, FACT, body), timeout_s=PATIENCE_S)
    await publish(house, changed(alice, 2, name="Alicia"))

    assert await names(alice, room) == {"Alicia"}
    assert buried.qsize() == 2


async def test_a_fact_waits_for_a_database_that_is_away(dsn: str) -> None:
    # With its only connection lent out, the database is away for everybody else.
    knobs = {"database_max_connections": 1, "database_connect_timeout_s": 0.05}
    async with house_at(dsn, database_knobs=knobs) as house:
        alice = await house.resident("Alice")
        room = await alice.makes("Lobby")

        with capture_logs() as lines:
            async with house.database.connection(), asyncio.timeout(PATIENCE_S):
                telling = asyncio.create_task(publish(house, changed(alice, 2, name="Alicia")))
                while "fact_postponed" not in {line["event"] for line in lines}:
                    await settle()
        while not telling.done():
            await house.clock.advance(1.0)

        assert await names(alice, room) == {"Alicia"}

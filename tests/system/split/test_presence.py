"""Who is there, with two gateways: on several devices at once, and over a restart of presence."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from hubbub_client.frames import Frame, Json
from tests.chaos.scene import all_ready
from tests.chaos.standstill import away
from tests.support.fleet import Fleet
from tests.support.waiting import eventually
from tests.system.people import Person
from tests.system.wire import Wire, authenticate, wire

pytestmark = pytest.mark.asyncio(loop_scope="package")

GATEWAYS: Final = ("gateway-1", "gateway-2")

DIED_S: Final = 60.0
"""Within this those are shown as offline whose gateway died."""

Crowd = dict[str, Person]


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def crowd(running: Fleet) -> AsyncIterator[Crowd]:
    names = ("Alice", "Bob", "Charlie", "Dora")
    people = {name: await Person.register(running, name) for name in names}
    yield people
    for person in people.values():
        await person.close()


@pytest_asyncio.fixture(loop_scope="package")
async def room(crowd: Crowd) -> str:
    """A room of Alice's in which all of them are."""
    alice, *others = crowd.values()
    room_id = await alice.make_room()
    for person in others:
        await person.join(room_id)
    return room_id


@asynccontextmanager
async def device(fleet: Fleet, gateway: str, person: Person, room: str) -> AsyncIterator[Wire]:
    """Open a socket at one of the gateways and listen to a room."""
    port = urlsplit(fleet.members()[gateway]["api"]).port
    async with wire(f"ws://127.0.0.1:{port}/v1/ws") as one:
        assert (await authenticate(one, person.token)).type == "ready"
        assert (await one.ask("join_room", room_id=room)).type == "room_joined"
        yield one


async def shown_in(room: str, by: Person, count: int) -> Json:
    """Return who is in a room once so many are."""
    return await eventually(
        lambda: by.get(f"/v1/rooms/{room}/presence"), lambda seen: seen["count"] == count
    )


async def state_of(person: Person, by: Person) -> str:
    (item,) = (await by.get("/v1/presence", user_ids=person.id))["items"]
    return str(item["state"])


async def state_if_answered(person: Person, by: Person) -> str | None:
    """Return the state, or None when the request was at the gateway that died."""
    try:
        return await state_of(person, by)
    except httpx.TransportError:
        return None


async def shown(one: Wire, room: str) -> Frame:
    """Return the next frame that says of the room who is there."""
    while True:
        frame = await one.hear("presence")
        if "users" in frame.data:
            assert frame.room_id == room
            return frame


def states_told(one: Wire) -> list[tuple[str, str]]:
    """Return of whom which state was told, one by one or in a list of all."""
    data = [frame.data for frame in one.frames if frame.type == "presence"]
    users = [user for told in data for user in told.get("users", [told])]
    return [(user["person_id"], user["state"]) for user in users]


async def hear_of(one: Wire, person: Person, state: str) -> list[str]:
    """Return all states that were told of somebody, once this one was."""
    while (person.id, state) not in states_told(one):
        await one.hear("presence")
    return [told for person_id, told in states_told(one) if person_id == person.id]


async def test_somebody_with_a_device_at_each_gateway_is_there_until_the_last_goes(
    fleet: Fleet, crowd: Crowd, room: str
) -> None:
    alice, bob = crowd["Alice"], crowd["Bob"]
    async with device(fleet, GATEWAYS[0], bob, room) as bobs:
        async with device(fleet, GATEWAYS[0], alice, room):
            async with device(fleet, GATEWAYS[1], alice, room):
                await shown_in(room, bob, 2)
            await shown_in(room, bob, 2)
            assert (alice.id, "offline") not in states_told(bobs)

        assert (await hear_of(bobs, alice, "offline")).count("offline") == 1


async def test_a_restart_of_presence_makes_nobody_offline_and_everybody_right_in_the_end(
    fleet: Fleet, crowd: Crowd, room: str
) -> None:
    alice, bob, charlie, dora = crowd.values()
    async with AsyncExitStack() as there:
        alices = await there.enter_async_context(device(fleet, GATEWAYS[0], alice, room))
        bobs = await there.enter_async_context(device(fleet, GATEWAYS[1], bob, room))
        async with device(fleet, GATEWAYS[0], dora, room):
            await shown_in(room, alice, 3)
            async with AsyncExitStack() as absence:
                await absence.enter_async_context(away("presence", fleet))
                charlies = await there.enter_async_context(
                    device(fleet, GATEWAYS[1], charlie, room)
                )
                await absence.aclose()
            frames = [await shown(one, room) for one in (alices, bobs, charlies)]
            await all_ready(fleet)

            assert [frame.data["online_count"] for frame in frames] == [4, 4, 4]
            assert {user["state"] for user in frames[0].data["users"]} == {"online"}
        joined = next(frame for frame in charlies.frames if frame.type == "room_joined")
        assert (joined.data["online"], joined.data["online_count"]) == ([], None)
        for one in (alices, bobs, charlies):
            assert (await hear_of(one, dora, "offline"))[-1] == "offline"
            assert {who for who, state in states_told(one) if state == "offline"} == {dora.id}
        assert [await state_of(one, alice) for one in (bob, charlie)] == ["online", "online"]


@pytest.mark.proof
async def test_who_was_at_a_gateway_that_was_killed_is_offline_within_a_minute_and_nobody_else(
    fleet: Fleet, crowd: Crowd, room: str
) -> None:
    alice, bob, charlie, _ = crowd.values()
    async with (
        device(fleet, GATEWAYS[0], bob, room) as bobs,
        device(fleet, GATEWAYS[0], charlie, room),
        device(fleet, GATEWAYS[1], charlie, room),
        device(fleet, GATEWAYS[1], alice, room),
    ):
        await shown_in(room, bob, 3)

        await fleet.kill(GATEWAYS[1])

        await eventually(
            lambda: state_if_answered(alice, bob),
            lambda state: state == "offline",
            within_s=DIED_S,
        )
        assert (await hear_of(bobs, alice, "offline"))[-1] == "offline"
        assert await state_of(charlie, bob) == "online"
        assert (charlie.id, "offline") not in states_told(bobs)

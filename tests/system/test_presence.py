"""Who is seen as what: by themselves when they come back, and by those who share a room."""

import pytest

from hubbub_client.frames import Json
from tests.support.waiting import eventually
from tests.system.people import Person
from tests.system.wire import Wire, authenticate, wire

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def greeted(person: Person) -> str:
    """Return what somebody who connects is told that they are seen as."""
    async with wire(person.socket_url) as one:
        ready = await authenticate(one, person.token)
        return str(ready.data["presence_state"])


async def seen(by: Person, person: Person) -> Json:
    (item,) = (await by.get("/v1/presence", user_ids=person.id))["items"]
    return dict(item)


async def is_shown_in(room: str, person: Person, *, to: Person) -> None:
    """Return once presence has heard that somebody listens to a room."""
    await eventually(
        lambda: to.get(f"/v1/rooms/{room}/presence"), lambda there: person.id in there["users"]
    )


async def heard_of(person: Person, state: str, *, by: Wire) -> Json:
    """Return what is told of somebody who is shown so, alone or among all who are there."""
    while True:
        data = (await by.hear("presence")).data
        for told in data.get("users", [data]):
            if (told["person_id"], told["state"]) == (person.id, state):
                return dict(told)


async def test_who_chose_nothing_is_greeted_as_online(charlie: Person) -> None:
    assert await greeted(charlie) == "online"


@pytest.mark.parametrize("state", ["away", "dnd", "invisible", "online"])
async def test_what_somebody_chose_is_said_when_they_come_back(alice: Person, state: str) -> None:
    async with alice.wire() as alices:
        ack = await alices.ask("set_presence", state=state)
        assert ack.data == {"state": state}

    assert await greeted(alice) == state


async def test_what_was_chosen_over_http_is_said_too(alice: Person) -> None:
    (await alice.call("PUT", "/v1/presence", {"state": "dnd"})).raise_for_status()

    assert await greeted(alice) == "dnd"

    (await alice.call("PUT", "/v1/presence", {"state": "online"})).raise_for_status()


async def test_others_in_the_room_hear_of_a_change(alice: Person, bob: Person, room: str) -> None:
    async with alice.wire(room) as alices, bob.wire(room) as bobs:
        await is_shown_in(room, alice, to=bob)
        await alices.ask("set_presence", state="away")

        await heard_of(alice, "away", by=bobs)

        await alices.ask("set_presence", state="online")


async def test_who_becomes_invisible_looks_like_somebody_who_left(
    alice: Person, bob: Person, room: str
) -> None:
    async with bob.wire(room) as bobs, alice.wire(room) as alices:
        await heard_of(alice, "online", by=bobs)
        await alices.ask("set_presence", state="invisible")

        told = await heard_of(alice, "offline", by=bobs)

        assert told.keys() == {"person_id", "state", "last_seen", "rev"}
        await alices.ask("set_presence", state="online")

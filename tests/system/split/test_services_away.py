"""While a service is away people go on with what does not need it, hear `unavailable` for what
does, and get nothing that it would have refused.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import httpx
import pytest
import pytest_asyncio

from hubbub_client.frames import Json
from tests.chaos.scene import all_ready
from tests.chaos.standstill import away
from tests.support.fleet import Fleet
from tests.support.waiting import eventually
from tests.system.people import PASSWORD, Person, anonymous
from tests.system.wire import Wire

pytestmark = pytest.mark.asyncio(loop_scope="package")

MAY_NOT: Final = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE}


@dataclass(frozen=True, slots=True)
class House:
    """Alice and Bob are in a public room and in a private one, Charlie is in neither."""

    alice: Person
    bob: Person
    charlie: Person
    room: str
    private_room: str


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def house(running: Fleet) -> AsyncIterator[House]:
    names = ("Alice", "Bob", "Charlie")
    alice, bob, charlie = [await Person.register(running, name) for name in names]
    room, private_room = [await alice.make_room(kind) for kind in ("public", "private")]
    await bob.join(room)
    taken = await alice.call(
        "PUT", f"/v1/rooms/{private_room}/members/{bob.id}", {"role": "member"}
    )
    taken.raise_for_status()
    await bob.is_in(private_room)
    yield House(alice, bob, charlie, room, private_room)
    for person in (alice, bob, charlie):
        await person.close()


async def test_without_auth_people_go_on_and_nobody_logs_in(fleet: Fleet, house: House) -> None:
    login = {"email": house.bob.email, "password": PASSWORD}
    async with house.alice.wire(house.room) as alices, anonymous(fleet.url) as stranger:
        async with away("auth", fleet):
            refused = [
                await stranger.post("/v1/auth/login", json=login),
                await stranger.post("/v1/auth/register", json=login | {"name": "Mallory"}),
                await house.alice.call(
                    "POST", "/v1/auth/refresh", {"refresh_token": house.alice.refresh_token}
                ),
            ]
            async with house.bob.wire(house.room) as bobs:
                await speak(bobs, house.room, "without auth")
            heard = await alices.hear("message")

        assert [is_away(answer) for answer in refused] == [True] * 3
        assert heard.data["content"] == "without auth"
        await all_ready(fleet)
        assert (await stranger.post("/v1/auth/login", json=login)).is_success
        assert (await house.alice.api.refresh()).access


async def test_without_rooms_members_go_on_and_nobody_gets_in(fleet: Fleet, house: House) -> None:
    room, private_room = house.room, house.private_room
    async with house.alice.wire(private_room) as alices, house.charlie.wire() as charlies:
        async with away("rooms", fleet):
            async with house.bob.wire(room) as bobs:
                await speak(bobs, private_room, "without rooms")
            needs_rooms = [
                await house.alice.call("POST", "/v1/rooms", {"kind": "public", "title": "New"}),
                await house.charlie.call("POST", f"/v1/rooms/{room}/join"),
                await house.alice.call("DELETE", f"/v1/rooms/{room}/members/{house.bob.id}"),
            ]
            secrets = [
                await house.charlie.call("GET", f"/v1/rooms/{private_room}/{what}")
                for what in ("messages", "events", "presence")
            ]
            let_in = await charlies.ask("join_room", room_id=private_room)
            written = await write(charlies, private_room, "let me in")
            heard = await alices.hear("message")

        assert [is_away(answer) for answer in needs_rooms] == [True] * 3
        assert {answer.status_code for answer in secrets} <= MAY_NOT
        assert (let_in.type, written.type) == ("error", "error")
        assert heard.data["content"] == "without rooms"
        await all_ready(fleet)
        assert (await house.alice.history(private_room))[-1]["content"] == "without rooms"
        assert (await house.charlie.call("GET", f"/v1/rooms/{room}")).is_success


async def test_without_presence_people_talk_and_nobody_is_shown(fleet: Fleet, house: House) -> None:
    where = f"/v1/rooms/{house.room}/presence"
    async with house.alice.wire(house.room) as alices:
        async with away("presence", fleet):
            shown = [
                await house.bob.call("GET", where),
                await house.bob.call("GET", "/v1/presence", query={"user_ids": house.alice.id}),
                await house.bob.call("PUT", "/v1/presence", {"state": "dnd"}),
            ]
            async with house.bob.wire() as bobs:
                joined = await bobs.ask("join_room", room_id=house.room)
                await speak(bobs, house.room, "without presence")
            heard = await alices.hear("message")

        assert [is_away(answer) for answer in shown] == [True] * 3
        assert (joined.data["online"], joined.data["online_count"]) == ([], None)
        assert heard.data["content"] == "without presence"
        # A gateway reports its connections again.
        await eventually(
            lambda: house.bob.call("GET", where),
            lambda answer: answer.is_success and house.alice.id in answer.json()["users"],
            within_s=60,
        )


async def speak(one: Wire, room: str, text: str) -> None:
    assert (await write(one, room, text)).type == "ack"


async def write(one: Wire, room: str, text: str) -> Any:
    return await one.ask(
        "send_message", room_id=room, client_msg_id=text.replace(" ", "-"), content=text
    )


def is_away(answer: httpx.Response) -> bool:
    body: Json = answer.json()
    return answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and body["code"] == "unavailable"

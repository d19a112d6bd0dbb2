"""Who runs the system runs its rooms: a role given or taken counts in every service soon."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest
import pytest_asyncio

from tests.support.shapes import Shape
from tests.support.waiting import eventually
from tests.system.founding import Founding
from tests.system.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

PROMISED_S: Final = 2.0
SLACK_S: Final = 8.0
"""On a busy machine a process may have to wait for its turn for so long."""


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def dora(program: Shape) -> AsyncIterator[Person]:
    """Who becomes an admin of the system, and is in no room."""
    person = await Person.register(program, "Dora")
    yield person
    await person.close()


@pytest.fixture
def owner(founding: Founding) -> Person:
    return founding.owner


async def change(owner: Person, whom: Person, **wish: object) -> None:
    answer = await owner.call("PATCH", f"/v1/admin/users/{whom.id}", wish)
    assert answer.status_code == httpx.codes.OK, answer.text


async def statuses(person: Person, room_id: str) -> tuple[int, int]:
    """Return what rooms and messages answer about a room."""
    room = await person.call("GET", f"/v1/rooms/{room_id}")
    history = await person.call("GET", f"/v1/rooms/{room_id}/messages")
    return room.status_code, history.status_code


async def test_a_role_counts_in_rooms_messages_and_gateways_within_seconds(
    owner: Person, dora: Person, alice: Person, private_room: str
) -> None:
    written = await alice.write(private_room, "between us")
    async with dora.wire() as one:
        before = await one.ask("join_room", room_id=private_room)

    began = time.monotonic()
    await change(owner, dora, system_role="admin")
    await eventually(
        lambda: statuses(dora, private_room), lambda seen: seen == (200, 200), within_s=SLACK_S
    )
    took_s = time.monotonic() - began

    assert before.data["code"] == "not_found"
    async with dora.wire(private_room) as one:
        removed = await one.ask("delete_message", room_id=private_room, message_id=written["id"])
        assert removed.type == "ack", removed.data
    assert took_s < PROMISED_S + SLACK_S


async def test_a_role_that_was_taken_away_opens_no_room_and_leaves_no_socket_open(
    owner: Person, dora: Person, alice: Person, private_room: str
) -> None:
    await change(owner, dora, system_role="admin")
    await eventually(
        lambda: statuses(dora, private_room), lambda seen: seen == (200, 200), within_s=SLACK_S
    )
    async with dora.wire(private_room) as one, asyncio.timeout(PROMISED_S + SLACK_S):
        await change(owner, dora, system_role="member")
        assert await one.closed() == (4401, "revoked")
    await alice.write(private_room, "she is gone")

    async with dora.on_another_device() as again:
        seen = await eventually(
            lambda: statuses(again, private_room),
            lambda seen: seen == (404, 404),
            within_s=SLACK_S,
        )
        async with again.wire() as one:
            refused = await one.ask("join_room", room_id=private_room)

    assert seen == (404, 404)
    assert refused.data["code"] == "not_found"

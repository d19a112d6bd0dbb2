"""Somebody is erased while others talk: nothing of theirs is lost, doubled or out of order."""

import asyncio

import httpx
import pytest

from hubbub_client.frames import Json
from tests.support.shapes import Shape
from tests.support.waiting import eventually
from tests.system.people import Person

pytestmark = pytest.mark.asyncio(loop_scope="package")

WORDS = 60
SPOKEN = 30

ERASED_S = 60.0


async def test_others_talk_on_while_somebody_is_erased(
    program: Shape, alice: Person, charlie: Person
) -> None:
    bob = await Person.register(program, "Bobby")
    room = await alice.make_room()
    await asyncio.gather(bob.join(room), charlie.join(room))
    async with bob.client() as bobs:
        await bobs.join(room)
        await asyncio.gather(*(bobs.send(room, f"Bob {number}") for number in range(WORDS)))

    async with alice.wire(room) as listening, charlie.client() as charlies:
        await charlies.join(room)
        erasing = asyncio.create_task(erase(alice, bob))
        sent = [await charlies.send(room, f"Charlie {number}") for number in range(SPOKEN)]
        await erasing
        last = await charlies.send(room, "Where is Bob?")
        await listening.reach(last.seq)
    await bob.close()

    heard = [event for event in listening.events if event.room_id == room]
    seqs = [event.seq for event in heard]
    assert seqs == list(range(seqs[0] or 0, last.seq + 1))
    said = [event.data["content"] for event in heard if event.type == "message"]
    assert said == [*(f"Charlie {number}" for number in range(SPOKEN)), "Where is Bob?"]
    emptied = [event.data["author"]["name"] for event in heard if event.type == "message_deleted"]
    assert emptied == ["Deleted user"] * WORDS
    log = await events_of(alice, room)
    assert [event["seq"] for event in log] == list(range(1, last.seq + 1))
    assert {one.seq for one in sent} <= {event["seq"] for event in log}
    assert "Bob" not in str(log).replace("Where is Bob?", "")


async def erase(alice: Person, bob: Person) -> None:
    """Return once Bob is erased from everywhere."""
    answer = await bob.call("DELETE", "/v1/me")
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    path = f"/v1/erasures/{answer.json()['erasure_id']}"

    async def state() -> str:
        return str((await alice.get(path))["state"])

    await eventually(state, lambda seen: seen == "done", within_s=ERASED_S)


async def events_of(person: Person, room_id: str) -> list[Json]:
    """Return the whole log of a room."""
    found: list[Json] = []
    while True:
        after = found[-1]["seq"] if found else 0
        page = await person.get(f"/v1/rooms/{room_id}/events", after_seq=after, limit=100)
        if not page["items"]:
            return found
        found += page["items"]

"""Small things that members hear. What is large in protocol.md is held by tests/conformance."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import pytest

from hubbub_client.client import Client
from hubbub_client.frames import Json
from tests.support.shapes import Shape
from tests.system.newer_server import newer_server
from tests.system.people import Person
from tests.system.settings import SETTINGS
from tests.system.wire import WAIT_S

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

TYPING_EXPIRES_MS: Final = int(SETTINGS["GATEWAY_TYPING_EXPIRES_MS"])


async def place_of(person: Person, room: str) -> Json:
    """Return a cursor at the end of a room's log."""
    async with person.wire() as one:
        joined = await one.ask("join_room", room_id=room)
    return {
        "room_id": room,
        "seq": joined.data["head_seq"],
        "epoch": joined.data["epoch"],
    }


class TestComingBack:
    async def test_a_join_from_another_epoch_is_a_gap_and_then_it_is_live(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        cursor = (await place_of(bob, room)) | {"epoch": "of-another-time"}
        last = await alice.write(room, "Meanwhile")

        async with bob.wire() as bobs:
            place = {"after_seq": cursor["seq"], "epoch": cursor["epoch"]}
            answer = (await bobs.ask("join_room", room_id=room, **place)).data
            gap = await bobs.hear("gap")
            live = await alice.write(room, "And now")
            await bobs.reach(live["seq"])

            assert [event.seq for event in bobs.events] == [live["seq"]]
        assert answer["recovered"] is False
        assert gap.room_id == room
        assert gap.data == {"from_seq": 1, "to_seq": last["seq"], "reason": "epoch"}


class TestSmallThings:
    async def test_who_marks_what_was_read_before_is_told_where_the_mark_is(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        first = (await alice.write(room, "One"))["seq"]
        last = (await alice.write(room, "Two"))["seq"]
        await bob.call("PUT", f"/v1/rooms/{room}/read", {"seq": last})

        answer = await bob.call("PUT", f"/v1/rooms/{room}/read", {"seq": first})

        assert answer.json() == {"read_seq": last}

    async def test_a_member_who_does_not_listen_hears_how_much_is_unread(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        async with bob.wire() as bobs:
            last = await alice.write(room, f"<@{bob.id}> Tea?")
            head = await bobs.hear("room_head")
            while head.data["head_seq"] < last["seq"]:
                head = await bobs.hear("room_head")

        assert head.room_id == room
        assert head.data == {"head_seq": last["seq"], "unread": 1, "mentions": 1}

    async def test_typing_ends_by_itself(self, alice: Person, bob: Person, room: str) -> None:
        loop = asyncio.get_running_loop()
        async with alice.wire(room) as alices, bob.wire(room) as bobs:
            await bobs.tell("typing", room_id=room, is_typing=True)
            began = await alices.hear("typing")
            began_at = loop.time()
            ended = await alices.hear("typing")
            lasted_s = loop.time() - began_at

        assert (began.data["is_typing"], ended.data["is_typing"]) == (True, False)
        assert began.data["expires_in_ms"] == TYPING_EXPIRES_MS
        assert lasted_s < TYPING_EXPIRES_MS / 1000 + WAIT_S

    async def test_a_client_ignores_what_only_a_newer_server_says(
        self, program: Shape, alice: Person, bob: Person, room: str
    ) -> None:
        async def give_token() -> str:
            return bob.token

        async with newer_server(program.socket_url) as url, Client(url, give_token) as client:
            await client.join(room)
            await alice.write(room, "Hello from the past")
            sent = await client.send(room, "Hello from the future")
            heard = [event async for event in until_seq(client, sent.seq)]

        assert [event for event in heard if event == "message"] == ["message"] * 2


async def until_seq(client: Client, seq: int) -> AsyncIterator[str]:
    """Yield the types of events up to the one with this seq."""
    async with asyncio.timeout(WAIT_S):
        async for event in client.events():
            yield event.type
            if event.seq == seq:
                return

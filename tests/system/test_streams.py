"""What members hear: everything, once, in order, and after an absence as it is now."""

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
from tests.system.wire import WAIT_S, Wire

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

MANY: Final = 100
TYPING_EXPIRES_MS: Final = int(SETTINGS["GATEWAY_TYPING_EXPIRES_MS"])


async def send(one: Wire, room: str, count: int, *, prefix: str) -> list[int]:
    """Send many messages without waiting in between and return their seqs, as sent."""
    for at in range(count):
        key = f"{prefix}-{at}"
        await one.tell("send_message", key, room_id=room, client_msg_id=key, content=key)
    return [(await one.answer(f"{prefix}-{at}")).data["seq"] for at in range(count)]


async def place_of(person: Person, room: str) -> Json:
    """Return a cursor at the end of a room's log."""
    async with person.wire() as one:
        joined = await one.ask("join_room", room_id=room)
    return {
        "room_id": room,
        "seq": joined.data["head_seq"],
        "epoch": joined.data["epoch"],
    }


class TestOrder:
    async def test_what_one_sends_at_once_arrives_in_that_order(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        async with alice.wire(room) as alices, bob.wire(room) as bobs:
            seqs = await send(alices, room, MANY, prefix="many")
            heard = [await bobs.hear("message") for _ in range(MANY)]

        assert seqs == list(range(seqs[0], seqs[0] + MANY))
        assert [event.seq for event in heard] == seqs
        assert [event.data["content"] for event in heard] == [f"many-{at}" for at in range(MANY)]

    async def test_all_hear_the_same_without_a_hole_when_several_write(
        self, alice: Person, bob: Person, charlie: Person, room: str
    ) -> None:
        async with (
            alice.wire(room) as alices,
            bob.wire(room) as bobs,
            bob.wire(room) as phone,
            charlie.wire(room) as charlies,
        ):
            sent = await asyncio.gather(
                send(alices, room, 30, prefix="alice"),
                send(bobs, room, 30, prefix="bob"),
                send(phone, room, 30, prefix="phone"),
            )
            wires = (alices, bobs, phone, charlies)
            for one in wires:
                await one.reach(max(seq for seqs in sent for seq in seqs))
            streams = [[(event.seq, event.data["id"]) for event in one.events] for one in wires]

        first = streams[0]
        assert all(stream == first for stream in streams)
        assert [seq for seq, _ in first] == list(range(first[0][0] or 0, (first[0][0] or 0) + 90))

    async def test_what_is_acknowledged_is_in_the_history_at_once(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        async with alice.wire(room) as alices:
            for at in range(10):
                key = f"at-once-{at}"
                ack = await alices.ask("send_message", room_id=room, client_msg_id=key, content=key)
                newest = (await bob.history(room, limit=1))[-1]

                assert (newest["seq"], newest["id"]) == (ack.data["seq"], ack.data["message_id"])

    async def test_a_hole_is_filled_by_sync(self, alice: Person, bob: Person, room: str) -> None:
        cursor = await place_of(bob, room)
        written = [(await alice.write(room, f"Missed {at}"))["seq"] for at in range(5)]

        async with bob.wire(room) as bobs:
            part = await bobs.ask("sync", room_id=room, after_seq=cursor["seq"], limit=3)
            rest = await bobs.ask("sync", room_id=room, after_seq=written[2], limit=200)
            beyond = await bobs.ask("sync", room_id=room, after_seq=written[-1] + 1, limit=3)
            too_much = await bobs.ask("sync", room_id=room, after_seq=0, limit=201)

        assert [event["seq"] for event in part.data["events"]] == written[:3]
        assert (part.data["more"], part.data["head_seq"]) == (True, written[-1])
        assert [event["seq"] for event in rest.data["events"]] == written[3:]
        assert rest.data["more"] is False
        assert beyond.data["code"] == "gap"
        assert too_much.data["code"] == "invalid"


class TestComingBack:
    async def test_what_was_missed_comes_in_order_and_then_what_is_new(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        cursor = await place_of(bob, room)
        missed = [(await alice.write(room, f"Missed {at}"))["seq"] for at in range(3)]

        async with bob.wire(resume=[cursor]) as bobs:
            resumed = await bobs.hear("resumed")
            replayed = [event.seq for event in bobs.events]
            live = await alice.write(room, "Welcome back")
            await bobs.reach(live["seq"])

            assert [event.seq for event in bobs.events] == [*missed, live["seq"]]
        assert replayed == missed
        assert resumed.data["rooms"] == [
            {"room_id": room, "recovered": True, "from": cursor["seq"], "to": missed[-1]}
        ]

    async def test_a_replay_shows_what_became_of_messages(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        cursor = await place_of(bob, room)
        edited = await alice.write(room, "Frist")
        deleted = await alice.write(room, "Regretted")
        await alice.call("PATCH", f"/v1/messages/{edited['id']}", {"content": "First"})
        await alice.call("PUT", f"/v1/messages/{edited['id']}/reactions/👍")
        await alice.call("DELETE", f"/v1/messages/{deleted['id']}")

        async with bob.wire(resume=[cursor]) as bobs:
            await bobs.hear("resumed")
            events = bobs.events

        assert [(event.type, (event.seq or 0) - cursor["seq"]) for event in events] == [
            ("message", 1),
            ("message", 2),
            ("message_edited", 3),
            ("reaction_added", 4),
            ("message_deleted", 5),
        ]
        first, second, *_ = events
        assert (first.data["content"], first.data["rev"]) == ("First", 2)
        assert second.data["content"] == ""
        history = {one["id"]: one for one in await bob.history(room)}
        assert history[edited["id"]]["content"] == "First"
        assert history[edited["id"]]["reactions"] == [{"emoji": "👍", "count": 1, "mine": False}]
        assert history[deleted["id"]]["content"] == ""

    async def test_what_was_deleted_is_nowhere_any_more(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        cursor = await place_of(bob, room)
        message = await alice.write(room, "The word is swordfish")
        await alice.call(
            "PATCH", f"/v1/messages/{message['id']}", {"content": "The word was swordfish"}
        )
        await alice.call("DELETE", f"/v1/messages/{message['id']}")

        path = f"/v1/messages/{message['id']}"
        async with bob.wire(resume=[cursor]) as bobs:
            await bobs.hear("resumed")
            sync = await bobs.ask("sync", room_id=room, after_seq=0, limit=200)
        answers = [
            await bob.call("GET", place)
            for place in (f"/v1/rooms/{room}/messages", f"/v1/rooms/{room}/events", path)
        ]
        edits = await alice.call("GET", f"{path}/edits")

        everything = [str(bobs.frames), str(sync.data), edits.text, *(one.text for one in answers)]
        assert not [text for text in everything if "swordfish" in text]

    @pytest.mark.parametrize("how", ["resume", "join_room"])
    async def test_a_place_in_another_epoch_is_a_gap_and_then_it_is_live(
        self, alice: Person, bob: Person, room: str, how: str
    ) -> None:
        cursor = (await place_of(bob, room)) | {"epoch": "of-another-time"}
        last = await alice.write(room, "Meanwhile")

        async with bob.wire() as bobs:
            if how == "resume":
                answer = (await bobs.ask("resume", rooms=[cursor])).data["rooms"][0]
            else:
                place = {"after_seq": cursor["seq"], "epoch": cursor["epoch"]}
                answer = (await bobs.ask("join_room", room_id=room, **place)).data
            gap = await bobs.hear("gap")
            live = await alice.write(room, "And now")
            await bobs.reach(live["seq"])

            assert [event.seq for event in bobs.events] == [live["seq"]]
        assert answer["recovered"] is False
        assert gap.room_id == room
        assert gap.data == {"from_seq": 1, "to_seq": last["seq"], "reason": "epoch"}

    async def test_too_much_to_replay_is_a_gap_and_then_it_is_live(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        cursor = await place_of(bob, room)
        async with alice.wire(room) as alices:
            missed = await send(alices, room, 51, prefix="missed")

        async with bob.wire(resume=[cursor]) as bobs:
            gap = await bobs.hear("gap")
            resumed = await bobs.hear("resumed")
            live = await alice.write(room, "And now")
            await bobs.reach(live["seq"])

            assert [event.seq for event in bobs.events] == [live["seq"]]
        assert gap.data == {"from_seq": missed[0], "to_seq": missed[-1], "reason": "too_many"}
        assert resumed.data["rooms"][0]["reason"] == "too_many"


class TestSmallThings:
    async def test_a_read_mark_never_goes_back_nor_beyond_the_end(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        async def mark() -> int:
            items = (await bob.get("/v1/me/unread"))["items"]
            return int(next(one["read_seq"] for one in items if one["room_id"] == room))

        first = (await alice.write(room, "One"))["seq"]
        last = (await alice.write(room, "Two"))["seq"]

        async with bob.wire(room) as bobs:
            for seq in (last + 1_000, first):
                await bobs.ask("read", room_id=room, seq=seq)

                assert await mark() == last
        await bob.call("PUT", f"/v1/rooms/{room}/read", {"seq": first})

        assert await mark() == last

    async def test_who_marks_what_was_read_before_is_told_where_the_mark_is(
        self, alice: Person, bob: Person, room: str
    ) -> None:
        first = (await alice.write(room, "One"))["seq"]
        last = (await alice.write(room, "Two"))["seq"]
        await bob.call("PUT", f"/v1/rooms/{room}/read", {"seq": last})

        answer = await bob.call("PUT", f"/v1/rooms/{room}/read", {"seq": first})

        assert answer.json() == {"read_seq": last}

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

"""What people do all day: meet in a room, write, correct, react, read, look back, and part."""

import asyncio

import httpx
import pytest
import pytest_asyncio

from hubbub_client.api import Api
from tests.support.shapes import Shape
from tests.support.waiting import eventually
from tests.system.people import PASSWORD, Person, Query
from tests.system.settings import SETTINGS

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_who_registered_logs_in_as_the_same_person(program: Shape, alice: Person) -> None:
    async with Api(program.url) as another_device:
        tokens = await another_device.log_in(alice.email, PASSWORD)

        me = await another_device.call("GET", "/v1/me")

    assert tokens.user["id"] == me["id"] == alice.id
    assert me["email"] == alice.email


async def test_what_one_sends_the_other_sees_and_both_read_again(
    alice: Person, bob: Person, room: str
) -> None:
    async with bob.wire(room) as bobs, alice.client() as alices:
        await alices.join(room)
        sent = await alices.send(room, "Hello, Bob")
        seen = await bobs.hear("message")

    assert seen.seq == sent.seq
    assert seen.data["content"] == "Hello, Bob"
    assert seen.data["author"] == {"kind": "user", "id": alice.id, "name": "Alice"}
    for reader in (alice, bob):
        (stored,) = await reader.history(room)
        assert stored["id"] == seen.data["id"] == sent.message_id
        assert stored["seq"] == sent.seq
        assert stored["content"] == "Hello, Bob"


async def test_who_comes_in_is_announced_to_those_who_listen(alice: Person, bob: Person) -> None:
    room = await alice.make_room()

    async with alice.wire(room) as alices:
        await bob.api.join(room)
        joined = await alices.hear("member_joined")

    assert joined.data["person"]["id"] == bob.id
    assert joined.data["role"] == "member"


async def test_who_has_just_joined_is_a_member_on_the_socket_too(
    alice: Person, bob: Person
) -> None:
    async with bob.wire() as bobs:
        for _ in range(5):
            room = await alice.make_room()
            await bob.api.join(room)

            joined = await bobs.ask("join_room", room_id=room)
            typing = await bobs.ask("typing", room_id=room, is_typing=True)

            assert joined.data["role"] == "member"
            assert typing.type == "ack", typing.data


async def test_who_listened_before_joining_may_type_after_it(alice: Person, bob: Person) -> None:
    room = await alice.make_room()

    async with bob.wire(room) as bobs:
        await bob.api.join(room)
        await bobs.hear("room_added")
        await bobs.hear("member_joined")
        typing = await bobs.ask("typing", room_id=room, is_typing=True)

    assert typing.type == "ack", typing.data


async def test_an_edit_a_reaction_and_a_deletion_reach_the_other_and_the_history(
    alice: Person, bob: Person, room: str
) -> None:
    async with alice.wire(room) as alices, bob.wire(room) as bobs:
        sent = await alices.ask(
            "send_message", room_id=room, client_msg_id="changing", content="Hi Bbo"
        )
        of_it = {"room_id": room, "message_id": sent.data["message_id"]}
        edit = await alices.ask("edit_message", **of_it, content="Hi Bob")
        await bobs.ask("add_reaction", **of_it, emoji="👋")
        (changed,) = await alice.history(room)
        await bobs.ask("remove_reaction", **of_it, emoji="👋")
        await alices.ask("delete_message", **of_it)
        await bobs.hear("message_deleted")
        (gone,) = await alice.history(room)

        assert [event.type for event in bobs.events] == [
            "message",
            "message_edited",
            "reaction_added",
            "reaction_removed",
            "message_deleted",
        ]
    assert (changed["content"], changed["rev"]) == ("Hi Bob", edit.data["rev"])
    assert changed["reactions"] == [{"emoji": "👋", "count": 1, "mine": False}]
    assert (gone["content"], gone["reactions"]) == ("", [])
    assert gone["deleted_at"] is not None


async def test_what_is_unread_is_counted_until_it_is_read(
    alice: Person, bob: Person, room: str
) -> None:
    async def unread() -> tuple[int, int]:
        items = (await bob.get("/v1/me/unread"))["items"]
        (item,) = [one for one in items if one["room_id"] == room]
        return item["unread"], item["mentions"]

    await alice.write(room, "One")
    last = await alice.write(room, f"Two, <@{bob.id}>")
    before = await unread()
    async with alice.wire(room) as alices, bob.wire(room) as bobs:
        await bobs.ask("read", room_id=room, seq=last["seq"])
        receipt = await alices.hear("receipt")

    assert before == (2, 1)
    assert await unread() == (0, 0)
    assert receipt.data == {"person_id": bob.id, "read_seq": last["seq"]}


async def test_one_sees_who_is_there_and_who_is_typing(
    alice: Person, bob: Person, room: str
) -> None:
    async with alice.wire(room) as alices, bob.wire(room) as bobs:
        await bobs.tell("typing", room_id=room, is_typing=True)
        typing = await alices.hear("typing")
        there = await eventually(
            lambda: alice.get(f"/v1/rooms/{room}/presence"), lambda there: there["count"] == 2
        )

    assert (typing.data["person_id"], typing.data["is_typing"]) == (bob.id, True)
    assert set(there["users"]) == {alice.id, bob.id}


async def test_who_left_hears_and_writes_no_more(alice: Person, bob: Person, room: str) -> None:
    async with alice.wire(room) as alices, bob.wire(room) as bobs:
        (await bob.call("POST", f"/v1/rooms/{room}/leave")).raise_for_status()
        left = await alices.hear("member_left")
        await bobs.hear("room_left")
        await alice.write(room, "He is gone")
        await alices.hear("message")
        await bobs.settle()
        refusal = await bobs.ask(
            "send_message", room_id=room, client_msg_id="too-late", content="One more thing"
        )

        assert left.data["reason"] == "left"
        assert [event.type for event in bobs.events] == ["member_left"]
    assert refusal.data["code"] == "not_member"


async def test_http_and_socket_write_in_one_order(alice: Person, bob: Person, room: str) -> None:
    async with bob.wire(room) as bobs:
        over_http = [(await alice.write(room, f"By HTTP {at}"))["seq"] for at in range(2)]
        acks = [
            await bobs.ask("send_message", room_id=room, client_msg_id=f"by-{at}", content="Socket")
            for at in range(2)
        ]
        over_http.append((await alice.write(room, "By HTTP again"))["seq"])
        await bobs.reach(over_http[-1])
        seen = [event.seq for event in bobs.events]

    written = [*over_http[:2], *(ack.data["seq"] for ack in acks), *over_http[2:]]
    assert written == list(range(written[0], written[0] + 5))
    assert seen == written
    assert [one["seq"] for one in await bob.history(room)] == written


async def test_what_a_client_sends_faster_than_it_may_arrives_in_that_order(
    charlie: Person,
) -> None:
    room = await charlie.make_room()
    texts = [f"Number {at}" for at in range(int(SETTINGS["GATEWAY_SENDS_BURST"]) + 50)]

    async with charlie.client() as client:
        await client.join(room)
        sent = await asyncio.gather(*(client.send(room, text) for text in texts))

    assert [one.seq for one in sent] == list(range(sent[0].seq, sent[0].seq + len(texts)))
    newest = await charlie.history(room, limit=100)
    assert [one["content"] for one in newest] == texts[-100:]


class TestLookingBack:
    """A room with five messages, read in pages."""

    @pytest_asyncio.fixture(loop_scope="package")
    async def seqs(self, alice: Person, room: str) -> list[int]:
        return [(await alice.write(room, f"Number {at}"))["seq"] for at in range(5)]

    async def test_the_newest_page_comes_first_and_each_page_is_oldest_first(
        self, bob: Person, room: str, seqs: list[int]
    ) -> None:
        pages = []
        query: Query = {"limit": 2}
        while True:
            page = await bob.get(f"/v1/rooms/{room}/messages", **query)
            pages.append([one["seq"] for one in page["items"]])
            if page["next_cursor"] is None:
                break
            query["cursor"] = page["next_cursor"]

        assert pages == [seqs[3:], seqs[1:3], seqs[:1]]

    async def test_a_page_may_begin_before_after_or_around_a_message(
        self, bob: Person, room: str, seqs: list[int]
    ) -> None:
        async def page(**place: int) -> list[int]:
            return [one["seq"] for one in await bob.history(room, limit=3, **place)]

        assert await page(before_seq=seqs[2]) == seqs[:2]
        assert await page(after_seq=seqs[2]) == seqs[3:]
        assert await page(around=seqs[2]) == seqs[1:4]

    @pytest.mark.parametrize(
        ("field", "value"),
        [("limit", 0), ("limit", 101), ("cursor", "made-up"), ("before_seq", -1)],
    )
    async def test_a_page_that_cannot_be_is_refused(
        self, bob: Person, room: str, field: str, value: str | int
    ) -> None:
        answer = await bob.call("GET", f"/v1/rooms/{room}/messages", query={field: value})

        assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert list(answer.json()["fields"]) == [field]

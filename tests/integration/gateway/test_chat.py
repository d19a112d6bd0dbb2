"""What people meet: getting in, hearing each other, and staying in order when the bus is not."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    ROOM_PAYLOADS,
    PostMessage,
    SetPresence,
    read_payload,
)
from libs.common.contracts.events import Personal, Signal
from tests.integration.gateway.house import House, house
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, CHARLIE, FIRST_EPOCH, LOBBY, event

ROOM = {"room_id": str(LOBBY)}
SEND = ROOM | {"client_msg_id": "m-1", "content": "hello"}


@pytest.fixture
async def home() -> AsyncIterator[House]:
    async with house() as running:
        yield running


async def test_a_message_is_acknowledged_and_then_heard_by_all(home: House) -> None:
    obeying = asyncio.create_task(home.obey_posts())
    async with home.client(ALICE) as alice, home.client(BOB) as bob:
        await alice.join(LOBBY)
        await bob.join(LOBBY)

        ack = await alice.ask("send_message", SEND)
        assert (ack["type"], ack["data"]["seq"]) == ("ack", 1)
        assert (await alice.next("message"))["seq"] == 1
        assert (await bob.next("message"))["data"] == "hello"
    obeying.cancel()


async def test_pipelined_messages_keep_their_order() -> None:
    async with house(sends_burst=200, commands_burst=300) as home, home.client(ALICE) as alice:
        for number in range(100):
            data = ROOM | {"client_msg_id": f"m-{number}", "content": str(number)}
            await alice.say("send_message", data)
            if number % 50 == 49:
                for done in range(number - 49, number + 1):
                    command = await home.next_command()
                    payload = read_payload(command, ROOM_PAYLOADS)
                    assert payload == PostMessage(str(done))
                    await home.ack(command)
                    assert (await alice.next("ack"))["ref"] == command.ref


async def test_with_too_many_commands_in_flight_the_gateway_reads_no_more() -> None:
    async with house(in_flight=2) as home, home.client(ALICE) as alice:
        for number in range(5):
            await alice.say("delete_message", ROOM | {"message_id": str(ALICE.id)}, ref=str(number))
        first, second = await home.next_command(), await home.next_command()
        assert home.commands.empty()

        await home.ack(second)
        assert (await alice.next("ack"))["ref"] == "1"
        assert (await home.next_command()).ref == "2"
        await home.ack(first)
        assert (await home.next_command()).ref == "3"


async def test_an_answer_that_nobody_waits_for_is_dropped(home: House) -> None:
    async with home.client(ALICE) as alice:
        await alice.say("send_message", SEND)
        command = await home.next_command()
        await home.ack(command, seq=1)
        await home.ack(command, seq=1)
        await alice.next("ack")

        assert (await alice.ask("ping", {}))["type"] == "pong"


async def test_a_command_without_answer_times_out() -> None:
    async with house(command_timeout_s=0.1) as home, home.client(ALICE) as alice:
        answer = await alice.ask("send_message", SEND)

        assert (answer["data"]["code"], answer["data"]["retryable"]) == ("timeout", True)


async def test_a_command_that_no_queue_takes_is_refused_at_once() -> None:
    async with house(has_owners=False) as home, home.client(ALICE) as alice:
        answer = await alice.ask("send_message", SEND)

        assert answer["data"]["code"] == "unavailable"


async def test_presence_is_chosen_with_its_owner(home: House) -> None:
    async with home.client(ALICE) as alice:
        assert (await home.next_lease()).kind == "lease"
        await alice.say("set_presence", {"state": "dnd"}, ref="p")
        command = await home.next_lease()
        assert read_payload(command, PERSON_PAYLOADS) == SetPresence("dnd")
        await home.ack(command, state="dnd")

        assert (await alice.next("ack"))["ref"] == "p"


async def test_swapped_doubled_and_lost_events_come_in_order(home: House) -> None:
    log = home.messages.log()
    async with home.client(ALICE) as alice:
        await alice.join(LOBBY)
        first, second, _, fourth = log.fill(4)
        await home.publish(second, first, second, fourth, first)

        assert [(await alice.hear())["seq"] for _ in range(4)] == [1, 2, 3, 4]


async def test_a_lost_last_event_shows_in_a_digest(home: House) -> None:
    async with home.client(ALICE) as alice:
        await alice.join(LOBBY)
        home.messages.log().add("lost")
        await home.publish_head(LOBBY, 1)

        assert (await alice.hear())["data"] == "lost"


async def test_coming_back_replays_exactly_what_was_missed(home: House) -> None:
    log = home.messages.log()
    log.fill(20)
    cursors = [
        ROOM | {"seq": 12, "epoch": FIRST_EPOCH},
        {"room_id": str(ATTIC), "seq": 1, "epoch": "e"},
    ]
    async with home.client(ALICE, resume=cursors) as alice:
        seqs = [(await alice.hear())["seq"] for _ in range(8)]
        resumed = await alice.next("resumed")
        await home.publish(log.add())
        seqs.append((await alice.hear())["seq"])

    assert seqs == list(range(13, 22))
    assert resumed["data"]["rooms"] == [
        ROOM | {"recovered": True, "from": 12, "to": 20},
        {"room_id": str(ATTIC), "recovered": False, "reason": "not_found"},
    ]


async def test_joining_while_messages_flow_makes_no_hole(home: House) -> None:
    log = home.messages.log()
    flowing = True

    async def flow() -> None:
        while flowing:
            await home.publish(*log.fill(3))
            await asyncio.sleep(0)

    writing = asyncio.create_task(flow())
    heads = []
    for _ in range(10):
        async with home.client(ALICE) as alice:
            head = (await alice.join(LOBBY))["data"]["head_seq"]
            heads.append([(await alice.hear())["seq"] - head for _ in range(20)])
    flowing = False
    await writing

    assert heads == [list(range(1, 21))] * 10


async def test_sync_and_leave_are_answered(home: House) -> None:
    home.messages.log().fill(3)
    async with home.client(ALICE) as alice:
        await alice.join(LOBBY)
        events = await alice.ask("sync", ROOM | {"after_seq": 1, "limit": 10})
        assert [one["seq"] for one in events["data"]["events"]] == [2, 3]

        assert (await alice.ask("leave_room", ROOM))["type"] == "room_left"
        await home.publish(home.messages.log().add())
        assert (await alice.ask("ping", {}))["type"] == "pong"


async def test_a_removed_member_hears_nothing_after(home: House) -> None:
    log = home.messages.log()
    async with home.client(ALICE) as alice, home.client(BOB) as bob:
        await alice.join(LOBBY)
        await bob.join(LOBBY)
        removal = log.add("bob is gone", detach=str(BOB.id), reason="removed")
        del log.members[BOB.id]
        await home.publish(removal, log.add("about bob"))
        await home.tell(Personal(BOB.id, "room_removed", b'{"type":"room_removed"}'))

        assert (await bob.next("message"))["data"] == "bob is gone"
        assert (await bob.next("room_left"))["data"]["reason"] == "removed"
        await bob.next("room_removed")
        assert (await bob.ask("join_room", ROOM))["data"]["code"] == "not_found"
        assert [(await alice.hear())["seq"] for _ in range(2)] == [1, 2]


async def test_typing_and_presence_reach_the_others(home: House) -> None:
    async with home.client(ALICE) as alice, home.client(BOB) as bob:
        await alice.join(LOBBY)
        await bob.join(LOBBY)

        await alice.say("typing", ROOM | {"is_typing": True}, ref=None)
        typing = await bob.next("typing")
        assert typing["data"] == {
            "person_id": str(ALICE.id),
            "is_typing": True,
            "expires_in_ms": 6_000,
        }
        await home.signal(Signal(LOBBY, "presence", BOB.id, b'{"type":"presence"}'))
        await alice.next("presence")
        await bob.next("presence")


async def test_typing_ends_with_the_connection(home: House) -> None:
    async with home.client(BOB) as bob:
        await bob.join(LOBBY)
        async with home.client(ALICE) as alice:
            await alice.join(LOBBY)
            await alice.say("typing", ROOM | {"is_typing": True}, ref=None)
            assert (await bob.next("typing"))["data"]["is_typing"]
            alice.socket.transport.abort()

        assert not (await bob.next("typing"))["data"]["is_typing"]


async def test_an_outsider_finds_nothing(home: House) -> None:
    async with home.client(CHARLIE) as charlie:
        assert charlie.ready["data"]["rooms"] == []
        assert (await charlie.ask("join_room", ROOM))["data"]["code"] == "not_found"
        answer = await charlie.ask("sync", ROOM | {"after_seq": 0, "limit": 5})
        assert answer["data"]["code"] == "not_found"


async def test_frames_go_out_as_their_owner_wrote_them(home: House) -> None:
    odd = event(1, text="spaces   and ünïcode 👋")
    async with home.client(ALICE) as alice:
        await alice.join(LOBBY)
        await home.publish(odd)

        assert (await alice.socket.recv(decode=False)) == odd.frame
        assert json.loads(odd.frame)["data"] == "spaces   and ünïcode 👋"

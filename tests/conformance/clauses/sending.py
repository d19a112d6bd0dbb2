"""P13 to P17: every command is answered, and what is acknowledged is there, once, in order."""

from collections import Counter
from contextlib import AsyncExitStack
from typing import Final

from hubbub_client.frames import Frame
from tests.conformance.case import Case
from tests.conformance.clause import POLL, WAYS, Clause, expect, expect_equal, first_difference
from tests.conformance.socket_way import ready_device
from tests.conformance.talking import send, send_many, together

AT_ONCE: Final = 10
IN_ORDER: Final = 100
COPIES: Final = 50
DEVICES: Final = 5
FAILURES: Final = frozenset({"internal", "timeout", "unavailable"})
MOST_S: Final = 120.0
"""A hundred messages at the default pace of 5 a second take 20 s."""


async def every_command_is_answered_once(case: Case) -> None:
    room = await case.room(case.bob)
    message = await case.alice.write(room, "About this")
    of_it = {"room_id": room, "message_id": message["id"]}
    sending = {"room_id": room, "client_msg_id": "one", "content": "One"}
    commands = [
        ("join_room", {"room_id": room}),
        ("send_message", sending),
        ("send_message", sending),
        ("send_message", sending | {"content": "Two"}),
        ("edit_message", {**of_it, "content": "Not mine"}),
        ("add_reaction", {**of_it, "emoji": "👍"}),
        ("add_reaction", {**of_it, "emoji": "👍"}),
        ("remove_reaction", {**of_it, "emoji": "👎"}),
        ("delete_message", of_it),
        ("read", {"room_id": room, "seq": 1}),
        ("sync", {"room_id": room, "after_seq": 0, "limit": 10}),
        ("set_presence", {"state": "online"}),
        ("dance", {}),
        ("typing", {"room_id": room, "is_typing": False}),
        ("leave_room", {"room_id": room}),
        ("ping", {}),
    ]
    refs = [f"every-{at}" for at in range(len(commands))]
    async with ready_device(case.bob) as device:
        await device.listen(room)
        for ref, (type_, data) in zip(refs, commands, strict=True):
            if type_ == "send_message":
                await case.bob.sends.turn()
            await device.wire.tell(type_, ref, **data)
        answers = [await device.wire.answer(ref) for ref in refs]
        failed = [one for one in answers if one.data.get("code") in FAILURES]
        expect(not failed, "no failure of the server", failed)
        await device.settle()
        counts = Counter(one.ref for one in device.frames if one.ref in refs)
    expect_equal(set(counts.values()), {1}, "the number of answers to each command to be")


async def every_request_is_answered(case: Case) -> None:
    room = await case.room(case.bob)
    async with case.listening(case.bob, room) as device:
        keys = [f"every-{at}" for at in range(AT_ONCE)] * 2
        acks = await together(*(send(device, room, key, key=key) for key in keys))
        seqs = [ack["seq"] for ack in acks]
        await device.reach(room, max(seqs))
        heard = [one.seq for one in device.events(room)]
    expect_equal(seqs[:AT_ONCE], seqs[AT_ONCE:], "the seqs of repeats to be")
    expect_equal(sorted(set(seqs)), heard, "what is heard to be what was acknowledged,")


async def an_ack_means_it_is_there(case: Case) -> None:
    room = await case.room(case.bob)
    async with case.listening(case.alice, room) as device:
        for at in range(AT_ONCE):
            ack = await send(device, room, f"There {at}")
            page = await case.bob.do("GET", f"/v1/rooms/{room}/messages?limit=1")
            newest = [(one["seq"], one["id"]) for one in page["items"]]
            expect_equal(newest, [(ack["seq"], ack["message_id"])], "the newest in the history")


async def copies_are_one_message(case: Case) -> None:
    room = await case.room(case.bob)
    devices = min(DEVICES, int(case.limits["connections_per_person"]))
    async with AsyncExitStack() as opened:
        alices = [
            await opened.enter_async_context(case.listening(case.alice, room))
            for _ in range(devices)
        ]
        answers = await together(
            *(send(alices[at % devices], room, "Copy", key="copy") for at in range(COPIES))
        )
    equal = {(one["message_id"], one["seq"]) for one in answers}
    expect(len(equal) == 1, "one id and seq for all copies", equal)
    first = [one for one in answers if not one["duplicate"]]
    expect(len(first) == 1, "one ack that is no duplicate", first)
    history = [one["seq"] for one in await case.bob.history(room)]
    expect_equal(history, [answers[0]["seq"]], "the history to hold")


async def another_content_is_a_conflict(case: Case) -> None:
    room = await case.room(case.bob)
    async with case.listening(case.alice, room) as device:
        await send(device, room, "First", key="same-id")
        answer = await device.command(
            "send_message", room_id=room, client_msg_id="same-id", content="Another"
        )
    expect_equal(answer.code, "idempotency_conflict", "it refused with")
    contents = [one["content"] for one in await case.bob.history(room)]
    expect_equal(contents, ["First"], "the history to hold")


async def pipelined_messages_keep_their_order(case: Case) -> None:
    room = await case.room(case.bob)
    keys = [f"order-{at}" for at in range(IN_ORDER)]
    async with ready_device(case.alice) as alices, case.listening(case.bob, room) as bobs:
        for key in keys:
            await case.alice.sends.turn()
            await alices.wire.tell(
                "send_message", key, room_id=room, client_msg_id=key, content=key
            )
        answers = {key: await alices.wire.answer(key) for key in keys}
        taken = {key: answer for key, answer in answers.items() if answer.type == "ack"}
        refused = [one for key, one in answers.items() if key not in taken and not is_busy(one)]
        # A server that has too much to do may say so, and still keeps the order of what it took.
        expect(not refused and len(taken) >= IN_ORDER // 2, "an ack for each", refused)
        await bobs.reach(room, max(ack.data["seq"] for ack in taken.values()))
        heard = [one.data["content"] for one in bobs.events(room) if one.type == "message"]
    sent = list(taken)
    expect(heard == sent, "all in the order in which they were sent", first_difference(heard, sent))


def is_busy(answer: Frame) -> bool:
    return answer.type == "error" and bool(answer.data["code"] == "unavailable")


async def messages_keep_their_order(case: Case) -> None:
    room = await case.room(case.bob)
    keys = [f"order-{at}" for at in range(IN_ORDER)]
    async with case.listening(case.bob, room) as bobs, case.device(case.alice) as alices:
        seqs = await send_many(alices, room, keys)
        await bobs.reach(room, seqs[-1])
        heard = [one.data["content"] for one in bobs.events(room) if one.type == "message"]
    expect(heard == keys, "all in the order in which they were sent", first_difference(heard, keys))


CLAUSES: Final = (
    Clause(
        "P13",
        "every command with a `ref` is answered, exactly once",
        every_command_is_answered_once,
    ),
    Clause(
        "P13",
        "every request is answered, repeats too, and heard of once",
        every_request_is_answered,
        ways=(POLL,),
        within_s=MOST_S,
    ),
    Clause(
        "P14",
        "what is acknowledged is in the history at once",
        an_ack_means_it_is_there,
        ways=WAYS,
    ),
    Clause(
        "P15",
        "the same message 50 times over 5 connections is one message with 50 equal acks",
        copies_are_one_message,
        ways=WAYS,
        within_s=MOST_S,
    ),
    Clause(
        "P16",
        "the same `client_msg_id` with other content is an `idempotency_conflict`",
        another_content_is_a_conflict,
        ways=WAYS,
    ),
    Clause(
        "P17",
        "100 messages sent without waiting arrive in the order in which they were sent",
        pipelined_messages_keep_their_order,
        within_s=MOST_S,
    ),
    Clause(
        "P17",
        "100 messages sent one after the other arrive in that order",
        messages_keep_their_order,
        ways=(POLL,),
        within_s=MOST_S,
    ),
)

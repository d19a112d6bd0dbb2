"""P18, P19 and P25: all hear the same, without a hole, whenever they came in."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from typing import Final

from hubbub_client.frames import Json
from tests.conformance.case import Case
from tests.conformance.clause import POLL, WAYS, Clause, expect, expect_equal
from tests.conformance.pace import Pace
from tests.conformance.socket_way import SocketDevice, ready_device
from tests.conformance.talking import (
    expect_seqs,
    expect_whole,
    order,
    send,
    seqs,
    together,
)
from tests.conformance.ways import Device

EACH: Final = 12
MISSED: Final = 5

JOINERS: Final = 4
MOST_EDITORS: Final = 8
MOST_S: Final = 120.0


async def all_hear_the_same(case: Case) -> None:
    room = await case.room(case.bob, case.charlie)
    async with AsyncExitStack() as opened:
        devices = [
            await opened.enter_async_context(case.listening(person, room, at=at))
            for person in case.people
            for at in (case.options.url, case.anywhere)
        ]
        acks = await together(
            *(
                send(device, room, f"{number}-{at}")
                for number, device in enumerate(devices[::2])
                for at in range(EACH)
            )
        )
        every = sorted(int(ack["seq"]) for ack in acks)
        for device in devices:
            await device.reach(room, every[-1])
        streams = [device.events(room) for device in devices]
    for stream in streams:
        expect_whole(stream)
        expect_seqs(stream, every, "everybody to hear")
        ids = [(one.seq, one.data["id"]) for one in stream]
        expect_equal(ids, [(one.seq, one.data["id"]) for one in streams[0]], "the same ids,")


async def a_hole_is_filled_by_sync(case: Case) -> None:
    room = await case.room(case.bob)
    before = (await case.bob.cursor(room))["seq"]
    written = [(await case.alice.write(room, f"Missed {at}"))["seq"] for at in range(MISSED)]
    async with ready_device(case.bob) as device:
        part = await _sync(device, room, after_seq=before, limit=MISSED - 2)
        rest = await _sync(device, room, after_seq=written[-3], limit=case.limits["sync_limit"])
        beyond = await device.command("sync", room_id=room, after_seq=written[-1] + 1, limit=3)
        too_much = await device.command(
            "sync", room_id=room, after_seq=0, limit=case.limits["sync_limit"] + 1
        )
    came = [event["seq"] for event in part["events"]]
    expect_equal((came, part["more"]), (written[: MISSED - 2], True), "the first part and `more`")
    came = [event["seq"] for event in rest["events"]]
    expect_equal((came, rest["more"]), (written[-2:], False), "the rest and no `more`")
    expect_equal(rest["head_seq"], written[-1], "`head_seq` to be")
    expect_equal(beyond.code, "gap", "what is beyond the head to be refused with")
    expect_equal(too_much.code, "invalid", "a limit above `sync_limit` to be refused with")


async def an_old_cursor_is_answered_again(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    written = [(await case.alice.write(room, f"Missed {at}"))["seq"] for at in range(MISSED)]
    for _ in range(2):
        async with case.device(case.bob) as device:
            (recovery,) = await device.resume(cursor)
            expect(recovery.is_recovered, "the cursor to be good", recovery)
            expect_seqs(device.events(room), written, "a poll to bring")


async def joining_while_it_flows(case: Case) -> None:
    """Changes come as fast as limits let: edits by several connections, each an event."""
    room = await case.room(case.bob)
    is_over = asyncio.Event()
    async with AsyncExitStack() as opened:
        editors = await _editors(case, opened)
        pace = Pace(case.options.flow_per_s, burst=1)
        flowing = asyncio.create_task(
            together(*(_edit(one, room, pace, is_over) for one in editors))
        )
        try:
            await together(*(_join_often(case, room) for _ in range(JOINERS)))
        finally:
            is_over.set()
            await flowing


async def _editors(case: Case, opened: AsyncExitStack) -> list[SocketDevice]:
    """Connect who makes events flow: as many as can make so many events, if they may."""
    needed = round(case.options.flow_per_s / case.limits["commands_per_s"] + 0.5)
    # One place is left, or the oldest would be closed.
    allowed = case.limits["connections_per_person"] - 1
    return [
        await opened.enter_async_context(ready_device(case.alice))
        for _ in range(max(1, min(needed, allowed, MOST_EDITORS)))
    ]


async def _edit(editor: SocketDevice, room: str, pace: Pace, is_over: asyncio.Event) -> None:
    message = await send(editor, room, "This changes")
    of_it = {"room_id": room, "message_id": message["message_id"]}
    for number in count(1):
        if is_over.is_set():
            return
        await pace.turn()
        await order(editor, "edit_message", **of_it, content=f"It changed {number} times")


async def _join_often(case: Case, room: str) -> None:
    """Come in again and again, with and without a place to go on from, and miss nothing."""
    cursor = await case.bob.cursor(room)
    for at in range(case.options.joins // JOINERS):
        async with case.device(case.bob) as device:
            if at % 2:
                (recovery,) = await device.resume(cursor)
                expect(recovery.is_recovered, "to go on from a moment ago", recovery)
                await device.reach(room, cursor["seq"] + 1)
                expect_equal(seqs(device.events(room))[0], cursor["seq"] + 1, "the first seq")
            else:
                await device.listen(room)
                await _hears_more(device, room)
            expect_whole(device.events(room))
            cursor = await case.bob.cursor(room)


async def _hears_more(device: Device, room: str) -> None:
    event = await device.hear("message_edited")
    await device.reach(room, (event.seq or 0) + 2)


async def _sync(device: SocketDevice, room: str, *, after_seq: int, limit: int) -> Json:
    return await order(device, "sync", room_id=room, after_seq=after_seq, limit=limit)


CLAUSES: Final = (
    Clause(
        "P18",
        "seqs rise by one at everybody, and everybody hears the same, at every gateway",
        all_hear_the_same,
        ways=WAYS,
        people=3,
    ),
    Clause("P19", "`sync` brings what is missing", a_hole_is_filled_by_sync),
    Clause(
        "P19",
        "a poll from an earlier cursor brings what came since, as often as it is asked",
        an_old_cursor_is_answered_again,
        ways=(POLL,),
    ),
    Clause(
        "P25",
        "100 times coming in while up to 200 events a second flow: no hole, nothing twice",
        joining_while_it_flows,
        ways=WAYS,
        within_s=MOST_S,
    ),
)

"""P24, P26 and P29: who may hear a room, until when, and how far they have read."""

import asyncio
from typing import Final

from tests.conformance.case import Case
from tests.conformance.clause import WAYS, Clause, expect, expect_equal
from tests.conformance.talking import order, seqs
from tests.conformance.ways import Recovery

AFTERWARDS: Final = 5


async def who_was_removed_cannot_come_back(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    await case.alice.do("DELETE", f"/v1/rooms/{room}/members/{case.bob.id}")
    await case.alice.write(room, "Not for Bob")
    async with case.device(case.bob) as device:
        (recovery,) = await device.resume(cursor)
        await case.alice.write(room, "Nor is this")
        await device.settle()
        expect(not device.events(room), "no event of the room", device.events(room))
    expect_equal(recovery, Recovery(is_recovered=False, reason="not_found"), "to hear")


async def who_is_removed_hears_nothing_after_it(case: Case) -> None:
    room = await case.room(case.bob)
    async with case.listening(case.alice, room) as alices, case.listening(case.bob, room) as bobs:
        writing = asyncio.create_task(_keep_writing(case, room))
        await bobs.hear("message")
        await case.alice.do("DELETE", f"/v1/rooms/{room}/members/{case.bob.id}")
        left = await alices.hear("member_left")
        told = await bobs.hear("room_left")
        last = await writing
        await alices.reach(room, last)
        await bobs.settle()
        heard = bobs.events(room)
    beyond = [one for one in heard if (one.seq or 0) > (left.seq or 0)]
    expect(not beyond, f"no event after {left.seq}", beyond)
    if told.data["reason"] == "not_found":
        # It happened between two polls.
        return
    expect_equal(told.data["reason"], "removed", "`room_left` with the reason")
    expect_equal(seqs(heard)[-1], left.seq, "the last event to be the removal,")


async def a_read_mark_never_goes_back(case: Case) -> None:
    room = await case.room(case.bob)
    first = (await case.alice.write(room, "One"))["seq"]
    last = (await case.alice.write(room, "Two"))["seq"]
    async with case.device(case.bob) as device:
        for seq in (last + 1_000, first):
            await order(device, "read", room_id=room, seq=seq)
            expect_equal(await _mark(case, room), last, f"a mark at {seq} to be at the head,")


async def _keep_writing(case: Case, room: str) -> int:
    """Write until Bob is out and a while longer, and return the last seq."""
    last = 0
    outside = 0
    while outside < AFTERWARDS:
        last = (await case.alice.write(room, "Is Bob there?"))["seq"]
        members = await case.alice.do("GET", f"/v1/rooms/{room}/members")
        outside += case.bob.id not in str(members)
    return last


async def _mark(case: Case, room: str) -> int:
    items = (await case.bob.do("GET", "/v1/me/unread"))["items"]
    return int(next(one["read_seq"] for one in items if one["room_id"] == room))


CLAUSES: Final = (
    Clause(
        "P24",
        "who was removed and resumes hears `not_found` and no event",
        who_was_removed_cannot_come_back,
        ways=WAYS,
    ),
    Clause(
        "P26",
        "who is removed hears the removal, then `room_left`, and no event with a higher seq",
        who_is_removed_hears_nothing_after_it,
        ways=WAYS,
    ),
    Clause(
        "P29",
        "`read` never goes back and stops at the head",
        a_read_mark_never_goes_back,
        ways=WAYS,
    ),
)

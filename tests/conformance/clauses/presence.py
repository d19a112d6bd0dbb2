"""P30 to P32: what is only for a moment, and who is there."""

import asyncio
from contextlib import AsyncExitStack
from typing import Final

from hubbub_client.frames import Frame, Json
from tests.conformance.case import Case
from tests.conformance.clause import (
    POLL,
    SOCKET,
    WAYS,
    Broken,
    Clause,
    Skipped,
    expect,
    expect_equal,
)
from tests.conformance.people import Person
from tests.conformance.socket_way import SocketDevice, ready_device
from tests.conformance.talking import order
from tests.conformance.ways import Device

TYPING_S: Final = 6.0
TYPING_TOLERANCE_S: Final = 2.0
TRIES: Final = 5
OFFLINE_S: Final = 60.0
STILL_THERE_S: Final = 6.0
"""Longer than somebody is kept online who has closed the last connection."""

SEEN_S: Final = 20.0
LOOK_S: Final = 0.1
LOOK_OFTEN_S: Final = 0.5


async def typing_ends_by_itself(case: Case) -> None:
    """Who types is on a socket in any case: typing has no twin over HTTP."""
    room = await case.room(case.bob)
    async with case.listening(case.alice, room) as alices, ready_device(case.bob) as bobs:
        await bobs.listen(room)
        try:
            await _typing_is_told(case, room, alices, bobs)
        except Broken:
            pong = await bobs.wire.ask("ping")
            if pong.data.get("pressure"):
                raise Skipped("the server is under pressure and passes no typing on") from None
            raise


async def _typing_is_told(case: Case, room: str, alices: Device, bobs: SocketDevice) -> None:
    loop = asyncio.get_running_loop()
    began = await _beginning(room, alices, bobs)
    began_at = loop.time()
    expect(began.data["is_typing"], "somebody typing", began)
    promised_s = began.data["expires_in_ms"] / 1000
    expect(promised_s <= TYPING_S, f"at most {TYPING_S:g} s", began)
    latest_s = promised_s + TYPING_TOLERANCE_S + case.options.slack_s
    ended = await alices.hear("typing", within_s=latest_s)
    lasted_s = loop.time() - began_at
    expect(not ended.data["is_typing"], "an end of typing", ended)
    expect(lasted_s <= latest_s, f"it within {latest_s:g} s", f"it after {lasted_s:.1f} s")


async def _beginning(room: str, alices: Device, bobs: SocketDevice) -> Frame:
    """Return what is heard when somebody begins to type.

    A beginning may fall between two polls, as nothing is kept for who is not there: the end comes
    alone then, and it is tried again.
    """
    tries = 1 if isinstance(alices, SocketDevice) else TRIES
    while True:
        await bobs.wire.tell("typing", room_id=room, is_typing=True)
        heard = await alices.hear("typing")
        tries -= 1
        if heard.data["is_typing"] or not tries:
            return heard


async def who_has_a_connection_left_is_there(case: Case) -> None:
    room = await case.room(case.bob)
    async with case.listening(case.alice, room), AsyncExitStack() as cut:
        one = await cut.enter_async_context(ready_device(case.bob))
        async with ready_device(case.bob) as other:
            for device in (one, other):
                await device.listen(room)
            await _is_seen_as(case, "online", within_s=SEEN_S)
        await _stays(case, "online", for_s=STILL_THERE_S)
        one.wire.socket.transport.abort()
        await _is_seen_as(case, "offline", within_s=OFFLINE_S + case.options.slack_s)


async def who_stops_polling_goes(case: Case) -> None:
    room = await case.room(case.bob)
    async with case.listening(case.alice, room):
        async with case.listening(case.bob, room):
            await _is_seen_as(case, "online", within_s=SEEN_S)
        await _is_seen_as(case, "offline", within_s=OFFLINE_S + case.options.slack_s)


async def the_invisible_are_seen_by_nobody(case: Case) -> None:
    room = await case.room(case.bob)
    async with ready_device(case.alice) as alices:
        await order(alices, "set_presence", state="invisible")
        try:
            await alices.listen(room)
            async with case.listening(case.bob, room) as bobs:
                # Who came later is there: so presence has heard of both.
                await _is_there(case, room, case.bob)
                await order(alices, "set_presence", state="invisible", status_text="Psst")
                await _is_hidden(case, room, case.alice)
                await bobs.settle()
                _tells_nothing_of(case.alice, bobs.frames)
            await _not_among_those_there(case, room)
        finally:
            await order(alices, "set_presence", state="online")


async def _not_among_those_there(case: Case, room: str) -> None:
    async with ready_device(case.bob) as device:
        joined = await device.wire.ask("join_room", room_id=room)
    expect(case.alice.id not in str(joined.data), "her not among those there", joined)


def _tells_nothing_of(person: Person, frames: list[Frame]) -> None:
    for frame in frames:
        told = [frame.data, *frame.data.get("users", [])] if frame.type == "presence" else []
        leaks = [one for one in told if one.get("person_id") == person.id]
        seen = {one["state"] for one in leaks}
        expect(seen <= {"offline"}, "the invisible to be offline", frame)
        expect("invisible" not in str(frame.data), "nobody told of the invisible", frame)


async def _is_there(case: Case, room: str, person: Person) -> None:
    """Return once somebody is among those there.  Raises: Broken."""
    give_up_at = asyncio.get_running_loop().time() + SEEN_S
    while person.id not in (there := await _there(case, room))["users"]:
        if asyncio.get_running_loop().time() > give_up_at:
            raise Broken(f"expected {person.id} there within {SEEN_S:g} s; came {there}")
        await asyncio.sleep(LOOK_S)


async def _there(case: Case, room: str) -> Json:
    return await case.bob.do("GET", f"/v1/rooms/{room}/presence")


async def _is_hidden(case: Case, room: str, person: Person) -> None:
    there = await _there(case, room)
    expect(person.id not in there["users"], "the invisible not among those there", there)
    expect_equal(await _seen(case, person), "offline", "the invisible to be seen as")


async def _is_seen_as(case: Case, state: str, *, within_s: float) -> None:
    """Return once Bob is seen as that by Alice.  Raises: Broken."""
    give_up_at = asyncio.get_running_loop().time() + within_s
    while (seen := await _seen(case, case.bob)) != state:
        if asyncio.get_running_loop().time() > give_up_at:
            raise Broken(f"expected him to be {state} within {within_s:g} s; he is {seen}")
        await asyncio.sleep(LOOK_S)


async def _stays(case: Case, state: str, *, for_s: float) -> None:
    until = asyncio.get_running_loop().time() + for_s
    while asyncio.get_running_loop().time() < until:
        expect_equal(await _seen(case, case.bob), state, "him to stay")
        await asyncio.sleep(LOOK_OFTEN_S)


async def _seen(case: Case, person: Person) -> str:
    """Return as what somebody is seen by another member."""
    other = case.alice if person is case.bob else case.bob
    (item,) = (await other.do("GET", f"/v1/presence?user_ids={person.id}"))["items"]
    return str(item["state"])


CLAUSES: Final = (
    Clause(
        "P30",
        "typing ends by itself after 6 s at most",
        typing_ends_by_itself,
        ways=WAYS,
    ),
    Clause(
        "P31",
        "who closes one of two connections is still there; whose last one is cut is offline"
        " within 60 s",
        who_has_a_connection_left_is_there,
        ways=(SOCKET,),
        within_s=STILL_THERE_S + OFFLINE_S + SEEN_S,
    ),
    Clause(
        "P31",
        "who stops polling is offline within 60 s",
        who_stops_polling_goes,
        ways=(POLL,),
        within_s=OFFLINE_S + SEEN_S,
    ),
    Clause(
        "P32",
        "the invisible are offline to everybody else, in every list and every frame",
        the_invisible_are_seen_by_nobody,
        ways=WAYS,
    ),
)

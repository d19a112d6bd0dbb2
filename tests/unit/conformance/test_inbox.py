"""Several wait for what comes, each for something else."""

import asyncio

import pytest

from hubbub_client.frames import Frame
from tests.conformance.clause import Broken
from tests.conformance.inbox import Inbox

ROOM = "r1"


def event(seq: int) -> Frame:
    return Frame("message", {}, room_id=ROOM, seq=seq)


def ack(ref: str) -> Frame:
    return Frame("ack", {}, ref=ref)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox(wait_s=5.0)


async def test_each_who_waits_gets_what_it_waits_for(inbox: Inbox) -> None:
    waiting = [
        asyncio.create_task(inbox.first(lambda one, ref=ref: one.ref == ref, ref))  # type: ignore[misc]
        for ref in ("a", "b")
    ]
    await asyncio.sleep(0)

    inbox.put([ack("b")])
    inbox.put([ack("a")])

    assert await asyncio.gather(*waiting) == [ack("a"), ack("b")]


async def test_a_frame_is_handed_out_once_and_kept(inbox: Inbox) -> None:
    inbox.put([event(1), event(2)])

    heard = [await inbox.first(lambda one: one.type == "message", "a message") for _ in range(2)]

    assert heard == inbox.frames == inbox.events(ROOM) == [event(1), event(2)]


async def test_what_has_come_already_is_reached(inbox: Inbox) -> None:
    inbox.put([event(1)])

    await inbox.reach(ROOM, 1)
    await inbox.reach(ROOM, 1)


async def test_what_never_comes_is_said_with_what_came_last() -> None:
    inbox = Inbox(wait_s=0.0)
    inbox.put([event(1)])

    with pytest.raises(Broken, match=r"expected the event 2 within 0 s; last came .*\"seq\":1"):
        await inbox.reach(ROOM, 2)


async def test_an_end_lets_nobody_wait(inbox: Inbox) -> None:
    waiting = asyncio.create_task(inbox.reach(ROOM, 1))
    await asyncio.sleep(0)

    inbox.end("the connection was closed with 1011")

    with pytest.raises(Broken, match="expected the event 1; the connection was closed with 1011"):
        await waiting

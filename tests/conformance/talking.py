"""What most clauses do: send messages, change things, look at what came."""

import asyncio
from collections.abc import Coroutine, Sequence
from itertools import count, pairwise
from typing import Any, Final, TypeVar

from hubbub_client.frames import Frame, Json
from tests.conformance.clause import Broken, expect, first_difference
from tests.conformance.ways import Answer, Device

TRIES: Final = 20
AGAIN: Final = frozenset({"rate_limited", "unavailable"})

_keys = count(1)

T = TypeVar("T")


async def send(device: Device, room_id: str, content: str, *, key: str | None = None) -> Json:
    """Send a message until it is not one too many, and return its ack.  Raises: Broken."""
    key = key or f"k-{next(_keys)}"
    return await order(device, "send_message", room_id=room_id, client_msg_id=key, content=content)


async def order(device: Device, type_: str, /, **data: object) -> Json:
    """Order something until it is not one too much, and return its ack.  Raises: Broken.

    A server that is busy with others may say so, and when to ask again.
    """
    answer = await device.command(type_, **data)
    for _ in range(TRIES):
        if answer.code not in AGAIN:
            break
        await wait_out(answer)
        answer = await device.command(type_, **data)
    if not answer.code:
        return answer.data
    raise Broken(f"expected an ack for {type_}; came `{answer.code}` {answer.data}")


async def wait_out(answer: Answer) -> None:
    """Wait as long as a refusal says."""
    await asyncio.sleep(answer.data.get("retry_after_ms", 1_000) / 1000)


async def together(*coroutines: Coroutine[Any, Any, T]) -> list[T]:
    """Return what all of them return; when one fails the others go no further."""
    tasks = [asyncio.create_task(one) for one in coroutines]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def send_many(device: Device, room_id: str, contents: Sequence[str]) -> list[int]:
    """Send messages, each when the one before is acknowledged, and return their seqs."""
    return [int((await send(device, room_id, content))["seq"]) for content in contents]


def seqs(events: Sequence[Frame]) -> list[int]:
    return [event.seq for event in events if event.seq is not None]


def expect_seqs(events: Sequence[Frame], expected: Sequence[int], what: str) -> None:
    """Go on if exactly these have come, in this order.  Raises: Broken."""
    came = seqs(events)
    expect(came == list(expected), f"{what} {_span(expected)}", first_difference(came, expected))


def expect_whole(events: Sequence[Frame]) -> None:
    """Go on if every event has the seq after the one before it.  Raises: Broken."""
    came = seqs(events)
    for before, after in pairwise(came):
        expect(after == before + 1, f"seq {before + 1} after {before}", f"{after} ({came[-8:]})")


def _span(expected: Sequence[int]) -> str:
    return f"the seqs {expected[0]} to {expected[-1]}" if expected else "no event"

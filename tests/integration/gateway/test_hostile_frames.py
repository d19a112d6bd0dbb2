"""What no library would send over an open socket: it ends with its code, and costs its sender."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from tests.integration.gateway.house import House, house
from tests.integration.gateway.raw import HANDSHAKE, Wire, frame, wire
from tests.unit.gateway.fakes import ALICE

GIGABYTE = (1 << 30).to_bytes(8)
PIECE = frame(b"", opcode=0, is_last=False)


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def quick() -> AsyncIterator[House]:
    """A gateway that does not wait for long, and outlives all of this."""
    async with house(auth_timeout_s=5, close_timeout_s=0.2) as running:
        yield running


async def pong(it: Wire) -> bytes:
    """Return the payload of the next pong."""
    while True:
        first, payload = await it.frame()
        if first == 0x8A:
            return payload


@pytest.mark.parametrize(
    "size",
    [GIGABYTE, b"\0\0\0\0\0\1\0\1", b"\xff" * 8, b"\x80" + bytes(7)],
    ids=["a gigabyte", "a byte too many", "more than there is", "negative"],
)
async def test_a_frame_is_refused_by_its_announced_size(quick: House, size: bytes) -> None:
    async with wire(quick.port) as it:
        await it.shake_hands()
        await it.send(b"\x81\xff" + size + b"mask")

        assert await it.close_code() == 1009


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b"x", bits=0x40), 1002),
        (frame(b"x", bits=0x20), 1002),
        (frame(b"x", bits=0x10), 1002),
        (frame(b"x", opcode=7), 1002),
        (frame(b"x", opcode=11), 1002),
        (frame(b"x", opcode=15), 1002),
        (frame(b"x" * 126, opcode=9), 1002),
        (frame(b"x" * 126, opcode=8), 1002),
        (frame(b"x", opcode=9, is_last=False), 1002),
        (frame(b"\x03\xe8", opcode=8, is_last=False), 1002),
        (frame(b"x", opcode=0), 1002),
        (frame(b"a", is_last=False) + frame(b"b"), 1002),
        (frame(b"\x03", opcode=8), 1002),
        (frame((999).to_bytes(2), opcode=8), 1002),
        (frame((1005).to_bytes(2), opcode=8), 1002),
        (frame((1006).to_bytes(2), opcode=8), 1002),
        (frame((5000).to_bytes(2), opcode=8), 1002),
        (frame((1000).to_bytes(2) + b"\xff", opcode=8), 1007),
        (frame(b"\xff", is_last=False), 1007),
        (frame(b"x" * 65_000, is_last=False) + frame(b"x" * 600, opcode=0, is_last=False), 1009),
    ],
)
async def test_what_breaks_the_rules_closes_with_its_code(
    quick: House, data: bytes, code: int
) -> None:
    async with wire(quick.port) as it:
        await it.shake_hands()
        await it.send(data)

        assert await it.close_code() == code


@pytest.mark.parametrize("code", [1000, 1001, 3000, 4999])
async def test_a_goodbye_is_echoed(quick: House, code: int) -> None:
    async with wire(quick.port) as it:
        await it.shake_hands()
        await it.send(frame(code.to_bytes(2) + b"bye", opcode=8))

        assert await it.close_code() == code
        assert await it.rest() == b""


async def test_a_goodbye_without_a_code_is_echoed(quick: House) -> None:
    async with wire(quick.port) as it:
        await it.shake_hands()
        await it.send(frame(b"", opcode=8))

        assert (await it.rest()).endswith(b"\x88\x00")


@pytest.mark.parametrize(
    "flood",
    [frame(b"x" * 125, opcode=9), frame(b"", opcode=9), frame(b"", opcode=10), PIECE],
    ids=["pings", "empty pings", "pongs", "empty fragments"],
)
async def test_a_million_frames_of_nothing_are_cut_short(quick: House, flood: bytes) -> None:
    async with wire(quick.port) as it, quick.client(ALICE) as alice:
        await it.shake_hands()
        await it.send(frame(b"", is_last=False))
        flooding = asyncio.create_task(send(it, flood * (1_000_000 // len(flood)), rounds=6))

        assert await it.close_code() == 4429
        assert (await alice.ask("ping", {}))["type"] == "pong"
        flooding.cancel()


async def send(it: Wire, data: bytes, *, rounds: int) -> None:
    try:
        for _ in range(rounds):
            await it.send(data)
    except ConnectionError:
        pass


async def test_who_pings_without_reading_is_owed_the_last_pong() -> None:
    small: dict[str, Any] = {"write_buffer_bytes": 4_096, "socket_buffer_bytes": 4_096}
    async with house(**small) as at, wire(at.port, is_slow=True) as it:
        await it.shake_hands()
        for _ in range(5):
            await it.send(frame(b"x" * 125, opcode=9) * 99)
        await it.send(frame(b"the last", opcode=9))

        answers = [await pong(it)]
        while answers[-1] != b"the last":
            answers.append(await pong(it))

    assert len(answers) <= 496


async def test_what_comes_behind_a_goodbye_is_not_obeyed(quick: House) -> None:
    async with wire(quick.port) as it:
        await it.shake_hands()
        goodbye = frame((1000).to_bytes(2), opcode=8)
        await it.send(goodbye + frame(b'{"type":"ping","ref":"late"}') * 1_000)
        answer = await it.rest()

    assert b"late" not in answer


async def test_who_comes_only_to_misbehave_is_kept_out_for_a_while() -> None:
    async with house(faults_per_minute=2) as at:
        for _ in range(2):
            async with wire(at.port) as it:
                await it.shake_hands()
                await it.text(b"\0", opcode=2)
                assert await it.close_code() == 1003
                await it.rest()

        async with wire(at.port) as it:
            await it.send(HANDSHAKE)
            refusal = await it.rest()

    assert refusal.startswith(b"HTTP/1.1 429 ")
    assert b"Retry-After: " in refusal

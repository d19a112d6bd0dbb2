"""What each kind of attacker does with one connection."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.hostile.line import Line
from tests.integration.gateway.raw import HANDSHAKE, frame

Script = Callable[[Line], Awaitable[None]]

GET: Final = b"GET /v1/me HTTP/1.1\r\nHost: here\r\n\r\n"
LONG_ANSWER: Final = b"GET /openapi/messages.json HTTP/1.1\r\nHost: here\r\n\r\n"
POST: Final = b"POST /v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"

PAUSE_S: Final = 0.1
"""Between two quarters of a megabyte of nothing."""

PINGS: Final = frame(b"", opcode=9) * 40_000
FRAGMENTS: Final = frame(b"", is_last=False) + frame(b"", opcode=0, is_last=False) * 40_000
NONSENSE: Final = frame(b"{") * 30_000
TIME: Final = frame(b'{"type":"ping"}') * 12_000
FAULTS: Final = frame(b'{"type":"resume","ref":"r","data":{"rooms":[' + b"{}," * 10_800 + b"{}]}}")
GIGABYTE: Final = b"\x81\xff" + (1 << 30).to_bytes(8) + b"mask" + bytes(60_000)


@dataclass(frozen=True, slots=True)
class Attack:
    """`count` connections at once for `seconds`; `again`: each that has ended is followed.

    At most `opened_per_s` are opened at first.
    """

    script: Script
    count: int
    opened_per_s: float = 500.0
    again: bool = True
    is_read: bool = True
    seconds: float = 8.0


async def nothing(_: Line) -> None:
    """Connect, and say nothing."""


async def half_a_head(line: Line) -> None:
    await line.send(HANDSHAKE[:60])


async def slow_head(line: Line) -> None:
    for at in range(len(HANDSHAKE)):
        await line.send(HANDSHAKE[at : at + 1])
        await asyncio.sleep(1)


async def large_head(line: Line) -> None:
    await line.send(HANDSHAKE[:-2] + b"X: " + b"x" * 9_000 + b"\r\n\r\n")


async def half_a_body(line: Line) -> None:
    await line.send(POST + b'Content-Length: 100\r\n\r\n{"email":')


async def pipelined(line: Line) -> None:
    await line.send(GET * 7_000)


async def untaken(line: Line) -> None:
    await line.send(LONG_ANSWER * 4)


async def handshakes(line: Line) -> None:
    """Come and go."""
    await line.shake_hands()
    await line.close()


async def gigabyte(line: Line) -> None:
    await line.shake_hands()
    await line.send(GIGABYTE)


async def pings(line: Line) -> None:
    """Ping and take no pong."""
    await line.send(HANDSHAKE)
    while True:
        await line.send(PINGS)
        await asyncio.sleep(PAUSE_S)


async def fragments(line: Line) -> None:
    await line.shake_hands()
    while True:
        await line.send(FRAGMENTS)
        await asyncio.sleep(PAUSE_S)


async def nonsense(line: Line) -> None:
    await line.shake_hands()
    await line.send(NONSENSE)


async def time(line: Line) -> None:
    await line.shake_hands()
    await line.send(TIME)


async def faults(line: Line) -> None:
    await line.shake_hands()
    await line.send(FAULTS * 6)


async def bad_tokens(line: Line) -> None:
    await line.shake_hands()
    await line.send(frame(b'{"type":"auth","ref":"a","data":{"token":"x.y.z"}}'))


async def bad_logins(line: Line) -> None:
    body = {"email": f"{os.urandom(4).hex()}@example.org", "password": "wrong, and long enough"}
    await _post(line, "/v1/auth/login", body)


async def bad_polls(line: Line) -> None:
    await _post(line, "/v1/sync", {"cursors": {}}, bearer="x.y.z")


async def _post(line: Line, path: str, body: object, *, bearer: str = "") -> None:
    raw = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {bearer}\r\nConnection: close\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    await line.send(head.encode() + raw)


ATTACKS: Final = {
    "none, to compare with": Attack(nothing, 0),
    "connections that say nothing": Attack(nothing, 2_000, again=False, seconds=36),
    "half a handshake": Attack(half_a_head, 2_000, again=False, seconds=14),
    "a head of a byte a second": Attack(slow_head, 500, again=False, seconds=14),
    "heads of 9 KB": Attack(large_head, 20),
    "half a body": Attack(half_a_body, 1_500, again=False, seconds=34),
    "7,000 requests at once": Attack(pipelined, 20),
    "answers that nobody takes": Attack(untaken, 300, opened_per_s=60, again=False, is_read=False),
    "handshakes": Attack(handshakes, 20),
    "frames announced as 1 GB": Attack(gigabyte, 20),
    "pings without end, no pong taken": Attack(pings, 20, is_read=False),
    "empty fragments without end": Attack(fragments, 20),
    "nonsense": Attack(nonsense, 20),
    "commands without end": Attack(time, 20),
    "frames of 10,000 faults": Attack(faults, 20),
    "bad tokens": Attack(bad_tokens, 20),
    "bad passwords": Attack(bad_logins, 20),
    "bad polls": Attack(bad_polls, 20),
}

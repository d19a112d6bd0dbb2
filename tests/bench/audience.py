"""Many sockets in one room, in a process of their own, of which a few say what they hear.

Most throw away what they read, as reading so much would cost more than sending it. A few witnesses
look at each frame: what kind it is and, of messages, how long ago it was sent. One of them asks for
the pressure twice a second, as a client does that keeps its connection alive.
"""

import json
import multiprocessing
import select
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final

from tests.bench.frames import TEXT, cut, masked
from tests.integration.gateway.raw import HANDSHAKE
from tests.unit.gateway.fakes import LOBBY

WITNESSES: Final = 5
READ_BYTES: Final = 1 << 18
CONNECT_TIMEOUT_S: Final = 20.0

NAP_S: Final = 0.005
"""Readers look up from time to time: a send that has to wake somebody costs three times as much."""

PING_EVERY_S: Final = 0.5

END_OF_HEAD: Final = b"\r\n\r\n"
SENT: Final = b'"sent":'
"""Stands before the time at which a message was sent: of a clock that all processes share."""

PING: Final = masked(b'{"type":"ping","ref":"p"}')
GREETING: Final = HANDSHAKE + b"".join(
    masked(json.dumps(said).encode())
    for said in (
        {"type": "auth", "ref": "a", "data": {"token": "Alice"}},
        {"type": "join_room", "ref": "j", "data": {"room_id": str(LOBBY)}},
    )
)


@dataclass(slots=True)
class Heard:
    """What the witnesses heard: frames by type, ages of messages, and the pressure each time."""

    counts: Counter[str] = field(default_factory=Counter)
    ages_s: list[float] = field(default_factory=list)
    pressures: list[int] = field(default_factory=list)

    def __add__(self, later: "Heard") -> "Heard":
        return Heard(
            self.counts + later.counts,
            self.ages_s + later.ages_s,
            self.pressures + later.pressures,
        )


class Audience:
    """The process, from our side."""

    def __init__(self, pipe: "Connection[None, Heard]") -> None:
        self._pipe = pipe

    def heard(self) -> Heard:
        """Return what was heard since it was last asked."""
        self._pipe.send(None)
        return self._pipe.recv()


@contextmanager
def audience(port: int, readers: int) -> Iterator[Audience]:
    """Let so many listen to the lobby of the gateway at this port until the block ends."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=_listen, args=(theirs, port, readers), daemon=True)
    process.start()
    try:
        yield Audience(ours)
    finally:
        process.kill()
        process.join()


class _Witness:
    """A socket that looks at what it reads."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_in = False

    def take(self, data: bytes, heard: Heard) -> None:
        now = time.monotonic()
        data = self._rest + data
        if not self._is_in:
            _, _, data = data.partition(END_OF_HEAD)
            self._is_in = True
        found, rest_at = cut(data)
        self._rest = data[rest_at:]
        for opcode, start, end in found:
            if opcode == TEXT:
                _note(data[start:end], now, heard)


def _note(payload: bytes, now: float, heard: Heard) -> None:
    kind = payload.split(b'"', 4)[3].decode()
    heard.counts[kind] += 1
    if kind == "message":
        heard.ages_s.append(now - float(payload.partition(SENT)[2].split(b"}", 1)[0]))
    elif kind == "pong":
        heard.pressures.append(json.loads(payload)["data"]["pressure"])


def _listen(pipe: "Connection[Heard, None]", port: int, readers: int) -> None:
    epoll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    witnesses: dict[int, _Witness] = {}
    for number in range(readers):
        one = socket.create_connection(("127.0.0.1", port), timeout=CONNECT_TIMEOUT_S)
        one.sendall(GREETING)
        sockets[one.fileno()] = one
        epoll.register(one, select.EPOLLIN)
        if number < WITNESSES:
            witnesses[one.fileno()] = _Witness()
    asking = sockets[next(iter(witnesses))]
    heard, buffer, ping_at = Heard(), bytearray(READ_BYTES), 0.0
    while True:
        if pipe.poll(NAP_S):
            pipe.recv()
            pipe.send(heard)
            heard = Heard()
        for number, _ in epoll.poll(0):
            size = sockets[number].recv_into(buffer)
            if number in witnesses:
                witnesses[number].take(bytes(buffer[:size]), heard)
        if time.monotonic() >= ping_at:
            ping_at = time.monotonic() + PING_EVERY_S
            asking.sendall(PING)

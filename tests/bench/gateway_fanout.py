"""What one delivery costs the gateway, against the cheapest way to write to as many sockets.

    python -m tests.bench.gateway_fanout --readers 1000 --seconds 3

Readers sit in one room, on loopback sockets of another process that throws away what it reads. An
event takes the whole way: bus, inbox, stream, outboxes, flush. The limit is a loop that does
`send` on one plain socket after the other with the same bytes. Both are measured in CPU time of
this process, in turns, so that the ratio holds on a machine that does other things too.
"""

import argparse
import asyncio
import json
import multiprocessing
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from statistics import median
from typing import Final

from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import Seq
from services.gateway.connection.connection import Connection
from services.gateway.connection.flusher import SLICE
from services.gateway.connection.sweep import Sweep
from services.gateway.core.outbox import text_frame
from tests.integration.gateway.house import House, house
from tests.integration.gateway.raw import HANDSHAKE, frame
from tests.unit.gateway.fakes import LOBBY

TEXT: Final = b'{"type":"message","data":"' + b"x" * 220 + b'"}'
REPEATS: Final = 3
BURSTS: Final = (1, 4, 16)

NAP_S: Final = 0.005
"""The readers look up from time to time: a send that has to wake somebody costs three times as
much, and who writes faster would wake them less often.
"""

BREATH_S: Final = 0.01
"""Pause after each round, so that the readers have read when the next one comes."""

TURNS_OF_THE_BUS: Final = 6
"""From a publish to the first flush."""

AUTH: Final = {"type": "auth", "ref": "a", "data": {"token": "Alice"}}
JOIN: Final = {"type": "join_room", "ref": "j", "data": {"room_id": str(LOBBY)}}


@dataclass(frozen=True, slots=True)
class Cost:
    """Deliveries and the CPU seconds that they took."""

    deliveries: int
    cpu_s: float

    @property
    def per_cpu_s(self) -> float:
        return self.deliveries / self.cpu_s


def read_all(gateway_port: int, plain_port: int, readers: int) -> None:
    """Be the readers: half of the sockets speak to the gateway, half hear the plain loop."""
    selector = selectors.DefaultSelector()
    hello = HANDSHAKE + b"".join(frame(json.dumps(said).encode()) for said in (AUTH, JOIN))
    sockets: dict[int, socket.socket] = {}
    for port, greeting in ((plain_port, b""), (gateway_port, hello)):
        for _ in range(readers):
            one = socket.create_connection(("127.0.0.1", port))
            one.sendall(greeting)
            selector.register(one, selectors.EVENT_READ)
            sockets[one.fileno()] = one
    buffer = bytearray(1 << 18)
    nap = threading.Event()
    while not nap.wait(NAP_S):
        for key, _ in selector.select():
            if not sockets[key.fd].recv_into(buffer):
                return


@contextmanager
def reading(gateway_port: int, readers: int) -> Iterator[list[socket.socket]]:
    """Start the other process and return the near ends of the plain sockets."""
    context = multiprocessing.get_context("fork")
    with socket.create_server(("127.0.0.1", 0), backlog=readers) as listening:
        port = listening.getsockname()[1]
        process: BaseProcess = context.Process(
            target=read_all, args=(gateway_port, port, readers), daemon=True
        )
        process.start()
        near = [listening.accept()[0] for _ in range(readers)]
    try:
        yield near
    finally:
        process.kill()
        for one in near:
            one.close()


async def send_plainly(near: list[socket.socket], seconds: float, *, burst: int) -> Cost:
    """Write to each socket in turn until the time is over."""
    data = text_frame(TEXT) * burst
    sends: list[Callable[[bytes], int]] = [one.send for one in near]
    rounds, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        for send in sends:
            send(data)
        rounds += 1
        await asyncio.sleep(BREATH_S)
    return Cost(rounds * len(near) * burst, time.process_time() - began)


async def send_by_gateway(
    home: House, connections: list[Connection], seconds: float, *, burst: int
) -> Cost:
    """Publish `burst` events at a time until the time is over."""
    log = home.messages.log()
    rounds, began = 0, time.process_time()
    while time.process_time() - began < seconds:
        events = [RoomEvent(LOBBY, Seq(log.head + 1 + at), TEXT) for at in range(burst)]
        log.events = events[-1:]
        await home.publish_together(*events)
        for _ in range(TURNS_OF_THE_BUS + len(connections) // SLICE):
            await asyncio.sleep(0)
        rounds += 1
        await asyncio.sleep(BREATH_S)
    return Cost(rounds * len(connections) * burst, time.process_time() - began)


async def joined(home: House, readers: int) -> list[Connection]:
    """Wait until everybody is in the room."""
    run = next(worker.run for worker in home.service.workers if worker.name == "sweep")
    sweep: Sweep = getattr(run, "__self__")  # noqa: B009 - a method, as far as a test knows
    while True:
        await asyncio.sleep(0.1)
        all_of_them = [one for one in sweep.all() if isinstance(one, Connection)]
        live = [one for one in all_of_them if LOBBY in one.session.duties.places.attached]
        if len(live) == readers:
            return live


async def measure(readers: int, seconds: float) -> None:
    """Print one line for each size of burst."""
    many = {
        "unauthenticated_per_address": readers,
        "authenticating": readers,
        "connections_per_person": readers,
        "lease_renew_s": 1e6,
        "heartbeat_s": 1e6,
    }
    async with house(has_owners=True, **many) as home:
        with reading(home.port, readers) as near:
            connections = await joined(home, readers)
            for burst in BURSTS:
                limits, gateways = [], []
                for _ in range(REPEATS):
                    limits.append((await send_plainly(near, seconds, burst=1)).per_cpu_s)
                    cost = await send_by_gateway(home, connections, seconds, burst=burst)
                    gateways.append(cost.per_cpu_s)
                limit, gateway = median(limits), median(gateways)
                sys.stdout.write(
                    f"{burst:>3} at once: {gateway:>12,.0f} deliveries per CPU second,"
                    f" {gateway / limit:5.2f} of {limit:,.0f} plain sends\n"
                )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--readers", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=2.0)
    wanted = parser.parse_args()
    asyncio.run(measure(wanted.readers, wanted.seconds))


if __name__ == "__main__":
    main()

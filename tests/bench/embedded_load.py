"""How long from one person's send to another's screen, and what it costs.

    python -m tests.bench.embedded_load --per-second 1000 --rooms 200 --seconds 20

Starts an embedded Hubbub, lets people meet in rooms of five over real sockets, and has them talk
at an even pace. The load runs on the same machine and counts into the latencies, not into the CPU
figures.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from hubbub_client.api import Api
from hubbub_client.frames import write
from tests.bench.processes import Usage, usage
from tests.support.program import Program

MEMBERS: Final = 5
WARM_UP_S: Final = 3.0
LAST_WORDS_S: Final = 3.0
AT_ONCE: Final = 8
TEXT: Final = "x" * 200
ID: Final = '"client_msg_id":"'
PASSWORD: Final = "correct horse battery staple"

SETTINGS: Final = {
    "AUTH_REGISTRATIONS_BURST": "100000",
    "GATEWAY_UNAUTHENTICATED_PER_ADDRESS": "1000",
    "LOG_LEVEL": "error",
}
"""All come from one address here; nothing else differs from what everybody runs."""


@dataclass(slots=True)
class Times:
    """When each message was sent, and how long until its ack and until each other member."""

    is_counting: bool = False
    sent_at: dict[str, float] = field(default_factory=dict)
    acks_s: list[float] = field(default_factory=list)
    heard_s: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's socket in one room."""

    name: str
    room_id: str
    socket: ClientConnection


async def listen(seat: Seat, times: Times) -> None:
    """Note what arrives. Looks for two words in the text, so that reading costs next to nothing."""
    mine = f'"{seat.name}-'
    async for raw in seat.socket:
        text = str(raw)
        now = time.perf_counter()
        place = text.find(ID)
        if place >= 0:
            one = text[place + len(ID) : text.index('"', place + len(ID))]
            if not one.startswith(mine[1:]) and one in times.sent_at:
                times.heard_s.append(now - times.sent_at[one])
        elif '"type":"ack"' in text:
            ref = text[text.index('"ref":"') + 7 :].partition('"')[0]
            if ref in times.sent_at:
                times.acks_s.append(now - times.sent_at[ref])
        elif '"type":"error"' in text:
            times.errors.append(text[:200])


async def talk(seats: Sequence[Seat], times: Times, *, per_s: float, seconds: float) -> int:
    """Send at an even pace, each time somebody else, and return how many were sent."""
    order = random.Random(1).sample(list(seats), len(seats))
    loop = asyncio.get_running_loop()
    started = loop.time()
    count = 0
    while (due := started + count / per_s) < started + seconds:
        if (pause := due - loop.time()) > 0:
            await asyncio.sleep(pause)
        seat = order[count % len(order)]
        one = f"{seat.name}-{'counted' if times.is_counting else 'warm'}-{count}"
        data = {"room_id": seat.room_id, "client_msg_id": one, "content": TEXT}
        if times.is_counting:
            times.sent_at[one] = time.perf_counter()
        await seat.socket.send(write("send_message", data, one))
        count += 1
    return count


async def sit_down(program: Program, rooms: int, stack: AsyncExitStack) -> list[Seat]:
    """Register everybody, make the rooms, open the sockets and join."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one_room(number: int) -> list[Seat]:
        async with gate:
            names = [f"p{number}x{member}" for member in range(MEMBERS)]
            people = [Api(program.url) for _ in names]
            for api, name in zip(people, names, strict=True):
                await api.register(f"{name}@example.org", PASSWORD, name)
            room = await people[0].create_room(f"Room {number}")
            for api in people[1:]:
                await api.join(room["id"])
            seats = []
            for api, name in zip(people, names, strict=True):
                assert api.tokens is not None
                seats.append(await _seat(program, name, room["id"], api.tokens.access, stack))
                await api.close()
            return seats

    made = await asyncio.gather(*(one_room(number) for number in range(rooms)))
    return [seat for seats in made for seat in seats]


async def _seat(
    program: Program, name: str, room_id: str, token: str, stack: AsyncExitStack
) -> Seat:
    socket = await stack.enter_async_context(
        connect(
            program.socket_url,
            subprotocols=[Subprotocol("chat.v1")],
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None,
            proxy=None,
        )
    )
    await socket.recv()
    await socket.send(write("auth", {}, "auth"))
    await socket.recv()
    await socket.send(write("join_room", {"room_id": room_id}, "join"))
    while '"room_joined"' not in (answer := str(await socket.recv())):
        if '"type":"error"' in answer:
            raise AssertionError(answer)
    return Seat(name, room_id, socket)


async def run(folder: Path, *, rooms: int, per_s: float, seconds: float) -> str:
    times = Times()
    async with Program(folder, settings=SETTINGS) as program, AsyncExitStack() as stack:
        seats = await sit_down(program, rooms, stack)
        ears = [asyncio.create_task(listen(seat, times)) for seat in seats]
        await talk(seats, times, per_s=per_s, seconds=WARM_UP_S)
        times.is_counting = True
        before = usage(program.pid)
        began = time.perf_counter()
        count = await talk(seats, times, per_s=per_s, seconds=seconds)
        took = time.perf_counter() - began
        after = usage(program.pid)
        await asyncio.sleep(LAST_WORDS_S)
        for ear in ears:
            ear.cancel()
    return report(times, count, took, before, after, len(seats))


def report(times: Times, count: int, took: float, before: Usage, after: Usage, sockets: int) -> str:
    program_s, database_s = after.cpu_since(before)
    rows: list[tuple[str, object]] = [
        ("sockets", sockets),
        ("sent per second", round(count / took)),
        ("acknowledged", f"{len(times.acks_s)} of {count}"),
        ("heard by others", f"{len(times.heard_s)} of {count * (MEMBERS - 1)}"),
        ("errors", len(times.errors)),
        ("send to another's frame, p50 ms", _ms(times.heard_s, 0.50)),
        ("send to another's frame, p99 ms", _ms(times.heard_s, 0.99)),
        ("send to ack, p50 ms", _ms(times.acks_s, 0.50)),
        ("send to ack, p99 ms", _ms(times.acks_s, 0.99)),
        ("CPU per message, program, us", round(program_s / count * 1e6)),
        ("CPU per message, Postgres, us", round(database_s / count * 1e6)),
        ("memory of all, MB", round(after.memory_bytes / 1e6)),
    ]
    lines = [f"{name:34}{value:>18}" for name, value in rows]
    return "\n".join([*lines, *times.errors[:3]])


def _ms(values: Sequence[float], share: float) -> float:
    if not values:
        return float("nan")
    return round(sorted(values)[int(len(values) * share)] * 1000, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--per-second", type=float, default=1000.0)
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder:
        sys.stdout.write(
            asyncio.run(
                run(
                    Path(folder) / "data",
                    rooms=chosen.rooms,
                    per_s=chosen.per_second,
                    seconds=chosen.seconds,
                )
            )
            + "\n"
        )


if __name__ == "__main__":
    main()

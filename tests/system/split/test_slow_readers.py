"""One who takes little or nothing costs the others nothing and a gateway a bounded amount, and
hears everything in the end, at another gateway too.
"""

import asyncio
import math
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from statistics import quantiles
from typing import Final
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from hubbub_client.frames import Json
from tests.support.fleet import Fleet
from tests.support.waiting import eventually
from tests.system.people import Person
from tests.system.split.crowd import Reader, crowd, gateways, socket_url
from tests.system.split.numbers import count_at
from tests.system.wire import MAX_FRAME_BYTES, Wire, authenticate, wire

pytestmark = pytest.mark.asyncio(loop_scope="package")

TALKERS: Final = 8
"""Two dozen messages a second: as many as a room may have."""

ENOUGH: Final = 60
"""Messages that each reader hears for one measurement."""

TIMES_AS_LONG: Final = 2.0
NOBODY_NOTICES_S: Final = 0.5
"""What is below is noise of a machine that does much else."""

ONE_BACKLOG_BYTES: Final = 32 * 1024 * 1024
"""Far more than may wait for one reader, and far less than what two dozen messages a second make of
a minute.
"""

NARROW_BYTES: Final = 4 * 1024


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def people(running: Fleet) -> AsyncIterator[list[Person]]:
    people = [await Person.register(running, "Talker") for _ in range(TALKERS)]
    yield people
    for person in people:
        await person.close()


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def bob(running: Fleet) -> AsyncIterator[Person]:
    bob = await Person.register(running, "Bob")
    yield bob
    await bob.close()


@pytest.mark.parametrize("pause_s", [math.inf, 1.0], ids=["nothing", "one message a second"])
async def test_who_takes_too_little_harms_nobody_and_catches_up(
    fleet: Fleet, people: Sequence[Person], bob: Person, pause_s: float
) -> None:
    room = await people[0].make_room()
    for person in (*people[1:], bob):
        await person.join(room)
    here, there = gateways(fleet)

    async with crowd(fleet, people, room) as readers, narrow_socket(socket_url(here)) as bobs:
        before = await ages_of_the_next(ENOUGH, readers)
        dropped = await count_at(here["inside"], "chat_gateway_backlogs_dropped_total")
        weighed = await count_at(here["inside"], "process_resident_memory_bytes")
        cursor = await attach(bobs, bob, room)

        slow = Reader(bobs.socket)
        reading = asyncio.create_task(read_slowly(slow, pause_s))
        meanwhile = await ages_of_the_next(ENOUGH, readers)
        await eventually(
            lambda: count_at(here["inside"], "chat_gateway_backlogs_dropped_total"),
            lambda count: count > dropped,
        )
        weighs = await count_at(here["inside"], "process_resident_memory_bytes")
        reading.cancel()
        with suppress(ConnectionClosed):
            await slow.listen()
        after = cursor | {"seq": slow.seqs[-1]}
        async with attached(socket_url(there), bob, after) as anew:
            await ages_of_the_next(ENOUGH, [anew])

    assert bobs.socket.close_code == 4410
    heard = [*slow.seqs, *anew.seqs]
    assert heard == list(range(cursor["seq"] + 1, heard[-1] + 1))
    assert p99(meanwhile) < max(TIMES_AS_LONG * p99(before), NOBODY_NOTICES_S)
    assert weighs - weighed < ONE_BACKLOG_BYTES


async def ages_of_the_next(number: int, readers: Sequence[Reader]) -> list[float]:
    """Return how old each reader's next so many messages were when they came."""
    began = [len(reader.ages_s) for reader in readers]

    async def least() -> int:
        return min(len(reader.ages_s) - at for reader, at in zip(readers, began, strict=True))

    await eventually(least, lambda heard: heard >= number, within_s=60)
    return [age for reader, at in zip(readers, began, strict=True) for age in reader.ages_s[at:]]


async def read_slowly(reader: Reader, pause_s: float) -> None:
    """Take one message, and the next after a pause."""
    while True:
        reader.take(await reader.socket.recv())
        await asyncio.sleep(pause_s)


async def attach(one: Wire, person: Person, room: str) -> Json:
    """Listen to a room and return the cursor from which on."""
    await authenticate(one, person.token)
    joined = await one.ask("join_room", room_id=room)
    return {"room_id": room, "seq": joined.data["head_seq"], "epoch": joined.data["epoch"]}


@asynccontextmanager
async def attached(url: str, person: Person, cursor: Json) -> AsyncIterator[Reader]:
    """Go on listening from a cursor."""
    async with wire(url) as one, asyncio.TaskGroup() as listening:
        await authenticate(one, person.token, resume=[cursor])
        reader = Reader(one.socket)
        for frame in one.events:
            reader.seqs.append(frame.seq or 0)
        task = listening.create_task(reader.listen())
        yield reader
        task.cancel()


@asynccontextmanager
async def narrow_socket(url: str) -> AsyncIterator[Wire]:
    """Open a socket that takes nothing unless it is read from."""
    place = urlsplit(url)
    async with AsyncExitStack() as opened:
        narrow = opened.enter_context(socket.socket())
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW_BYTES)
        narrow.setblocking(False)
        await asyncio.get_running_loop().sock_connect(narrow, (place.hostname, place.port))
        yield Wire(
            await opened.enter_async_context(
                connect(
                    url,
                    sock=narrow,
                    subprotocols=[Subprotocol("chat.v1")],
                    compression=None,
                    max_size=MAX_FRAME_BYTES,
                    max_queue=1,
                    ping_interval=None,
                    proxy=None,
                )
            )
        )


def p99(ages_s: Sequence[float]) -> float:
    return quantiles(ages_s, n=100)[98]

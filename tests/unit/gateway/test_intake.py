"""Floods cost who sends them: they are noticed while they are read, and nothing piles up."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.gateway.connection.intake import SLICE_BYTES
from tests.integration.gateway.raw import frame
from tests.support.network import Network
from tests.unit.gateway.indoors import HANDSHAKE, WITH_TOKEN, Indoors

BURST = 500
PING = frame(b"", opcode=9)
PONG = b"\x8a\x00"
TIME = frame(b'{"type":"ping","ref":"p"}')
AUTH = frame(b'{"type":"auth","ref":"a","data":{"token":"Alice"}}')


@pytest_asyncio.fixture
async def indoors() -> AsyncIterator[Indoors]:
    inside = Indoors()
    yield inside
    await inside.close()


async def shaken(indoors: Indoors) -> Network:
    """Return the network of somebody who has heard `hello`, of which nothing is kept."""
    network = indoors.connect()
    network.say(HANDSHAKE)
    await indoors.clock.advance(0)
    assert b'"hello"' in network.written
    network.written.clear()
    return network


def close_code(network: Network) -> int:
    """Return the code of the close frame, which is the last one written."""
    at = network.written.rindex(b"\x88")
    return int.from_bytes(network.written[at + 2 : at + 4])


async def test_what_comes_with_a_handshake_waits_until_that_is_answered(indoors: Indoors) -> None:
    indoors.door.gate.clear()
    network = indoors.connect()
    network.say(WITH_TOKEN + PING + AUTH + TIME)
    await indoors.clock.advance(0)
    assert (bytes(network.written), network.is_read) == (b"", False)

    indoors.door.gate.set()
    await indoors.clock.advance(0)

    said = [network.written.index(word) for word in (b" 101 ", b'"hello"', PONG)]
    assert said == sorted(said)
    assert network.written.count(b'"already_authenticated"') == 1
    assert network.is_read


@pytest.mark.parametrize(
    "flood",
    [
        PING,
        frame(b"", opcode=10),
        frame(b"", is_last=False) + frame(b"", opcode=0, is_last=False) * 42_000,
    ],
    ids=["pings", "pongs", "fragments"],
)
async def test_a_flood_that_no_command_counts_ends_the_connection(
    indoors: Indoors, flood: bytes
) -> None:
    network = await shaken(indoors)

    network.say(flood * (262_144 // len(flood)))

    assert close_code(network) == 4429
    assert not network.is_read
    assert network.written.count(PONG) <= BURST + SLICE_BYTES / len(PING)


async def test_as_many_as_anybody_needs_are_fine(indoors: Indoors) -> None:
    network = await shaken(indoors)
    for _ in range(3):
        network.say(PING * BURST)
        await indoors.clock.advance(BURST / 50)

    assert network.written == PONG * 3 * BURST


async def test_a_fresh_socket_writes_many_pongs_at_once(indoors: Indoors) -> None:
    network = await shaken(indoors)
    before = network.writes

    network.say(PING * 100)

    assert network.writes == before + 1


async def test_who_takes_nothing_gets_the_last_pong_alone(indoors: Indoors) -> None:
    network = await shaken(indoors)
    network.takes = False
    network.say(b"".join(frame(b"x" * 125, opcode=9) for _ in range(BURST)) + TIME * 90)
    await indoors.clock.advance(BURST / 50)
    held = network.held
    for number in range(BURST):
        network.say(frame(b"%d" % number, opcode=9))
    assert network.held == held

    network.take()

    assert network.written.endswith(b"\x8a\x03499")


async def test_a_text_in_few_pieces_is_one(indoors: Indoors) -> None:
    network = await shaken(indoors)
    whole = b'{"type":"ping","ref":"p"}'

    network.say(frame(b"", is_last=False))
    for at in range(len(whole)):
        network.say(frame(whole[at : at + 1], opcode=0, is_last=at + 1 == len(whole)))
    await indoors.clock.advance(0)

    assert b'"pong"' in network.written


async def test_who_is_told_to_go_is_not_read_for_long(indoors: Indoors) -> None:
    network = await shaken(indoors)

    network.say(frame(b"{") * 20_000)

    assert close_code(network) == 4400
    assert network.has_ended


async def test_a_goodbye_behind_more_than_was_read_is_heard(indoors: Indoors) -> None:
    """Who is told to go while much of theirs is unread says goodbye behind it."""
    indoors.door.gate.clear()
    network = await shaken(indoors)
    network.say(AUTH + TIME * 200)
    assert not network.is_read

    await indoors.pass_time(0)
    network.say(frame((1000).to_bytes(2), opcode=8))
    indoors.door.gate.set()
    await indoors.pass_time(0)

    assert network.has_ended

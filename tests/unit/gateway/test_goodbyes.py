"""How a connection ends that the client ends, by a goodbye or by breaking the protocol."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from websockets.http11 import Request

from services.gateway.connection.handshake import accept
from services.gateway.connection.intake import Intake, new_wire
from services.gateway.core.forms import deflated
from services.gateway.core.pace import Paces
from services.gateway.settings import GatewaySettings
from tests.integration.gateway.raw import frame
from tests.support.network import Network
from tests.unit.gateway.indoors import HANDSHAKE, Indoors

TIME = frame(b'{"type":"ping","ref":"p"}')
GOODBYE = frame((1000).to_bytes(2), opcode=8)
OFFER = b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"


@pytest_asyncio.fixture
async def indoors() -> AsyncIterator[Indoors]:
    inside = Indoors()
    yield inside
    await inside.close()


async def shaken(indoors: Indoors) -> Network:
    network = indoors.connect()
    network.say(HANDSHAKE)
    await indoors.clock.advance(0)
    network.written.clear()
    return network


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (GOODBYE, 1000),
        (frame(b"x", opcode=6), 1002),
        (frame(b"x", opcode=11), 1002),
        (frame(b"x", opcode=2), 1003),
        (frame(b"\xff"), 1007),
    ],
    ids=["goodbye", "opcode", "control", "binary", "utf8"],
)
async def test_what_was_answered_before_the_end_is_heard(
    indoors: Indoors, end: bytes, code: int
) -> None:
    network = await shaken(indoors)

    network.say(TIME + end)
    await indoors.clock.advance(0)

    answer, _, close = bytes(network.written).partition(b"\x88")
    assert b'"pong"' in answer
    assert int.from_bytes(close[1:3]) == code


async def test_nothing_is_said_behind_a_goodbye(indoors: Indoors) -> None:
    network = await shaken(indoors)

    network.say(TIME + GOODBYE + TIME)
    await indoors.clock.advance(0)

    assert network.written.count(b'"pong"') == 1
    assert network.written.endswith(b"\x88\x02\x03\xe8")


async def test_a_goodbye_may_come_in_the_middle_of_a_message(indoors: Indoors) -> None:
    network = await shaken(indoors)

    network.say(frame(b'{"type"', is_last=False) + GOODBYE + frame(b":0}", opcode=0))

    assert network.written == b"\x88\x02\x03\xe8"


def test_little_is_unpacked_at_a_time() -> None:
    """Else one read of the network could become 200 MB before anything counts it."""
    settings = GatewaySettings(deflate=True)
    wire = new_wire(settings)
    intake = Intake(wire, limit=Paces(settings).odd_frames)
    intake.add(HANDSHAKE[:-2] + OFFER)
    [request] = intake.parse(0.0)
    assert isinstance(request, Request)
    wire.send_response(accept(wire, request))

    intake.add(frame(deflated(b" " * 65_000), bits=0x40) * 100)
    unpacked = []
    while intake.may_parse:
        unpacked.append(sum(len(text) for text in intake.parse(0.0) if isinstance(text, bytes)))

    assert sum(unpacked) == 100 * 65_000
    assert max(unpacked) <= 8 * 65_000


async def test_a_text_may_be_cut_anywhere(indoors: Indoors) -> None:
    network = await shaken(indoors)

    network.say(frame(b"", is_last=False))
    for byte in '{"type":"ping","ref":"p","data":{"ä":1}}'.encode():
        network.say(frame(bytes((byte,)), opcode=0, is_last=False))
        network.say(frame(b"", opcode=0, is_last=False))
    network.say(frame(b"", opcode=0))
    await indoors.clock.advance(0)

    assert b'"ref":"p"' in network.written


async def test_a_fragment_that_cannot_become_utf8_ends_it_at_once(indoors: Indoors) -> None:
    network = await shaken(indoors)

    network.say(frame("ä".encode()[:1], is_last=False))
    assert network.written == b""
    network.say(frame(b"\xf4\x90", opcode=0, is_last=False))

    assert int.from_bytes(network.written[2:4]) == 1007

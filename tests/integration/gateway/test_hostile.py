"""What no well-behaved client does costs that client, and nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import InvalidStatus

from tests.integration.gateway.house import CHAT, House, house
from tests.integration.gateway.raw import HANDSHAKE, Wire, frame, wire
from tests.unit.gateway.fakes import ALICE, LOBBY

AUTH = b'{"type":"auth","ref":"a","data":{"token":"Alice"}}'


@pytest.fixture
async def home() -> AsyncIterator[House]:
    """A gateway that waits for all but the end of a socket as long as it does in earnest."""
    async with house(close_timeout_s=0.2) as running:
        yield running


@pytest.fixture
async def quick() -> AsyncIterator[House]:
    """A gateway that does not wait long for a head."""
    async with house(head_timeout_s=0.2, first_byte_timeout_s=0.2) as running:
        yield running


@pytest.fixture
async def strict() -> AsyncIterator[House]:
    """A gateway that does not wait long for a name."""
    async with house(auth_timeout_s=0.2, close_timeout_s=0.2) as running:
        yield running


async def refusal(at: House, **more: object) -> tuple[int, str, str | None]:
    """Return status, code and Retry-After of a refused handshake."""
    with pytest.raises(InvalidStatus) as refused:
        async with at.socket(**more):
            pass
    response = refused.value.response
    code = json.loads(bytes(response.body or b"{}"))["code"]
    return response.status_code, code, response.headers.get("Retry-After")


async def is_well(at: House) -> bool:
    """Tell whether the gateway still serves others."""
    async with at.client(ALICE) as alice:
        return bool((await alice.join(LOBBY))["type"] == "room_joined")


async def test_half_a_handshake_is_cut(quick: House) -> None:
    async with wire(quick.port) as it:
        await it.send(HANDSHAKE[:40])
        assert await it.rest() == b""

    assert await is_well(quick)


async def test_hundreds_of_half_handshakes_are_cut_and_others_are_served(quick: House) -> None:
    async with AsyncExitStack() as stack, quick.client(ALICE) as alice:
        crowd = []
        for _ in range(200):
            crowd.append(it := await stack.enter_async_context(wire(quick.port)))
            await it.send(HANDSHAKE[:40])

        assert (await alice.join(LOBBY))["type"] == "room_joined"
        assert set(await asyncio.gather(*(it.rest() for it in crowd))) == {b""}
        assert (await alice.ask("ping", {}))["type"] == "pong"


async def test_a_head_that_drips_is_cut(quick: House) -> None:
    async with wire(quick.port) as it:

        async def drip() -> None:
            for at in range(len(HANDSHAKE)):
                it.writer.write(HANDSHAKE[at : at + 1])
                await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert await it.rest() == b""
        dripping.cancel()


async def test_a_silent_connection_is_cut(quick: House) -> None:
    async with wire(quick.port) as it:
        assert await it.rest() == b""


async def test_a_head_of_nine_kilobytes_is_too_large(home: House) -> None:
    async with wire(home.port) as it:
        await it.send(HANDSHAKE[:-2] + b"X-Padding: " + b"x" * 9_000 + b"\r\n\r\n")
        answer = await it.rest()

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "too_large"


@pytest.mark.parametrize("junk", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"\r\n\r\n", b"\0" * 20])
async def test_what_is_no_http_is_turned_away(quick: House, junk: bytes) -> None:
    async with wire(quick.port) as it:
        await it.send(junk)
        answer = await it.rest()

    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


async def test_silence_after_hello_is_closed(strict: House) -> None:
    async with strict.socket() as client:
        await client.next("hello")

        assert await client.closed() == (4408, "")


async def test_a_client_that_does_not_close_its_end_is_reset(strict: House) -> None:
    async with wire(strict.port) as it:
        await it.shake_hands()
        assert await it.close_code() == 4408
        assert await it.rest() == b""


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b"\0\1", opcode=2), 1003),
        (frame(b'{"type":"\xff\xfe"}'), 1007),
        (frame(b" " * 65_537), 1009),
        (frame(b" " * 40_000), 1009),
        (frame(b" " * 40_000, is_last=False) + frame(b" " * 40_000, opcode=0), 1009),
        (b"\x81\x05hello", 1002),
        (frame(b"x", opcode=3), 1002),
        (frame(b"x" * 200, opcode=9), 1002),
    ],
    ids=["binary", "utf8", "large", "auth", "fragments", "unmasked", "opcode", "ping"],
)
async def test_broken_frames_close_with_their_code(home: House, data: bytes, code: int) -> None:
    async with wire(home.port) as it:
        await it.shake_hands()
        await it.send(data)

        assert await it.close_code() == code


async def ready(it: Wire) -> None:
    await it.shake_hands()
    await it.text(AUTH)
    await it.until(b'"presence_state":"online"}}')


async def test_after_auth_a_frame_may_be_larger_but_not_too_large(home: House) -> None:
    async with wire(home.port) as it:
        await ready(it)
        await it.text(b'{"type":"ping"}' + b" " * 50_000)
        assert b"pong" in await it.until(b"}}")

        await it.text(b" " * 65_537)
        assert await it.close_code() == 1009


async def test_a_frame_in_fragments_is_one_frame(home: House) -> None:
    async with wire(home.port) as it:
        await it.shake_hands()
        await it.text(b'{"type":', is_last=False)
        await it.text(b"", opcode=9)
        await it.text(b'"ping","ref":"p"}', opcode=0)

        assert b'"pong"' in await it.until(b'"ref":"p"')


async def test_many_frames_in_one_piece_are_obeyed_in_order(home: House) -> None:
    async with wire(home.port) as it:
        pings = b"".join(frame(b'{"type":"ping","ref":"%d"}' % at) for at in range(20))
        await it.send(HANDSHAKE + pings)

        answers = (await it.until(b'"ref":"19"')).decode(errors="replace")

    places = [answers.index(f'"ref":"{at}"') for at in range(20)]
    assert places == sorted(places)


async def test_nonsense_and_a_close_in_one_piece_end_like_a_close(home: House) -> None:
    async with wire(home.port) as it:
        await it.shake_hands()
        goodbye = frame((1000).to_bytes(2), opcode=8)
        await it.send(frame(b"{") * 6 + frame(b'{"type":"ping"}') + goodbye)

        assert await it.close_code() == 1000
        assert await it.rest() == b""
    assert await is_well(home)


async def test_half_a_goodbye_does_not_keep_a_connection(home: House) -> None:
    async with wire(home.port) as it:
        await it.shake_hands()
        it.writer.write_eof()

        await it.rest()
        await home.closed_with(1006)


async def test_more_connections_than_can_be_are_cut() -> None:
    async with (
        house(max_connections=1, authenticating=1) as at,
        wire(at.port),
        wire(at.port),
        wire(at.port) as one_too_many,
    ):
        assert await one_too_many.rest() == b""


async def test_nonsense_is_answered_and_then_ends_it(home: House) -> None:
    async with home.client(ALICE) as alice:
        for junk in ("{", "[]", '{"type":"x"}', '"\\ud800"', "[" * 5_000):
            await alice.socket.send(junk)
            assert (await alice.next("error"))["data"]["code"] in {
                "bad_json",
                "invalid",
                "unknown_type",
            }
        await alice.socket.send("{")
        await alice.next("error")

        assert await alice.closed() == (4400, "")
    assert await is_well(home)


async def test_a_flood_ends_it(home: House) -> None:
    async with wire(home.port) as it:
        await ready(it)
        await it.send(frame(b'{"type":"ping"}') * 400)

        assert await it.close_code() == 4429
    assert await is_well(home)


async def test_bad_handshakes_hear_why(home: House) -> None:
    assert await refusal(home, origin="http://evil.example") == (403, "foreign_origin", None)
    assert await refusal(home, origin="null") == (403, "foreign_origin", None)
    assert await refusal(home, subprotocols=["chat.v9"]) == (400, "unsupported_protocol", None)
    headers = {"Authorization": "Bearer nobody"}
    assert await refusal(home, additional_headers=headers) == (401, "unauthenticated", None)
    home.query = "?token=abc"
    assert await refusal(home) == (400, "invalid", None)


async def test_too_many_strangers_of_one_address_hear_when_to_come_back() -> None:
    async with (
        house(unauthenticated_per_address=1, authenticating=2, retry_after_s=1) as at,
        at.socket() as first,
    ):
        await first.next("hello")

        assert await refusal(at) == (503, "unavailable", "1")

        await first.say("auth", {"token": "Alice"})
        await first.next("ready")
        assert await is_well(at)


async def test_too_many_connections_hear_when_to_come_back() -> None:
    async with house(max_connections=1, retry_after_s=1) as at, at.client(ALICE):
        assert await refusal(at) == (503, "unavailable", "1")

    async with house(max_connections=1) as at:
        for _ in range(3):
            assert await is_well(at)


async def test_an_own_origin_and_no_subprotocol_are_fine(home: House) -> None:
    origin = f"http://127.0.0.1:{home.port}"
    async with home.client(ALICE, origin=origin, subprotocols=None) as alice:
        assert alice.socket.subprotocol is None
    async with home.client(ALICE, subprotocols=["other", CHAT]) as alice:
        assert alice.socket.subprotocol == CHAT

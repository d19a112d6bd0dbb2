"""Compressed and batched frames over real sockets, beside clients that want neither."""

import asyncio
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from functools import cache
from typing import Any

import pytest
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

from libs.common.contracts.events import RoomEvent
from services.gateway.core.forms import deflated
from tests.integration.gateway.house import House, house
from tests.integration.gateway.raw import PATIENCE_S, Wire, wire
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY, event

OFFER = b"Sec-WebSocket-Extensions: permessage-deflate"
RSV1 = 0x40
COMPRESSED_TEXT = 0xC1
TEXT = 0x81

LONG = "tea or coffee? " * 200


@pytest.fixture
async def home() -> AsyncIterator[House]:
    """A gateway that compresses."""
    async with house(deflate=True, close_timeout_s=0.2) as running:
        yield running


async def join(it: Wire, *, features: tuple[str, ...] = ()) -> None:
    """Come into the lobby by hand; every answer is read."""
    auth = {"type": "auth", "ref": "a", "data": {"token": "Bob", "features": features}}
    room = {"type": "join_room", "ref": "j", "data": {"room_id": str(LOBBY)}}
    await it.text(json.dumps(auth).encode() + b" ")
    await it.text(json.dumps(room).encode())
    await it.until(b'"states":[]}}')


async def next_message(it: Wire) -> tuple[int, bytes]:
    async with asyncio.timeout(PATIENCE_S):
        return await it.frame()


def said(event: RoomEvent) -> Any:
    return json.loads(event.frame)


async def test_both_kinds_of_clients_hear_the_same(home: House) -> None:
    async with (
        home.client(ALICE, compression="deflate") as alice,
        home.client(BOB) as bob,
    ):
        await alice.join(LOBBY)
        await bob.join(LOBBY)
        added = home.messages.log().add(LONG)
        await home.publish(added)

        assert await alice.hear() == await bob.hear() == said(added)
        assert alice.socket.response is not None
        assert alice.socket.response.headers["Sec-WebSocket-Extensions"] == (
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
        )


async def test_what_a_client_compresses_is_obeyed(home: House) -> None:
    async with home.client(ALICE, compression="deflate") as alice:
        answer = await alice.ask("ping", {"nothing": "x" * 3_000})
        assert answer["data"]["code"] == "invalid"
        assert (await alice.ask("ping", {}))["type"] == "pong"


async def test_two_readers_get_the_very_same_bytes(home: House) -> None:
    async with wire(home.port) as one, wire(home.port) as other, wire(home.port) as plain:
        for it in (one, other):
            await it.shake_hands(OFFER)
        await plain.shake_hands()
        for it in (one, other, plain):
            await join(it)
        added = home.messages.log().add(LONG)
        await home.publish(added)

        heard = [await next_message(it) for it in (one, other, plain)]

    assert heard[0] == heard[1] == (COMPRESSED_TEXT, deflated(added.frame))
    assert heard[2] == (TEXT, added.frame)
    assert len(heard[0][1]) < len(added.frame) / 5


async def test_events_of_one_turn_are_one_message_for_who_announced_it(home: House) -> None:
    async with wire(home.port) as batched, wire(home.port) as both, wire(home.port) as plain:
        await both.shake_hands(OFFER)
        await batched.shake_hands()
        await plain.shake_hands()
        for it in (both, batched):
            await join(it, features=("batch",))
        await join(plain)
        log = home.messages.log()
        added = [log.add(f"{LONG} {number}") for number in range(3)]
        await home.publish_together(*added)

        first, packed = await next_message(both)
        array = await next_message(batched)
        singles = [await next_message(plain) for _ in added]

    assert json.loads(array[1]) == [said(one) for one in added]
    assert (first, packed) == (COMPRESSED_TEXT, deflated(array[1]))
    assert singles == [(TEXT, one.frame) for one in added]


async def test_replies_and_replays_are_compressed_when_they_are_large(home: House) -> None:
    log = home.messages.log()
    missed = [log.add(LONG) for _ in range(3)]
    epoch = log.epoch
    async with wire(home.port) as it:
        await it.shake_hands(OFFER)
        cursor = {"room_id": str(LOBBY), "seq": 0, "epoch": epoch}
        auth = {"type": "auth", "ref": "a", "data": {"token": "Bob", "resume": [cursor]}}
        await it.text(json.dumps(auth).encode())
        heard = [await next_message(it) for _ in range(6)]
        sync = {"room_id": str(LOBBY), "after_seq": 0, "limit": 9}
        await it.text(json.dumps({"type": "sync", "ref": "s", "data": sync}).encode())
        first, answer = await next_message(it)

    assert [first for first, _ in heard] == [TEXT, TEXT, *[COMPRESSED_TEXT] * 3, TEXT]
    assert [payload for _, payload in heard[2:5]] == [deflated(one.frame) for one in missed]
    inflated = zlib.decompressobj(-15).decompress(answer)
    assert (first, len(json.loads(inflated)["data"]["events"])) == (COMPRESSED_TEXT, 3)


async def test_a_client_that_wants_a_smaller_window_hears_plain_frames(home: House) -> None:
    odd = ClientPerMessageDeflateFactory(server_max_window_bits=9, client_max_window_bits=9)
    async with home.client(ALICE, extensions=[odd]) as alice:
        await alice.join(LOBBY)
        added = home.messages.log().add(LONG)
        await home.publish(added)

        assert await alice.hear() == said(added)
        assert alice.socket.response is not None
        assert "Sec-WebSocket-Extensions" not in alice.socket.response.headers


async def test_a_client_may_deflate_with_a_small_window(home: House) -> None:
    odd = ClientPerMessageDeflateFactory(client_max_window_bits=9)
    async with home.client(ALICE, extensions=[odd]) as alice:
        assert (await alice.ask("ping", {}))["type"] == "pong"


@cache
def bomb() -> bytes:
    """Return 61 KB that unpack to 60 MiB."""
    return zlib.compress(b" " * (60 << 20), 9, -15)


async def test_a_bomb_ends_with_too_large_and_takes_no_memory(home: House) -> None:
    async with wire(home.port) as it:
        await it.shake_hands(OFFER)
        await it.until(b"}}}")
        packed = bomb()
        tracemalloc.start()
        try:
            await it.text(packed, bits=RSV1)
            assert await it.close_code() == 1009
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert 60_000 < len(packed) < 62_000
    assert most < 5 << 20


async def test_what_unpacks_to_too_much_ends_it(home: House) -> None:
    hostile = {
        "in fragments": [bomb()[:30_000], bomb()[30_000:]],
        "a byte above": [deflated(b" " * 65_537)],
        "before auth": [deflated(b" " * 40_000)],
        "with empty fragments": [bomb()[:40], b"", bomb()[40:60_000], b""],
    }
    for name, (*begun, last) in hostile.items():
        async with wire(home.port) as it:
            await it.shake_hands(OFFER)
            for at, part in enumerate(begun):
                await it.text(part, opcode=0 if at else 1, bits=0 if at else RSV1, is_last=False)
            await it.text(last, opcode=0 if begun else 1, bits=0 if begun else RSV1)

            assert await it.close_code() == 1009, name


async def test_broken_compression_ends_it(home: House) -> None:
    hostile: dict[str, tuple[int, dict[str, Any]]] = {
        "broken": (1002, {"payload": b"no deflate at all", "bits": RSV1}),
        "ping": (1002, {"payload": b"", "opcode": 9, "bits": RSV1}),
        "utf8": (1007, {"payload": deflated(b"\xff\xfe"), "bits": RSV1}),
        "rsv2": (1002, {"payload": b"{}", "bits": 0x20}),
    }
    for name, (code, frame) in hostile.items():
        async with wire(home.port) as it:
            await it.shake_hands(OFFER)
            await it.text(**frame)

            assert await it.close_code() == code, name


async def test_a_compressed_frame_is_a_fault_unless_that_was_negotiated() -> None:
    async with house() as home, wire(home.port) as it:
        await it.shake_hands(OFFER)
        await it.text(deflated(b'{"type":"ping"}'), bits=RSV1)

        assert await it.close_code() == 1002


async def test_a_batch_is_announced_with_a_token_in_the_handshake_too(home: House) -> None:
    headers = {"Authorization": "Bearer Alice"}
    async with home.socket(additional_headers=headers) as alice:
        await alice.next("hello")
        await alice.next("ready")
        await alice.say("auth", {"features": ["batch"]})
        await alice.next("ready")
        await alice.join(LOBBY)
        await home.publish_together(event(1), event(2))

        async with asyncio.timeout(PATIENCE_S):
            batch = json.loads(await alice.socket.recv())

    assert [one["seq"] for one in batch] == [1, 2]

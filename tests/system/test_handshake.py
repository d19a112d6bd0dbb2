"""The first moments of a socket: the handshake, `hello`, and saying who one is."""

import asyncio
import json
from typing import Final
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from tests.support.shapes import Shape
from tests.system.people import Person
from tests.system.settings import SETTINGS
from tests.system.wire import WAIT_S, authenticate, wire

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

AUTH_TIMEOUT_S: Final = float(SETTINGS["GATEWAY_AUTH_TIMEOUT_S"])

LIMITS: Final = {
    "frame_bytes": 65_536,
    "auth_frame_bytes": 32_768,
    "content_chars": 4_000,
    "content_bytes": 16_384,
    "rooms_attached": 200,
    "connections_per_person": 10,
    "in_flight": 64,
    "commands_per_s": 40,
    "commands_burst": 1_000,
    "sends_per_s": 100,
    "sends_burst": 150,
    "room_sends_per_s": 1_000,
    "room_sends_burst": 1_000,
    "typing_interval_ms": 2_000,
    "replay_events_per_room": 50,
    "sync_limit": 200,
    "backlog_frames": 512,
    "backlog_bytes": 1_048_576,
}


async def refused(url: str, **how: str | tuple[str, ...]) -> tuple[int, str]:
    """Return with which status and code a handshake is refused."""
    with pytest.raises(InvalidStatus) as refusal:
        async with wire(url, **how):  # type: ignore[arg-type]
            pass
    response = refusal.value.response
    return response.status_code, json.loads(response.body or b"{}")["code"]


class TestHandshakes:
    async def test_compression_is_declined(self, program: Shape) -> None:
        async with connect(program.socket_url, compression="deflate", proxy=None) as socket:
            assert socket.protocol.extensions == []

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "null",
            "http://127.0.0.1",
            "http://127.0.0.1.evil.example:{port}",
            "http://localhost:{port}",
        ],
    )
    async def test_a_page_of_another_origin_is_refused(self, program: Shape, origin: str) -> None:
        answer = await refused(program.socket_url, origin=origin.format(port=program.port))

        assert answer == (403, "foreign_origin")

    @pytest.mark.parametrize(
        "head",
        [
            b"GET /v1/ws HTTP/1.1\r\nHost: here\r\n\r\n",
            b"GET /v1/ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n\r\n",
            b"GET /v1/ws HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eHh4eHh4eHh4eHh4eHh4eA==\r\n"
            b"Sec-WebSocket-Protocol: \xff\xfe\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        ],
        ids=["no upgrade", "half an upgrade", "strange protocol", "tls"],
    )
    async def test_what_is_no_handshake_is_answered_with_400(
        self, program: Shape, head: bytes
    ) -> None:
        host = urlsplit(program.url).hostname
        reader, writer = await asyncio.open_connection(host, program.port)
        writer.write(head)
        async with asyncio.timeout(WAIT_S):
            answer = await reader.readline()
        writer.close()
        await writer.wait_closed()

        assert answer.startswith(b"HTTP/1.1 400 "), answer


class TestSayingWhoOneIs:
    async def test_hello_comes_first_and_names_every_limit(self, program: Shape) -> None:
        async with wire(program.socket_url) as one:
            await one.hear("hello")

        (hello,) = one.frames
        assert set(hello.data) == {
            "connection_id",
            "server_time",
            "auth_timeout_ms",
            "heartbeat_ms",
            "limits",
        }
        assert hello.data["limits"] == LIMITS
        assert hello.data["auth_timeout_ms"] == AUTH_TIMEOUT_S * 1000

    async def test_the_rooms_one_is_in_come_with_ready(
        self, program: Shape, alice: Person, bob: Person, private_room: str
    ) -> None:
        last = await alice.write(private_room, "For Bob")

        async with wire(program.socket_url) as one:
            ready = await authenticate(one, bob.token)

        (found,) = [each for each in ready.data["rooms"] if each["room_id"] == private_room]
        assert (found["head_seq"], found["unread"], found["role"]) == (last["seq"], 1, "member")

    async def test_a_token_that_is_none_ends_it(self, program: Shape) -> None:
        async with wire(program.socket_url) as one:
            refusal = await authenticate(one, "not-a-token")
            closed = await one.closed()

        assert refusal.data["code"] == "unauthenticated"
        assert closed == (4401, "invalid")

"""Sockets, the API and pages share a port; and what happens to them when the process stops."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from tests.integration.gateway.house import House, house
from tests.integration.gateway.raw import HANDSHAKE, wire
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY


@pytest.fixture
def web_root(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<title>Hubbub</title>")
    return tmp_path


async def test_pages_and_the_api_are_served_beside_sockets(web_root: Path) -> None:
    async with (
        house(web_root=web_root) as home,
        home.client(ALICE) as alice,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{home.port}") as http,
    ):
        page = await http.get("/rooms/42")
        api = await http.get("/v1/rooms")
        ready = await http.get("/readyz")

        assert "Hubbub" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert api.text == "the api"
        assert ready.json() == {"status": "ready"}
        assert (await alice.join(LOBBY))["type"] == "room_joined"


async def test_requests_follow_each_other_on_one_connection() -> None:
    async with house() as home, wire(home.port) as it:
        for _ in range(3):
            await it.send(b"GET /v1/rooms HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await it.until(b"the api")).startswith(b"HTTP/1.1 200")


async def test_a_request_that_comes_in_pieces_is_one(web_root: Path) -> None:
    async with house() as home, wire(home.port) as it:
        for piece in (b"\r\nGET /v1/x", b" HTTP/1.1\r\nHost: x\r", b"\n\r\n"):
            await it.send(piece)
            await asyncio.sleep(0)

        assert (await it.until(b"the api")).startswith(b"HTTP/1.1 200")


async def test_a_used_connection_can_become_a_socket() -> None:
    async with house() as home, wire(home.port) as it:
        await it.send(b"GET /v1/rooms HTTP/1.1\r\nHost: x\r\n\r\n")
        await it.until(b"the api")
        await it.send(HANDSHAKE)

        assert (await it.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 101")
        assert b'"type":"hello"' in await it.until(b"}}}")


async def test_a_socket_elsewhere_is_not_found() -> None:
    async with house() as home, wire(home.port) as it:
        await it.send(HANDSHAKE.replace(b"/v1/ws", b"/v1/other"))

        assert (await it.until(b"\r\n\r\n")).startswith(b"HTTP/1.1 404")


async def test_a_stop_sends_clients_away_and_finishes_what_they_ordered() -> None:
    async with (
        house(drain_window_s=0.2, drain_per_s=1_000_000) as home,
        home.client(ALICE) as alice,
        home.client(BOB) as bob,
        home.socket() as silent,
    ):
        await silent.next("hello")
        await alice.say("delete_message", {"room_id": str(LOBBY), "message_id": str(LOBBY)})
        command = await home.next_command()
        draining = asyncio.create_task(home.drain())

        for client in (alice, bob, silent):
            shown = (await client.next("reconnect"))["data"]
            assert shown["reason"] == "drain"
            assert shown["after_ms"] <= 200
        assert (await bob.closed())[0] == (await silent.closed())[0] == 1012
        assert await refused_status(home) == 503

        await home.ack(command)
        assert (await alice.next("ack"))["ref"] == command.ref
        assert (await alice.closed())[0] == 1012
        await draining


async def refused_status(home: House) -> int:
    """Return the status with which a handshake is refused."""
    with pytest.raises(InvalidStatus) as refused:
        async with home.socket():
            pass
    return refused.value.response.status_code


async def test_a_stop_does_not_wait_for_clients_that_stay() -> None:
    knobs: dict[str, Any] = {"drain_window_s": 0.0, "drain_finish_s": 0.1, "close_timeout_s": 60}
    async with house(**knobs) as home, wire(home.port) as stubborn, wire(home.port):
        await stubborn.shake_hands()

        await home.drain()

        assert await stubborn.close_code() == 1012
        assert await stubborn.rest() == b""

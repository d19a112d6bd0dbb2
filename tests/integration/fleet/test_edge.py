"""The proxy itself, with the files of deploy/edge: every route of the table, and sockets."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from services.builders.edge import DOCUMENT, GATEWAY, WHOLE, row_of
from tests.integration.fleet.caddy import proxy, running_services
from tests.unit.deploy.test_edge import PATHS


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[str]:
    async with running_services() as ports, proxy(ports, tmp_path) as url:
        yield url


async def reached(http: httpx.AsyncClient, path: str, **headers: str) -> dict[str, Any]:
    answer = await http.get(path, headers=headers)
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def client(edge: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=edge, trust_env=False)


async def test_every_path_reaches_its_owner(edge: str) -> None:
    async with client(edge) as http:
        for path in PATHS:
            found = await reached(http, f"{path}?a=1&b=%20")

            row, owner = row_of(path)
            assert found["service"] == (GATEWAY if owner in (WHOLE, GATEWAY) else owner), path
            assert found["query"] == "a=1&b=%20"
            assert found["path"] == (DOCUMENT if row.startswith("/openapi/") else path)


async def test_sockets_reach_the_gateway(edge: str) -> None:
    url = edge.replace("http", "ws", 1) + "/v1/ws"
    async with connect(url, subprotocols=["chat.v1"], proxy=None) as socket:  # type: ignore[list-item]
        await socket.send("hello")

        assert await socket.recv() == "gateway heard hello"
        assert socket.subprotocol == "chat.v1"


async def test_what_a_client_says_of_itself_is_not_passed_on(edge: str) -> None:
    lies = {"x-forwarded-for": "10.9.8.7", "x-forwarded-proto": "https", "forwarded": "for=me"}
    async with client(edge) as http:
        headers = (await reached(http, "/v1/rooms", **lies))["headers"]

    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert "forwarded" not in headers


async def test_a_cookie_reaches_auth_and_nobody_else(edge: str) -> None:
    cookie = {"cookie": "hubbub_refresh=secret"}
    async with client(edge) as http:
        kept = await reached(http, "/v1/auth/refresh", **cookie)
        dropped = [await reached(http, path, **cookie) for path in ("/v1/me", "/v1/rooms", "/")]

    assert kept["headers"]["cookie"] == "hubbub_refresh=secret"
    assert ["cookie" in one["headers"] for one in dropped] == [False, False, False]


async def test_a_body_beyond_every_limit_does_not_come_in(edge: str) -> None:
    async with client(edge) as http:
        fits = await http.post("/v1/rooms", content=b"x" * 900_000)
        too_large = await http.post("/v1/rooms", content=b"x" * 1_100_000)

    assert fits.json()["body_bytes"] == 900_000
    assert too_large.status_code in (413, 502)

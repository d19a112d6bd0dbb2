"""Where a client is, what its handshake brings, and what it is worth."""

import json
from typing import Final

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request
from websockets.server import ServerProtocol

from libs.common.errors import ChatError, TooMany
from services.gateway.connection.address import address_of
from services.gateway.connection.handshake import (
    accept,
    refuse,
    select_subprotocol,
    token_of,
)

HEADERS: Final = {
    "Host": "chat.example:8000",
    "Connection": "keep-alive, Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def request(path: str = "/v1/ws", **headers: str | None) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    said = {name: value for name, value in (HEADERS | named).items() if value is not None}
    return Request(path, Headers(said))


def refusal_of(asked: Request, *, origins: tuple[str, ...] = ()) -> str | None:
    """Return the code with which a handshake is refused."""
    wire = ServerProtocol(select_subprotocol=select_subprotocol)
    try:
        token_of(asked, origins=origins)
        accept(wire, asked)
    except ChatError as refusal:
        return f"{refusal.status} {refusal.code}"
    return None


@pytest.mark.parametrize(
    ("forwarded", "trusted", "address"),
    [
        ([], [], "10.0.0.1"),
        (["192.0.2.7"], [], "10.0.0.1"),
        (["192.0.2.7"], ["10.0.0.1"], "192.0.2.7"),
        (["203.0.113.9, 192.0.2.7"], ["10.0.0.1"], "192.0.2.7"),
        (["192.0.2.7, 10.0.0.2"], ["10.0.0.1", "10.0.0.2"], "192.0.2.7"),
        (["192.0.2.7", "10.0.0.2"], ["10.0.0.1", "10.0.0.2"], "192.0.2.7"),
        (["192.0.2.7"], ["*"], "192.0.2.7"),
        (["<script>"], ["10.0.0.1"], "10.0.0.1"),
        (["2001:DB8::1"], ["10.0.0.1"], "2001:db8::1"),
    ],
)
def test_only_trusted_proxies_say_where_a_client_is(
    forwarded: list[str], trusted: list[str], address: str
) -> None:
    assert address_of("10.0.0.1", forwarded, trusted=trusted) == address


@pytest.mark.parametrize(
    "asked",
    [
        request(),
        request("/v1/ws?version=2"),
        request(Sec_WebSocket_Protocol="chat.v1"),
        request(Sec_WebSocket_Protocol="chat.v9, chat.v1"),
        request(Origin="http://chat.example:8000"),
        request(Origin="https://CHAT.example:8000"),
        request(Origin="https://chat.example", Host="chat.example"),
    ],
)
def test_a_good_handshake_is_accepted(asked: Request) -> None:
    assert refusal_of(asked) is None


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        (request("/v1/wss"), "404 not_found"),
        (request("/v1/ws?token=abc"), "400 invalid"),
        (request("/v1/ws?x=1&access_token=abc"), "400 invalid"),
        (request("/v1/ws?Authorization="), "400 invalid"),
        (request(Origin="null"), "403 foreign_origin"),
        (request(Origin="http://evil.example"), "403 foreign_origin"),
        (request(Origin="http://chat.example.evil.example:8000"), "403 foreign_origin"),
        (request(Origin="http://chat.example:8001"), "403 foreign_origin"),
        (request(Origin=""), "403 foreign_origin"),
        (request(Authorization="Basic YTpi"), "401 unauthenticated"),
        (request(Authorization="Bearer "), "401 unauthenticated"),
        (request(Sec_WebSocket_Protocol="chat.v2"), "400 unsupported_protocol"),
        (request(Sec_WebSocket_Protocol="ünï"), "400 invalid"),
        (request(Upgrade="h2c"), "400 invalid"),
        (request(Connection="close"), "400 invalid"),
        (request(Sec_WebSocket_Key="short"), "400 invalid"),
        (request(Sec_WebSocket_Version="8"), "400 invalid"),
    ],
)
def test_a_bad_handshake_is_refused(asked: Request, refusal: str) -> None:
    assert refusal_of(asked) == refusal


def test_a_listed_origin_may_come() -> None:
    asked = request(Origin="https://other.example")

    assert refusal_of(asked, origins=("https://other.example",)) is None
    assert refusal_of(asked, origins=("https://other.example.org",)) == "403 foreign_origin"


def test_a_token_in_the_header_is_found() -> None:
    assert token_of(request(Authorization="Bearer a.b.c"), origins=()) == "a.b.c"
    assert token_of(request(), origins=()) is None


def test_only_our_subprotocol_is_echoed() -> None:
    wire = ServerProtocol(select_subprotocol=select_subprotocol)

    response = accept(wire, request(Sec_WebSocket_Protocol="chat.v9, chat.v1"))

    assert response.headers["Sec-WebSocket-Protocol"] == "chat.v1"
    assert "Sec-WebSocket-Extensions" not in response.headers


def test_a_refusal_looks_like_every_other() -> None:
    response = refuse(ServerProtocol(), TooMany(retry_after_ms=1_200))

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "2"
    assert response.headers.get_all("Content-Type") == ["application/json; charset=utf-8"]
    body = json.loads(bytes(response.body))
    assert (body["code"], body["retry_after_ms"]) == ("rate_limited", 1_200)

"""One port, five services: each path has one owner."""

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.builders.edge import Edge, owner_of

ROOM = "/v1/rooms/0190b5a0-0000-7000-8000-00000000000a"


@pytest.mark.parametrize(
    ("path", "owner"),
    [
        ("/v1/auth/login", "auth"),
        ("/v1/me", "auth"),
        ("/v1/me/unread", "messages"),
        ("/v1/users", "auth"),
        ("/v1/.well-known/jwks.json", "auth"),
        ("/v1/rooms", "rooms"),
        (ROOM, "rooms"),
        (f"{ROOM}/members", "rooms"),
        (f"{ROOM}/messages", "messages"),
        (f"{ROOM}/events", "messages"),
        (f"{ROOM}/read", "messages"),
        (f"{ROOM}/presence", "presence"),
        ("/v1/direct", "rooms"),
        ("/v1/messages/1/reactions/x", "messages"),
        ("/v1/presence", "presence"),
        ("/openapi/rooms.json", "rooms"),
        ("/v1/ws", "gateway"),
        ("/", "gateway"),
        ("/rooms/1", "gateway"),
        ("/v1/roomsandmore", "gateway"),
    ],
)
def test_a_path_has_one_owner(path: str, owner: str) -> None:
    assert owner_of(path) == owner


def answering(name: str, heard: list[tuple[str, str]]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((name, scope["path"]))

    return app


async def silence() -> Message:
    raise AssertionError("nobody reads here")


async def nowhere(message: Message) -> None:
    raise AssertionError("nobody answers here")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/me", ("auth", "/v1/me")),
        ("/openapi/auth.json", ("auth", "/openapi.json")),
        ("/openapi/gateway.json", ("gateway", "/openapi.json")),
        ("/openapi/nobody.json", ("gateway", "/openapi/nobody.json")),
        ("/v1/sync", ("gateway", "/v1/sync")),
    ],
)
async def test_the_edge_hands_a_request_to_its_owner(path: str, expected: tuple[str, str]) -> None:
    heard: list[tuple[str, str]] = []
    edge = Edge({name: answering(name, heard) for name in ("auth", "gateway")})

    await edge({"type": "http", "path": path}, silence, nowhere)

    assert heard == [expected]

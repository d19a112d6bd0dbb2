"""Coming into a guest room with the Python client."""

import json
from dataclasses import dataclass, field

import httpx
import pytest

from hubbub_client.api import Api
from hubbub_client.frames import Json, Refused

ROOM = {"id": "room-1", "title": "Workshop"}
DORA = {"kind": "guest", "id": "person-1", "name": "Dora"}
TAKEN = {"code": "alias_taken", "message": "Somebody is called that.", "retryable": False}


@dataclass(slots=True)
class Server:
    """Lets everybody in but another Dora, and notes what it was asked."""

    asked: list[tuple[str, Json, str | None]] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else {}
        self.asked.append((request.url.path, body, request.headers.get("authorization")))
        if request.url.path.endswith("/leave"):
            return httpx.Response(204)
        if body.get("alias") == "dora":
            return httpx.Response(409, json=TAKEN)
        number = len(self.asked)
        tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
        return httpx.Response(201, json={"room": ROOM, "person": DORA, **tokens, "expires_in": 900})

    def api(self) -> Api:
        return Api("http://chat.test", transport=httpx.MockTransport(self.answer))


async def test_who_comes_in_is_that_guest_from_then_on() -> None:
    server = Server()
    async with server.api() as api:
        room = await api.come_in("abcdefghjkmn", "Dora", password="tea", device="d" * 16)

    assert room == ROOM
    assert api.tokens is not None
    assert (api.tokens.user, api.tokens.access) == (DORA, "access-1")
    (asked,) = server.asked
    sent = {"alias": "Dora", "password": "tea", "device": "d" * 16}
    assert asked == ("/v1/guest-rooms/abcdefghjkmn/guests", sent, None)


async def test_a_guest_renews_tokens_at_the_same_door() -> None:
    server = Server()
    async with server.api() as api:
        await api.come_in("abcdefghjkmn", "Dora")
        tokens = await api.refresh()

    assert (tokens.access, tokens.refresh) == ("access-2", "refresh-2")
    path, body, _ = server.asked[-1]
    assert (path, body) == (
        "/v1/guest-rooms/abcdefghjkmn/refresh",
        {"refresh_token": "refresh-1"},
    )


async def test_who_goes_out_is_nobody() -> None:
    server = Server()
    async with server.api() as api:
        await api.come_in("abcdefghjkmn", "Dora")
        await api.go_out()

        with pytest.raises(RuntimeError):
            await api.refresh()

    assert server.asked[-1] == ("/v1/guest-rooms/abcdefghjkmn/leave", {}, "Bearer access-1")
    assert api.tokens is None


async def test_a_refusal_at_the_door_changes_nothing() -> None:
    async with Server().api() as api:
        with pytest.raises(Refused, match="alias_taken"):
            await api.come_in("abcdefghjkmn", "dora")

    assert api.tokens is None

"""Alice, Bob and Charlie: people with an account, over HTTP and over sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Self

import httpx

from hubbub_client.api import Api
from hubbub_client.client import Client
from hubbub_client.frames import Json
from tests.support.shapes import Shape
from tests.support.waiting import eventually
from tests.system.wire import Wire, authenticate, wire

PASSWORD: Final = "correct horse battery staple"

TIMEOUT_S: Final = 30.0

Query = dict[str, str | int]

_numbers = count(1)


@dataclass
class Person:
    """Somebody who is logged in. `http` speaks in their name with the token they have now."""

    api: Api
    http: httpx.AsyncClient
    socket_url: str
    email: str

    @classmethod
    async def register(cls, program: Shape, name: str, **more: str) -> Self:
        """Make an account, with an address that nobody else has, and log in.  Raises: Refused."""
        email = f"{name.lower()}-{next(_numbers)}@example.org"
        api = Api(program.url)
        await api.register(email, PASSWORD, name, **more)
        return cls(api, anonymous(program.url), program.socket_url, email)

    @asynccontextmanager
    async def on_another_device(self) -> AsyncIterator[Self]:
        """Log in once more."""
        async with Api(self.api.url) as api, anonymous(self.api.url) as http:
            await api.log_in(self.email, PASSWORD)
            yield type(self)(api, http, self.socket_url, self.email)

    async def close(self) -> None:
        await self.api.close()
        await self.http.aclose()

    @property
    def id(self) -> str:
        assert self.api.tokens is not None
        return str(self.api.tokens.user["id"])

    @property
    def token(self) -> str:
        assert self.api.tokens is not None
        return self.api.tokens.access

    @property
    def refresh_token(self) -> str:
        assert self.api.tokens is not None
        assert self.api.tokens.refresh is not None
        return self.api.tokens.refresh

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        query: Query | None = None,
    ) -> httpx.Response:
        """Return the whole answer, whatever its status."""
        return await self.http.request(
            method, path, json=body, params=query, headers=self.bearer | (headers or {})
        )

    async def get(self, path: str, **query: str | int) -> Json:
        """Return what is there.  Raises: httpx.HTTPStatusError."""
        answer = await self.call("GET", path, query=query or None)
        return dict(answer.raise_for_status().json())

    async def make_room(self, kind: str = "public") -> str:
        """Make a room with a title of its own and return its id."""
        room = await self.api.create_room(f"Room {next(_numbers)}", kind=kind)
        return str(room["id"])

    async def join(self, room_id: str) -> None:
        """Become a member and return once the room's log tells it, a moment later."""
        await self.api.join(room_id)
        await self.is_in(room_id)

    async def is_in(self, room_id: str) -> None:
        """Return once the room's log tells that this person came in."""
        await self.finds("member_joined", room_id, of=self.id)

    async def finds(self, type_: str, room_id: str, *, of: str) -> None:
        """Return once the room's log tells that of somebody."""

        def is_told(log: Json) -> bool:
            return any(
                event["type"] == type_ and event["data"]["person"]["id"] == of
                for event in log["items"]
            )

        await eventually(lambda: self.get(f"/v1/rooms/{room_id}/events", limit=100), is_told)

    async def write(self, room_id: str, content: str, *, client_msg_id: str | None = None) -> Json:
        """Write a message over HTTP and return it.  Raises: httpx.HTTPStatusError."""
        body = {"content": content, "client_msg_id": client_msg_id or f"http-{next(_numbers)}"}
        answer = await self.call("POST", f"/v1/rooms/{room_id}/messages", body)
        return dict(answer.raise_for_status().json()["message"])

    async def history(self, room_id: str, **query: str | int) -> list[Json]:
        """Return the messages of one page, oldest first."""
        return list((await self.get(f"/v1/rooms/{room_id}/messages", **query))["items"])

    @asynccontextmanager
    async def wire(self, *rooms: str, resume: list[Json] | None = None) -> AsyncIterator[Wire]:
        """Open a raw socket that is `ready`, and listen to rooms."""
        async with wire(self.socket_url) as one:
            ready = await authenticate(one, self.token, resume=resume)
            assert ready.type == "ready", ready
            for room in rooms:
                joined = await one.ask("join_room", room_id=room)
                assert joined.type == "room_joined", joined
            yield one

    def client(self) -> Client:
        """Return a client that is not open yet."""

        async def give_token() -> str:
            return self.token

        return Client(self.socket_url, give_token)


def anonymous(url: str) -> httpx.AsyncClient:
    """Return somebody whom the program does not know; close it."""
    return httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, trust_env=False)

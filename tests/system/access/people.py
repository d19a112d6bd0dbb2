"""Everybody who may ask: how they stand in a room, and what they ask with."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import httpx

from tests.support.shapes import Shape
from tests.system.people import Person, anonymous
from tests.system.wire import Wire, authenticate, wire

EVERYBODY: Final = (
    "anonymous",
    "guest",
    "outsider",
    "removed",
    "banned",
    "member",
    "admin",
    "owner",
    "system",
)
"""`guest` is a guest of the room if it takes any, of another one otherwise. `system` is an admin of
the system who is in no room.
"""

OF_A_ROOM_OF_FEW: Final = ("anonymous", "guest", "outsider", "member", "system")


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody with a token, or nobody with none."""

    id: str
    http: httpx.AsyncClient
    socket_url: str
    token: str | None

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        headers = {} if self.token is None else {"authorization": f"Bearer {self.token}"}
        return await self.http.request(method, path, json=body, headers=headers)

    @asynccontextmanager
    async def wire(self) -> AsyncIterator[Wire]:
        """Open a socket, as somebody if there is a token."""
        async with wire(self.socket_url) as one:
            if self.token is not None:
                ready = await authenticate(one, self.token)
                assert ready.type == "ready", ready
            yield one


@dataclass(frozen=True, slots=True)
class Cast:
    """Who has an account here. Tom is a member to whom things are done, Frank is in no room."""

    people: dict[str, Person]
    http: httpx.AsyncClient
    socket_url: str

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def asker(self, name: str) -> Asker:
        person = self.people[name]
        return Asker(person.id, self.http, self.socket_url, person.token)

    def nobody(self) -> Asker:
        return Asker("", self.http, self.socket_url, None)

    def guest(self, admitted: dict[str, Any]) -> Asker:
        """Return who was let in at the door of a guest room."""
        person, token = admitted["person"], admitted["access_token"]
        return Asker(person["id"], self.http, self.socket_url, token)


NAMES: Final = {
    "owner": "Alice",
    "member": "Bob",
    "outsider": "Charlie",
    "admin": "Dora",
    "removed": "Erin",
    "banned": "Bert",
    "system": "Sam",
    "tom": "Tom",
    "frank": "Frank",
}


@asynccontextmanager
async def cast(program: Shape) -> AsyncIterator[Cast]:
    """Make the accounts."""
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(anonymous(program.url))
        people = {}
        for role, name in NAMES.items():
            people[role] = await Person.register(program, name)
            stack.push_async_callback(people[role].close)
        yield Cast(people, http, program.socket_url)

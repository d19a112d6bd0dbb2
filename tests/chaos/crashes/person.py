"""Somebody with an account and a client that stays, who asks until the answer is known."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, Self

from hubbub_client.api import Api, Tokens
from hubbub_client.client import Client
from hubbub_client.frames import Frame, Json, Refused
from tests.chaos.crashes.settled import settled
from tests.chaos.talk import PASSWORD

ENDED_S: Final = 20.0
"""How long a device may hear things whose session has ended; two seconds when nobody dies."""


@dataclass(slots=True, eq=False)
class Person:
    """`heard` are the entries of each room as they came, and what was told of gaps."""

    name: str
    api: Api
    socket_url: str
    heard: dict[str, list[Frame]] = field(default_factory=dict)
    _client: Client | None = None
    _listening: asyncio.Task[None] | None = None

    @classmethod
    async def register(cls, url: str, socket_url: str, name: str) -> Self:
        """Make an account."""
        person = cls(name, Api(url), socket_url)
        made = await settled(
            lambda: person.api.register(person.email, PASSWORD, name), done_before=_is_registered
        )
        if made is REGISTERED:
            await settled(lambda: person.api.log_in(person.email, PASSWORD))
        return person

    async def on_another_device(self) -> Self:
        """Log in once more and listen there."""
        device = type(self)(self.name, Api(self.api.url), self.socket_url)
        await settled(lambda: device.api.log_in(self.email, PASSWORD))
        await device.connect()
        return device

    async def connect(self) -> None:
        """Listen, with a new client: one that was cut off often waits long before it comes back."""
        self.heard = {}
        await settled(self.api.refresh)
        self._client = Client(self.socket_url, self._give_token)
        await self._client.open()
        self._listening = asyncio.create_task(self._listen(self._client))

    async def disconnect(self) -> None:
        """Listen no more."""
        if self._client is not None and self._listening is not None:
            await self._client.close()
            await self._listening

    async def close(self) -> None:
        await self.disconnect()
        await self.api.close()

    @property
    def id(self) -> str:
        assert self.api.tokens is not None
        return str(self.api.tokens.user["id"])

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"

    @property
    def client(self) -> Client:
        assert self._client is not None
        return self._client

    async def call(self, method: str, path: str, body: Json | None = None, key: str = "") -> Json:
        """Ask over HTTP until the outcome is known; `key` makes repeats harmless."""
        headers = {"idempotency-key": key} if key else None
        return await settled(lambda: self.api.call(method, path, body, headers=headers))

    async def attend(self, room_id: str) -> int:
        """Listen to a room from now on; return behind which seq."""
        joined = await settled(lambda: self.client.join(room_id))
        return int(joined.data["head_seq"])

    async def is_cut_off(self) -> bool:
        """Wait until the server wants this device no more; return False if it does not say so."""
        assert self._listening is not None
        done, _ = await asyncio.wait([self._listening], timeout=ENDED_S)
        return bool(done)

    async def _give_token(self) -> str:
        assert self.api.tokens is not None
        return self.api.tokens.access

    async def _listen(self, client: Client) -> None:
        async for event in client.events():
            if event.room_id is not None and (event.seq is not None or event.type == "gap"):
                self.heard.setdefault(event.room_id, []).append(event)


REGISTERED: Final = Tokens("", None, {})


def _is_registered(refusal: Refused) -> Tokens | None:
    """The address is taken by the try that nobody heard of."""
    return REGISTERED if refusal.code == "email_taken" else None

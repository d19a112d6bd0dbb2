"""The messages service at the other end of a wire, and a client that calls it."""

import json
from collections.abc import Callable

import httpx
import msgspec
from pydantic import BaseModel, ConfigDict

from libs.common.client import ClientSettings, InternalClient
from tests.support.clock import CountedChance, SetClock


class Question(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str


class Answer(BaseModel):
    text: str


class Packed(msgspec.Struct):
    text: str


class Tokens:
    def mint(self, audience: str) -> str:
        return "rooms" if audience == "messages" else "nobody"


Respond = Callable[[httpx.Request], httpx.Response]


class Wire(httpx.AsyncBaseTransport):
    """Records requests and answers them as told."""

    def __init__(self, respond: Respond) -> None:
        self.requests: list[httpx.Request] = []
        self._respond = respond

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._respond(request)


def says(status: int, body: object) -> Respond:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda _: httpx.Response(status, content=content)


def client_over(
    transport: httpx.AsyncBaseTransport, clock: SetClock | None = None, **settings: float
) -> InternalClient:
    return InternalClient(
        "messages",
        "http://messages.test:9000",
        settings=ClientSettings.model_validate(settings),
        tokens=Tokens(),
        clock=clock or SetClock(),
        chance=CountedChance(),
        transport=transport,
    )

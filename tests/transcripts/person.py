"""Somebody in a transcript: with a token, with requests, and with a socket from time to time."""

import asyncio
import json
from typing import Any, Final

import httpx
from websockets.asyncio.client import ClientConnection

from hubbub_client.api import Api
from hubbub_client.frames import Json
from tests.transcripts.patterns import Differs

HTTP_TIMEOUT_S: Final = 40.0
"""Longer than a poll may be held."""


class Person:
    """Somebody with a token, and with a socket from time to time."""

    def __init__(self, api: Api, url: str) -> None:
        self.api = api
        self.http = httpx.AsyncClient(base_url=url, timeout=HTTP_TIMEOUT_S, trust_env=False)
        self.socket: ClientConnection | None = None
        self.asked: tuple[str, str, Any] = ("", "", None)
        self.answer: asyncio.Task[httpx.Response] | None = None
        self.replayed = 0

    @property
    def token(self) -> str:
        assert self.api.tokens is not None
        return self.api.tokens.access

    @property
    def id(self) -> str:
        assert self.api.tokens is not None
        return str(self.api.tokens.user["id"])

    @property
    def open_socket(self) -> ClientConnection:
        if self.socket is None:
            raise Differs("there is no socket: nobody connected")
        return self.socket

    async def say(self, frame: Any) -> None:
        await self.open_socket.send(json.dumps(frame, ensure_ascii=False))

    async def hear(self) -> Json:
        """Return the next frame."""
        frame: Json = json.loads(await self.open_socket.recv())
        if frame["type"] == "hello":
            self.replayed = frame["data"]["limits"]["replay_events_per_room"]
        return frame

    def ask(self, method: str, path: str, body: Any) -> None:
        """Begin a request over HTTP; a poll may be held for long."""
        bearer = {"authorization": f"Bearer {self.token}"}
        request = self.http.request(method, path, json=body, headers=bearer)
        self.asked, self.answer = (method, path, body), asyncio.create_task(request)

    async def close(self) -> None:
        if self.answer is not None:
            self.answer.cancel()
        if self.socket is not None:
            await self.socket.close()
        await self.http.aclose()

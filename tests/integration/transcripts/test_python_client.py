"""The Python client says what docs/transcripts have a client say."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

from hubbub_client.client import Client
from hubbub_client.frames import Json
from tests.transcripts.client import play
from tests.transcripts.notation import transcripts
from tests.transcripts.parts import parts

PARTS: Final = parts(transcripts())


class Held:
    """The client, and what was begun with it."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._begun: list[asyncio.Task[Any]] = []

    async def connect(self, url: str, token: str) -> None:
        async def give_token() -> str:
            return token

        self._client = Client(url, give_token)
        self._begin(self._client.open())

    async def act(self, frame: Json) -> None:
        assert self._client is not None
        data = frame["data"]
        match frame["type"]:
            case "send_message":
                self._begin(self._client.send(data["room_id"], data["content"]))
            case "join_room":
                self._begin(self._client.join(data["room_id"]))
            case type_:
                self._begin(self._client.ask(type_, data))

    async def close(self) -> None:
        for task in self._begun:
            task.cancel()
        # What it came to does not matter here: refusals stand in transcripts too.
        await asyncio.gather(*self._begun, return_exceptions=True)
        if self._client is not None:
            await self._client.close()

    def _begin(self, act: Coroutine[Any, Any, Any]) -> None:
        self._begun.append(asyncio.create_task(act))


async def test_the_python_client_says_its_part_of_every_transcript() -> None:
    await asyncio.gather(*(says(part) for part in PARTS))


async def says(part: Json) -> None:
    held = Held()
    try:
        await play(part, held)
    finally:
        await held.close()

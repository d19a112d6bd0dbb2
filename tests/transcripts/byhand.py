"""A client that somebody else runs: they are told what to do with it."""

import json
from collections.abc import Callable

from hubbub_client.frames import Json
from tests.transcripts.patterns import filled


class ByHand:
    """Says in words what a person has to do, or a program that reads them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say

    async def connect(self, url: str, token: str) -> None:
        self._say(f"Connect to {url} with the token {token}")

    async def act(self, frame: Json) -> None:
        self._say(f"Say {json.dumps(filled(frame, {}), ensure_ascii=False)}")

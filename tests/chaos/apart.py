"""One person whose client is a process of its own, so that it can stand still as a whole.

    python -m tests.chaos.apart ws://127.0.0.1:8000/v1/ws ROOM_ID

The access token comes in the environment. It prints `listens` once it does, then the seq of each
event, a line each, and `gap` when it is told of one, until it is killed.
"""

import asyncio
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from hubbub_client.api import Api
from hubbub_client.client import Client
from hubbub_client.frames import Frame
from tests.chaos.talk import register
from tests.support.child import Child
from tests.support.fleet import Fleet
from tests.support.waiting import eventually

TOKEN: Final = "HUBBUB_TOKEN"
LISTENS: Final = "listens"
ENDS_S: Final = 10.0
CATCHES_UP_S: Final = 60.0
"""Three tries to connect, each of which may meet a gateway that is away."""


class ApartFromUs:
    """Somebody alone in a room, who writes from this process and listens in the other."""

    def __init__(self, child: Child, api: Api, room_id: str) -> None:
        self._child = child
        self._api = api
        self._room_id = room_id

    @property
    def pid(self) -> int:
        return self._child.pid

    async def write(self) -> None:
        """Write one message."""
        one = uuid.uuid4().hex
        body = {"content": f"hello {one}", "client_msg_id": one}
        await self._api.call("POST", f"/v1/rooms/{self._room_id}/messages", body)

    async def catches_up(self) -> None:
        """Return once it has heard everything up to now.  Raises: TimeoutError, AssertionError."""
        [newest] = (await self._api.history(self._room_id, limit=1))["items"]

        async def heard() -> list[str]:
            return list(self._child.output)

        lines = await eventually(
            heard, lambda lines: str(newest["seq"]) in lines, within_s=CATCHES_UP_S
        )
        seqs = list(map(int, lines))
        assert seqs == list(range(seqs[0], seqs[-1] + 1)), lines


@asynccontextmanager
async def apart(fleet: Fleet, name: str) -> AsyncIterator[ApartFromUs]:
    """Let somebody new listen to a room of their own, in a process of their own."""
    api = await register(fleet.url, name)
    room_id = (await api.create_room(f"Room of {name}"))["id"]
    assert api.tokens is not None
    child = Child()
    command = [sys.executable, "-m", "tests.chaos.apart", fleet.socket_url, room_id]
    await child.start(command, os.environ | {TOKEN: api.tokens.access})
    try:
        await child.says(LISTENS, within_s=CATCHES_UP_S)
        child.output.clear()
        yield ApartFromUs(child, api, room_id)
    finally:
        child.send(signal.SIGKILL)
        await child.ended(within_s=ENDS_S)
        await api.close()


def _told(event: Frame) -> str | None:
    return str(event.seq) if event.seq is not None else "gap" if event.type == "gap" else None


async def _listen(url: str, room_id: str) -> None:
    async def give_token() -> str:
        return os.environ[TOKEN]

    async with Client(url, give_token) as client:
        await client.join(room_id)
        _say(LISTENS)
        async for event in client.events():
            if (line := _told(event)) is not None:
                _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_listen(*sys.argv[1:]))

"""A client of a test: says frames, and waits for those it expects."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

from websockets.asyncio.client import ClientConnection

from libs.common.contracts.ids import RoomId

PATIENCE_S: Final = 5.0


class Client:
    """One socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.ready: dict[str, Any] = {}
        self._refs = 0

    async def say(self, type_: str, data: Mapping[str, Any], *, ref: str | None = "") -> str:
        """Send a frame; without a `ref` one is made up, with None there is none."""
        self._refs += 1
        ref = f"r{self._refs}" if ref == "" else ref
        frame: dict[str, Any] = {"type": type_, "data": data}
        await self.socket.send(json.dumps(frame if ref is None else frame | {"ref": ref}))
        return ref or ""

    async def hear(self) -> dict[str, Any]:
        """Return the next frame, whatever it is."""
        async with asyncio.timeout(PATIENCE_S):
            return dict(json.loads(await self.socket.recv()))

    async def next(self, type_: str) -> dict[str, Any]:
        """Return the next frame, which must be of this type."""
        frame = await self.hear()
        assert frame["type"] == type_, frame
        return frame

    async def ask(self, type_: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """Send a command and return the next frame, which must be its answer.

        How a room stands that is not heard (yet) may come between.
        """
        ref = await self.say(type_, data)
        frame = await self.hear()
        while frame["type"] == "room_head":
            frame = await self.hear()
        assert frame.get("ref") == ref, frame
        return frame

    async def join(self, room_id: RoomId, **more: Any) -> dict[str, Any]:
        answer = await self.ask("join_room", {"room_id": str(room_id)} | more)
        assert answer["type"] == "room_joined", answer
        return answer

    async def closed(self) -> tuple[int, str]:
        """Wait until the server closes and return why."""
        async with asyncio.timeout(PATIENCE_S):
            await self.socket.wait_closed()
        return self.socket.close_code or 1006, self.socket.close_reason or ""

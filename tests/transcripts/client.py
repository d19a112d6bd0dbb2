"""Plays a part against a client: is its server, and holds it to what it says.

A client is free where the protocol leaves it free: it chooses its refs and the ids of its messages,
may say more than a part shows where that has `...`, may say things a little earlier, and may say at
any time what changes nothing (`FREE`), which is answered as a server answers it.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from hubbub_client.frames import Json
from tests.transcripts.patterns import Differs, match
from tests.transcripts.server import Strays
from tests.transcripts.whole import whole

WAIT_S: Final = 20.0
"""How long a client may take for what it says, the wait before it comes back included."""

HOST: Final = "127.0.0.1"
SUBPROTOCOL: Final = Subprotocol("chat.v1")

FREE: Final[Mapping[str, str]] = {
    "ping": "pong",
    "join_room": "room_joined",
    "read": "ack",
    "typing": "ack",
    "set_presence": "ack",
}
"""What a client may say at any time, and with what it is answered."""


class Client(Protocol):
    """The client that is held to a part, and the person who uses it."""

    async def connect(self, url: str, token: str) -> None:
        """Begin to stay connected; what is cut comes back by itself."""
        ...

    async def act(self, frame: Json) -> None:
        """Do as a person what makes the client say this, and do not wait for what comes of it.

        Its `ref`, and the `client_msg_id` in it, are only proposals.
        """
        ...


async def play(part: Json, client: Client, *, port: int = 0) -> None:
    """Return when the client said every line of its part (see `parts`).  Raises: Strays."""
    server = _Server(client, part["token"])
    async with serve(
        server.on_connection, HOST, port, select_subprotocol=_ours, compression=None
    ) as listening:
        bound = next(iter(listening.sockets)).getsockname()[1]
        server.url = f"ws://{HOST}:{bound}/v1/ws"
        for number, step in enumerate(part["steps"], start=1):
            try:
                async with asyncio.timeout(WAIT_S):
                    await server.take(step)
            except (Differs, TimeoutError, ConnectionClosed) as wrong:
                reason = str(wrong) or f"nothing came for {WAIT_S:g} s"
                raise Strays(
                    f"{part['transcript']}, step {number}: {_named(step)}: {reason}"
                ) from wrong
        try:
            await server.nothing_more()
        except Differs as wrong:
            raise Strays(f"{part['transcript']}: at the end {wrong}") from wrong


def _named(step: Json) -> str:
    return f"{step['do']} {step.get('frame', {}).get('type', '')}".strip()


def _ours(_: ServerConnection, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Return our protocol if it was offered; a client may offer none."""
    return SUBPROTOCOL if SUBPROTOCOL in offered else None


class _Server:
    """As much of a server as one part needs."""

    def __init__(self, client: Client, token: str) -> None:
        self.url = ""
        self._client = client
        self._token = token
        self._is_begun = False
        self._connections: asyncio.Queue[ServerConnection] = asyncio.Queue()
        self._socket: ServerConnection | None = None
        self._early: list[Json] = []
        self._chosen: dict[tuple[str, str], str] = {}
        """What the client chose in the place of a `ref` or a `client_msg_id` of the part."""
        self._rooms: dict[str, Json] = {}

    async def on_connection(self, socket: ServerConnection) -> None:
        await self._connections.put(socket)
        await socket.wait_closed()

    async def take(self, step: Json) -> None:
        match step:
            case {"do": "connect"}:
                await self._connected()
            case {"do": "cut"}:
                self._open_socket.transport.abort()
            case {"do": "close", "code": int(code), "reason": str(reason)}:
                await self._open_socket.close(code, reason)
            case {"do": "say", "frame": frame, "by": by}:
                if by == "person":
                    await self._client.act(frame)
                said = await self._next(frame["type"])
                match(self._expected(frame, said), said, {})
            case {"do": "hear", "frame": frame}:
                await self._tell(frame)

    async def nothing_more(self) -> None:
        """Return when the client has said nothing that it may not say."""
        if self._socket is not None and self._socket.close_code is None:
            pong = asyncio.ensure_future(await self._socket.ping())
            reading = asyncio.create_task(self._read_on())
            await asyncio.wait({reading, pong}, return_when=asyncio.FIRST_COMPLETED)
            reading.cancel()
        if self._early:
            raise Differs(f"the client also said {json.dumps(self._early[0], ensure_ascii=False)}")

    @property
    def _open_socket(self) -> ServerConnection:
        if self._socket is None:
            raise Differs("there is no socket: nobody connected")
        return self._socket

    async def _connected(self) -> None:
        if not self._is_begun:
            await self._client.connect(self.url, self._token)
            self._is_begun = True
        self._socket = await self._connections.get()
        self._early.clear()

    def _expected(self, frame: Json, said: Json) -> Json:
        """Return the frame with what the client was free to choose in the place of what we did.

        An id that was chosen once is the id of that message for ever.
        """
        expected = {**frame, "data": dict(frame["data"])}
        if "ref" in said and "ref" in frame:
            self._chosen["ref", frame["ref"]] = expected["ref"] = said["ref"]
        key = frame["data"].get("client_msg_id")
        if key is not None:
            chosen = str(said["data"].get("client_msg_id"))
            known = self._chosen.setdefault(("client_msg_id", key), chosen)
            expected["data"]["client_msg_id"] = known
        return expected

    async def _next(self, type_: str) -> Json:
        """Return the first frame of this type, and answer what may be said at any time."""
        while True:
            for at, frame in enumerate(self._early):
                if frame["type"] == type_:
                    return self._early.pop(at)
            frame = json.loads(await self._open_socket.recv())
            if frame["type"] == type_ or frame["type"] not in FREE:
                self._early.append(frame)
            else:
                await self._answer(frame)

    async def _read_on(self) -> None:
        while True:
            frame = json.loads(await self._open_socket.recv())
            if frame["type"] not in FREE:
                self._early.append(frame)

    async def _answer(self, said: Json) -> None:
        if "ref" not in said and said["type"] != "ping":
            return
        answer = whole({"type": FREE[said["type"]], "data": {"...": True}, "...": True})
        if "ref" in said:
            answer["ref"] = said["ref"]
        if said["type"] == "join_room":
            room_id = said["data"]["room_id"]
            answer["data"] |= {"room_id": room_id, **self._rooms.get(room_id, {})}
        await self._open_socket.send(json.dumps(answer))

    async def _tell(self, frame: Json) -> None:
        frame = {**frame, "data": dict(frame["data"])}
        self._note(frame)
        for place, name in ((frame, "ref"), (frame["data"], "client_msg_id")):
            if name in place:
                place[name] = self._chosen.get((name, place[name]), place[name])
        await self._open_socket.send(json.dumps(frame, ensure_ascii=False))

    def _note(self, frame: Json) -> None:
        """Remember where rooms stand, for who joins one anew."""
        if frame["type"] == "ready":
            for room in frame["data"]["rooms"]:
                place = {name: room[name] for name in ("epoch", "head_seq")}
                self._rooms[room["room_id"]] = place
        if "seq" in frame and frame["room_id"] in self._rooms:
            self._rooms[frame["room_id"]]["head_seq"] = frame["seq"]

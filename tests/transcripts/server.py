"""Plays a transcript against a server: says what clients say, and holds it to what they hear.

On one connection everything comes in the order of the lines, and nothing else comes, but for what
is told unasked and has no `seq` (`UNASKED`): that may stand in a transcript or be left out.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol
from uuid import uuid4

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from hubbub_client.api import Api
from hubbub_client.frames import Json, Refused
from tests.transcripts.happenings import (
    NAMES,
    Connects,
    Happening,
    IsCut,
    RoomIs,
    ServerStops,
    TimePasses,
    WritesMuch,
)
from tests.transcripts.notation import Answered, Asked, Closed, Heard, Said, Step, Transcript
from tests.transcripts.patterns import Differs, Names, filled, match
from tests.transcripts.person import Person

WAIT_S: Final = 20.0
"""How long a line may take; a server that is well needs milliseconds."""

POLL_S: Final = 0.02

GRACE_MS: Final = 20
"""Longer than told: the server's clock and ours need not be the same."""

UNASKED: Final = frozenset({"presence", "typing", "receipt", "room_head", "room_added"})

WRONG: Final = (
    Differs,
    KeyError,
    Refused,
    TimeoutError,
    WebSocketException,
    httpx.HTTPError,
    OSError,
)

MAX_FRAME_BYTES: Final = 4 * 1024 * 1024


class Strays(AssertionError):
    """Something is not as the transcript says. The message names file, line and place."""


class Stage(Protocol):
    """The server that is held to a transcript, and the people who know it."""

    @property
    def url(self) -> str: ...

    @property
    def socket_url(self) -> str: ...

    async def person(self, name: str) -> Api:
        """Return somebody of this name who is logged in."""
        ...

    async def stop(self) -> None:
        """Tell the server to stop."""
        ...


async def play(transcript: Transcript, stage: Stage) -> None:
    """Return when the server kept to every line.  Raises: Strays."""
    replay = _Replay(stage)
    try:
        for line in transcript.lines:
            async with _kept(f"{transcript.name}:{line.number}:"):
                await replay.take(line.step)
        async with _kept(f"{transcript.name}: at the end"):
            await replay.nothing_more()
    finally:
        await replay.close()


@asynccontextmanager
async def _kept(where: str) -> AsyncIterator[None]:
    """Bound what a line may take, and say of what goes wrong where it did.  Raises: Strays."""
    try:
        async with asyncio.timeout(WAIT_S):
            yield
    except WRONG as wrong:
        raise Strays(f"{where} {_reason(wrong)}") from wrong


def _reason(wrong: BaseException) -> str:
    match wrong:
        case KeyError():
            return f"<{wrong.args[0]}> was never seen before"
        case TimeoutError():
            return f"nothing came for {WAIT_S:g} s"
        case Refused():
            return f"the server refused it: {wrong}"
        case ConnectionClosed():
            return f"the socket was closed ({wrong})"
        case _:
            return str(wrong)


class _Replay:
    """One transcript, as far as it has got."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._names: Names = {}
        self._people: dict[str, Person] = {}
        self._room = ""

    async def take(self, step: Step) -> None:
        match step:
            case Said(who, frame):
                await (await self._person(who)).say(filled(frame, self._names))
            case Heard(who, frame):
                await self._hear(await self._person(who), frame)
            case Closed(who, code, reason):
                await self._closed(await self._person(who), code, reason)
            case Asked(who, method, path, body):
                names = self._names
                person = await self._person(who)
                person.ask(method, str(filled(path, names)), filled(body, names))
            case Answered(who, status, body):
                await self._answered(await self._person(who), status, body)
            case _:
                await self._happen(step)

    async def nothing_more(self) -> None:
        """Return when everybody who is connected has heard nothing beyond the last line."""
        for letter, person in self._people.items():
            if person.socket is None:
                continue
            await person.say({"type": "ping", "ref": "the-end", "data": {}})
            while (frame := await person.hear()).get("ref") != "the-end":
                if frame["type"] not in UNASKED:
                    raise Differs(f"{NAMES[letter]} heard {json.dumps(frame, ensure_ascii=False)}")

    async def close(self) -> None:
        for person in self._people.values():
            await person.close()

    async def _person(self, who: str) -> Person:
        if who not in self._people:
            name = NAMES[who]
            person = Person(await self._stage.person(name), self._stage.url)
            self._people[who] = person
            self._names |= {name.lower(): person.id, f"{name.lower()}'s token": person.token}
        return self._people[who]

    async def _hear(self, person: Person, pattern: Json) -> None:
        while True:
            frame = await person.hear()
            names = dict(self._names)
            try:
                match(pattern, frame, names)
            except Differs as wrong:
                if frame["type"] in UNASKED:
                    continue
                raise Differs(f"{wrong}, in {json.dumps(frame, ensure_ascii=False)}") from None
            self._names |= names
            return

    async def _closed(self, person: Person, code: int, reason: str | None) -> None:
        try:
            while (frame := await person.hear())["type"] in UNASKED:
                pass
        except ConnectionClosed:
            socket, person.socket = person.open_socket, None
            if socket.close_code != code or reason not in (None, socket.close_reason):
                raise Differs(
                    f"the socket closed with {socket.close_code} {socket.close_reason}"
                ) from None
            return
        raise Differs(f"no close, but {json.dumps(frame, ensure_ascii=False)}")

    async def _answered(self, person: Person, status: int, pattern: Any) -> None:
        if person.answer is None:
            raise Differs("there is no answer: nothing was asked")
        answer, person.answer = await person.answer, None
        if answer.status_code != status:
            raise Differs(f"the status is {answer.status_code}: {answer.text}")
        if pattern is None:
            return
        body = answer.json()
        if "events" in pattern and "cursors" in pattern:
            heard = [frame for frame in body["events"] if frame["type"] not in UNASKED]
            if body["events"] and pattern["events"] and not heard:
                # A poll of nothing but what may be left out is asked again, where it has got.
                method, path, asked = person.asked
                person.ask(method, path, asked | {"cursors": body["cursors"]})
                await self._answered(person, status, pattern)
                return
            body["events"] = heard
        match(pattern, body, self._names)

    async def _happen(self, happening: Happening) -> None:
        match happening:
            case RoomIs():
                await self._make_room(happening)
            case Connects(who):
                (await self._person(who)).socket = await connect(
                    self._stage.socket_url,
                    subprotocols=[Subprotocol("chat.v1")],
                    compression=None,
                    max_size=MAX_FRAME_BYTES,
                    max_queue=None,
                    proxy=None,
                )
            case IsCut(who):
                person = await self._person(who)
                person.open_socket.transport.abort()
                person.socket = None
            case WritesMuch(who):
                await self._write_much(await self._person(who))
            case TimePasses(name):
                await asyncio.sleep((self._names[name] + GRACE_MS) / 1000)
            case ServerStops():
                await self._stage.stop()

    async def _make_room(self, wanted: RoomIs) -> None:
        owner = await self._person(wanted.owner)
        room = await owner.api.create_room(f"Tea {uuid4().hex[:12]}", kind=wanted.kind)
        self._room = self._names[wanted.room] = str(room["id"])
        for who in wanted.members:
            member = await self._person(who)
            if wanted.kind == "public":
                await member.api.join(self._room)
            else:
                path = f"/v1/rooms/{self._room}/members/{member.id}"
                await owner.api.call("PUT", path, {"role": "member"})
            await self._is_told(owner, member)

    async def _is_told(self, owner: Person, member: Person) -> None:
        """Return once the room's log tells that somebody came in."""
        while True:
            log = await owner.api.call("GET", f"/v1/rooms/{self._room}/events")
            people = [entry["data"].get("person", {}).get("id") for entry in log["items"]]
            if member.id in people:
                return
            await asyncio.sleep(POLL_S)

    async def _write_much(self, person: Person) -> None:
        for at in range(person.replayed + 1):
            message = {"room_id": self._room, "client_msg_id": f"much-{at}", "content": f"No. {at}"}
            while True:
                await person.say({"type": "send_message", "ref": "much", "data": message})
                while (answer := await person.hear()).get("ref") != "much":
                    pass
                if answer["type"] == "ack":
                    break
                await asyncio.sleep(answer["data"]["retry_after_ms"] / 1000)

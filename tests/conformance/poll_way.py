"""Being connected over `POST /v1/sync`: what is said goes over HTTP, what is heard is polled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import cycle
from typing import Any, Final
from urllib.parse import quote

import httpx

from hubbub_client.frames import Frame, Json, event_in
from tests.conformance.clause import Broken, expect, shown
from tests.conformance.http import client
from tests.conformance.inbox import Inbox
from tests.conformance.people import Person
from tests.conformance.ways import Answer, Device, Recovery

PATH: Final = "/v1/sync"
HELD_MS: Final = 10_000
"""How long one poll is held here; the protocol allows 25 s."""

MESSAGES: Final = "/v1/rooms/{room_id}/messages"
MESSAGE: Final = "/v1/messages/{message_id}"
REACTION: Final = "/v1/messages/{message_id}/reactions/{emoji}"

TWINS: Final = {
    "send_message": ("POST", MESSAGES),
    "edit_message": ("PATCH", MESSAGE),
    "delete_message": ("DELETE", MESSAGE),
    "add_reaction": ("PUT", REACTION),
    "remove_reaction": ("DELETE", REACTION),
    "read": ("PUT", "/v1/rooms/{room_id}/read"),
    "set_presence": ("PUT", "/v1/presence"),
}
"""What a frame orders, as a request."""

IN_BODY: Final = frozenset(
    {"content", "expected_rev", "reply_to", "thread_root", "seq", "state", "status_text"}
)

ENDS: Final = {"session_revoked": "revoked", "token_expired": "expired"}


class PollDevice:
    """Keeps cursors, and asks again and again, each time another of the gateways."""

    def __init__(self, person: Person, clients: list[httpx.AsyncClient]) -> None:
        self.inbox = Inbox(wait_s=person.server.options.wait_s)
        self._person = person
        self._clients = cycle(clients)
        self._cursors: dict[str, Json | None] = {}
        self._asking: asyncio.Task[None] | None = None

    @property
    def frames(self) -> list[Frame]:
        return self.inbox.frames

    async def listen(self, room_id: str) -> None:
        answers = await self._go_on({room_id: None})
        expect("seq" in answers[room_id], "a cursor for a room that one may hear", answers)

    async def resume(self, *cursors: Json) -> list[Recovery]:
        heard = len(self.frames)
        wanted: dict[str, Json | None] = {
            one["room_id"]: {"seq": one["seq"], "epoch": one["epoch"]} for one in cursors
        }
        answers = await self._go_on(wanted)
        gaps = {one.room_id: one.data["reason"] for one in self.frames[heard:] if one.type == "gap"}
        return [_recovery(answers[room], gaps.get(room)) for room in wanted]

    async def command(self, type_: str, /, **data: Any) -> Answer:
        if type_ == "send_message":
            await self._person.sends.turn()
        answer = await self.request(type_, **data)
        body = answer.json() if answer.content else {}
        if not answer.is_success:
            return Answer(body, str(body.get("code")))
        return Answer(_ack(body["message"], answer.status_code) if "message" in body else body)

    async def request(self, type_: str, /, **data: Any) -> httpx.Response:
        """Make the request that orders the same as a frame of this type."""
        method, path = TWINS[type_]
        quoted = {name: quote(str(value)) for name, value in data.items()}
        body = {name: value for name, value in data.items() if name in IN_BODY}
        key = data.get("client_msg_id")
        headers = {"idempotency-key": key} if key is not None else None
        return await self._person.call(method, path.format(**quoted), body or None, headers=headers)

    async def reach(self, room_id: str, seq: int) -> None:
        await self.inbox.reach(room_id, seq)

    async def hear(self, type_: str, *, within_s: float | None = None) -> Frame:
        return await self.inbox.first(
            lambda frame: frame.type == type_, f"a `{type_}`", within_s=within_s
        )

    async def settle(self) -> None:
        await self._go_on({})

    async def ended(self, *, within_s: float) -> str:
        assert self._asking is not None
        await asyncio.wait({self._asking}, timeout=within_s)
        if not self._asking.done():
            raise Broken(f"expected a held poll to be refused within {within_s:g} s; it goes on")
        match self._asking.exception():
            case Refusal() as refusal:
                return ENDS.get(refusal.code, f"{refusal.status} {refusal.code}")
            case error:
                raise Broken(f"expected a held poll to be refused; came {error!r}")

    def events(self, room_id: str) -> list[Frame]:
        return self.inbox.events(room_id)

    async def stop(self) -> None:
        """Poll no more; what is held is dropped, and was not heard."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})

    async def _go_on(self, cursors: dict[str, Json | None]) -> Json:
        """Ask at once with more cursors, until nothing more is there, and then wait for more.

        Return the first answer's cursors.
        """
        await self.stop()
        self._cursors |= cursors
        answer = await self._poll(timeout_ms=0)
        first = dict(answer["cursors"])
        while answer["more"]:
            answer = await self._poll(timeout_ms=0)
        self._asking = asyncio.create_task(self._ask())
        return first

    async def _ask(self) -> None:
        try:
            while True:
                await self._poll(timeout_ms=HELD_MS)
        except (Refusal, httpx.HTTPError) as error:
            self.inbox.end(str(error))
            raise

    async def _poll(self, *, timeout_ms: int) -> Json:
        """Ask, again when it was too soon, and keep what came.  Raises: Refusal."""
        body = {"cursors": self._cursors, "timeout_ms": timeout_ms}
        answer = await self._post(body)
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self.inbox.wait_s
        while answer.status_code == httpx.codes.TOO_MANY_REQUESTS and loop.time() < give_up_at:
            await asyncio.sleep(answer.json()["retry_after_ms"] / 1000)
            answer = await self._post(body)
        if not answer.is_success:
            raise Refusal(answer)
        told = dict(answer.json())
        for room_id, cursor in told["cursors"].items():
            if "seq" in cursor:
                self._cursors[room_id] = cursor
            else:
                self._lose(room_id, cursor["reason"])
        self.inbox.put(event_in(event) for event in told["events"])
        return told

    def _lose(self, room_id: str, reason: str) -> None:
        """Ask for a room no more. That it was lost between two polls its cursor tells alone, so
        that is kept like what a socket would hear.
        """
        if reason == "unavailable":
            return
        self._cursors.pop(room_id, None)
        self.inbox.put([Frame("room_left", {"reason": reason}, room_id=room_id)])

    async def _post(self, body: Json) -> httpx.Response:
        return await next(self._clients).post(PATH, json=body, headers=self._person.bearer)


class Refusal(Broken):
    """A poll was refused."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"POST {PATH} was answered {answer.status_code} {shown(answer.text)}")
        self.status = answer.status_code
        self.code = _code(answer)


class PollWay:
    """Every device polls; with another gateway at hand, the two in turn."""

    @asynccontextmanager
    async def device(self, person: Person, *, at: str | None = None) -> AsyncIterator[Device]:
        options = person.server.options
        urls = [at] if at is not None else [one for one in (options.url, options.also) if one]
        clients = [client(url) for url in urls]
        device = PollDevice(person, clients)
        try:
            yield device
        finally:
            await device.stop()
            for one in clients:
                await one.aclose()


def _code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["code"])
    except (ValueError, KeyError, TypeError):
        return "no code"


def _ack(message: Json, status: int) -> Json:
    """Return what the socket's `ack` would say of a message."""
    return {
        "message_id": message["id"],
        "seq": message["seq"],
        "ts": message["created_at"],
        "rev": message["rev"],
        "duplicate": status == httpx.codes.OK,
    }


def _recovery(cursor: Json, gap: str | None) -> Recovery:
    if cursor.get("recovered") is False:
        return Recovery(is_recovered=False, reason=str(cursor["reason"]))
    return Recovery(is_recovered=gap is None, reason=gap or "")

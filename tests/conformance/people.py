"""People with an account on the server under test, and what they do over HTTP."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import httpx

from hubbub_client.frames import Json
from tests.conformance.clause import Broken, shown
from tests.conformance.http import client
from tests.conformance.pace import Pace
from tests.conformance.server import Server, Unreachable

TELL_S: Final = 20.0
LOOK_S: Final = 0.02
BUSY_S: Final = 15.0

STALE: Final = 0.3
"""Of the life of a token: who is older is refreshed before a clause begins."""


def own_name(name: str, chance: str) -> str:
    """Return a name of one run's own: a server may refuse one that looks like its owner's."""
    return f"{name} {chance}"


class Person:
    """Somebody who is logged in."""

    def __init__(self, server: Server, http: httpx.AsyncClient, email: str, password: str) -> None:
        self.server = server
        self.http = http
        self.email = email
        self.password = password
        self.sends = Pace.of_sends(server.limits)
        self._signed_in: Json = {}
        self._signed_in_at = 0.0

    @classmethod
    async def register(cls, server: Server, name: str) -> Self:
        """Make an account that nobody else has.  Raises: Unreachable."""
        chance = secrets.token_hex(6)
        email = f"conformance-{chance}@example.org"
        person = cls(server, client(server.url), email, secrets.token_urlsafe(18))
        body = {"email": email, "password": person.password, "name": own_name(name, chance)}
        person._keep(await person._enter("/v1/auth/register", body))
        return person

    @classmethod
    async def log_in(cls, server: Server, email: str, password: str) -> Self:
        """Enter with an account that is there.  Raises: Unreachable."""
        person = cls(server, client(server.url), email, password)
        body = {"email": email, "password": password}
        person._keep(await person._enter("/v1/auth/login", body))
        return person

    @asynccontextmanager
    async def on_another_device(self) -> AsyncIterator[Self]:
        """Log in once more: the same person, another session."""
        again = await type(self).log_in(self.server, self.email, self.password)
        again.sends = self.sends
        try:
            yield again
        finally:
            await again.http.aclose()

    @property
    def id(self) -> str:
        return str(self._signed_in["user"]["id"])

    @property
    def token(self) -> str:
        return str(self._signed_in["access_token"])

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"}

    async def refresh(self) -> None:
        """Trade the refresh token for a new pair."""
        body = {"refresh_token": self._signed_in["refresh_token"]}
        answer = await self.do("POST", "/v1/auth/refresh", body)
        self._keep(self._signed_in | answer)

    async def be_fresh(self) -> None:
        """See that the token is good for most of its life."""
        age_s = time.monotonic() - self._signed_in_at
        if age_s > float(self._signed_in["expires_in"]) * STALE:
            await self.refresh()

    async def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Return the whole answer, whatever its status."""
        return await self.http.request(
            method, path, json=body, headers=self.bearer | (headers or {})
        )

    async def do(self, method: str, path: str, body: Any = None) -> Json:
        """Return what is answered, `{}` for nothing.  Raises: Broken, for a refusal."""
        return _body(await self.call(method, path, body))

    async def make_room(self, kind: str) -> str:
        """Make a room with a title that nobody else has."""
        body = {"kind": kind, "title": f"Conformance {secrets.token_hex(6)}"}
        return str((await self.do("POST", "/v1/rooms", body))["id"])

    async def take_in(self, room_id: str, other: "Person") -> None:
        """Make somebody a member of one's room; return once the room's log tells it."""
        await self.do("PUT", f"/v1/rooms/{room_id}/members/{other.id}", {"role": "member"})
        async with asyncio.timeout(TELL_S):
            # That the news has come to all services is told nowhere else.
            while not await self._is_told(room_id, other):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_S)

    async def write(self, room_id: str, content: str) -> Json:
        """Write a message over HTTP, as soon as it is not one too many, and return it."""
        await self.sends.turn()
        path = f"/v1/rooms/{room_id}/messages"
        body = {"content": content, "client_msg_id": secrets.token_hex(8)}
        answer = await self.call("POST", path, body)
        while answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            await asyncio.sleep(answer.json()["retry_after_ms"] / 1000)
            answer = await self.call("POST", path, body)
        return dict(_body(answer)["message"])

    async def history(self, room_id: str) -> list[Json]:
        """Return all messages of a room, oldest first."""
        found: list[Json] = []
        query = ""
        while True:
            page = await self.do("GET", f"/v1/rooms/{room_id}/messages?limit=100{query}")
            found = page["items"] + found
            if page.get("next_cursor") is None:
                return found
            query = f"&cursor={page['next_cursor']}"

    async def cursor(self, room_id: str) -> Json:
        """Return the place at the end of a room's log."""
        log = await self.do("GET", f"/v1/rooms/{room_id}/events?limit=1")
        return {"room_id": room_id, "seq": log["head_seq"], "epoch": log["epoch"]}

    async def _is_told(self, room_id: str, other: "Person") -> bool:
        log = await self.do("GET", f"/v1/rooms/{room_id}/events?limit=100")
        return any(
            event["type"] == "member_joined" and event["data"]["person"]["id"] == other.id
            for event in log["items"]
        )

    def _keep(self, signed_in: Json) -> None:
        self._signed_in = signed_in
        self._signed_in_at = time.monotonic()

    async def _enter(self, path: str, body: Json) -> Json:
        """Return what a log-in gives; wait a little for a server that lets few in at once."""
        give_up_at = asyncio.get_running_loop().time() + BUSY_S
        while True:
            try:
                answer = await self.http.post(path, json=body)
            except httpx.HTTPError as error:
                raise Unreachable(f"POST {path} was not answered: {error!r}") from error
            if answer.is_success:
                return dict(answer.json())
            wait_s = _retry_after_s(answer)
            if wait_s is None or asyncio.get_running_loop().time() + wait_s > give_up_at:
                raise Unreachable(
                    f"POST {path} was answered {answer.status_code} {shown(answer.text)}; where"
                    " people cannot register, make accounts and name them: --account EMAIL:PASSWORD"
                )
            await asyncio.sleep(wait_s)


def _body(answer: httpx.Response) -> Json:
    if not answer.is_success:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise Broken(f"{asked} was answered {answer.status_code} {shown(answer.text)}")
    return dict(answer.json()) if answer.content else {}


def _retry_after_s(answer: httpx.Response) -> float | None:
    after_s = answer.headers.get("retry-after")
    return float(after_s) if after_s and after_s.isdecimal() else None

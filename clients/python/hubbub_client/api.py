"""The HTTP half: accounts, rooms and history.

Only what a client needs before and beside its socket; the rest is in each service's OpenAPI
document.
"""

from dataclasses import dataclass
from typing import Any, Self

import httpx

from hubbub_client.frames import Json, Refused

TIMEOUT_S = 10.0


@dataclass(slots=True)
class Tokens:
    """What a log-in gives. The access token lives for minutes, the refresh token for days, once."""

    access: str
    refresh: str | None
    user: Json


class Api:
    """Speaks HTTP with one installation, as one person once `tokens` is set.

    Who has an API token, as bots do, gives it as `api_token` and never logs in.
    """

    def __init__(
        self,
        url: str,
        *,
        api_token: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.tokens: Tokens | None = None
        self._api_token = api_token
        self._door: str | None = None
        self._http = httpx.AsyncClient(
            base_url=self.url, timeout=TIMEOUT_S, trust_env=False, transport=transport
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def register(self, email: str, password: str, name: str, **more: str) -> Tokens:
        """Make an account and log in.  Raises: Refused."""
        body = {"email": email, "password": password, "name": name, **more}
        return self._keep(await self.call("POST", "/v1/auth/register", body))

    async def log_in(self, email: str, password: str) -> Tokens:
        return self._keep(
            await self.call("POST", "/v1/auth/login", {"email": email, "password": password})
        )

    async def come_in(self, slug: str, alias: str, **more: str) -> Json:
        """Come into a guest room, be its guest from then on, and return the room.

        `more` may be the room's `password`, and the `device`, by which the alias is kept for who
        comes back.  Raises: Refused.
        """
        door = f"/v1/guest-rooms/{slug}"
        answer = await self.call("POST", f"{door}/guests", {"alias": alias, **more})
        self._door = door
        self._keep({"user": answer["person"], **answer})
        return dict(answer["room"])

    async def go_out(self) -> None:
        """Leave the room that one is a guest of: the alias is free again."""
        await self.call("POST", f"{self._door}/leave")
        self.tokens, self._door = None, None

    async def refresh(self) -> Tokens:
        """Trade the refresh token for a new pair.  Raises: Refused."""
        if self.tokens is None or self.tokens.refresh is None:
            raise RuntimeError("log in first")
        body = {"refresh_token": self.tokens.refresh}
        answer = await self.call("POST", f"{self._door or '/v1/auth'}/refresh", body)
        return self._keep({"user": self.tokens.user, **answer})

    async def create_room(self, title: str, *, kind: str = "public") -> Json:
        return await self.call("POST", "/v1/rooms", {"kind": kind, "title": title})

    async def join(self, room_id: str) -> None:
        await self.call("POST", f"/v1/rooms/{room_id}/join")

    async def history(self, room_id: str, **query: str | int) -> Json:
        """Return one page of messages, oldest first, and the cursor of the page before it."""
        return await self.call("GET", f"/v1/rooms/{room_id}/messages", query=query)

    async def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        query: dict[str, str | int] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Json:
        """Return the answer's JSON, `{}` when there is none.

        Raises: Refused (the server said no), httpx.HTTPError (it could not be asked).
        """
        sent = dict(headers or {})
        token = self.tokens.access if self.tokens is not None else self._api_token
        if token is not None:
            sent["authorization"] = f"Bearer {token}"
        response = await self._http.request(method, path, json=body, params=query, headers=sent)
        answer: Any = response.json() if response.content else {}
        if response.is_error:
            raise Refused(answer)
        return dict(answer)

    def _keep(self, answer: Json) -> Tokens:
        self.tokens = Tokens(answer["access_token"], answer.get("refresh_token"), answer["user"])
        return self.tokens

"""A stand-in for what auth does for guests: it makes tokens, renews them, and hears of ends."""

import asyncio
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from uuid import UUID

import httpx

from libs.common.contracts.guests import (
    GuestEndingsRequest,
    GuestRefreshRequest,
    GuestTokensRequest,
)
from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import PersonKind
from libs.common.http.people import Caller

REVOKED = {"code": "session_revoked", "message": "It was ended.", "retryable": False}
AWAY = {"code": "unavailable", "message": "Not now.", "retryable": True}


@dataclass(slots=True)
class GuestDesk:
    """Writes down what it was asked for; tokens are `guest-N` and `refresh-N`.

    While there is a `hold`, nobody gets tokens before it is set; while it `is_deaf`, it hears of
    no end.
    """

    callers: MutableMapping[str, Caller]
    made: list[GuestTokensRequest] = field(default_factory=list)
    refreshed: list[GuestRefreshRequest] = field(default_factory=list)
    ended: list[PersonId] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    hold: asyncio.Event | None = None
    is_deaf: bool = False

    async def answer(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/internal/guest-tokens":
                asked = GuestTokensRequest.model_validate_json(request.content)
                self.made.append(asked)
                self.news.set()
                if self.hold is not None:
                    await self.hold.wait()
                return self._tokens(len(self.made))
            case "/internal/guest-refreshes":
                shown = GuestRefreshRequest.model_validate_json(request.content)
                self.refreshed.append(shown)
                number = int(shown.refresh_token.rpartition("-")[2])
                if self.made[number - 1].person_id in self.ended:
                    return httpx.Response(401, json=REVOKED)
                return self._tokens(number)
            case _ if self.is_deaf:
                return httpx.Response(503, json=AWAY)
            case _:
                told = GuestEndingsRequest.model_validate_json(request.content)
                self.ended += told.person_ids
                self.news.set()
                return httpx.Response(200, json={"count": len(told.person_ids)})

    async def heard(self, count: int) -> list[PersonId]:
        """Wait until the ends of so many guests were told, and return them."""
        async with asyncio.timeout(10):
            while len(self.ended) < count:
                self.news.clear()
                await self.news.wait()
        return self.ended

    async def asked(self, count: int) -> GuestTokensRequest:
        """Wait until tokens were asked for so many times, and return the last request."""
        async with asyncio.timeout(10):
            while len(self.made) < count:
                self.news.clear()
                await self.news.wait()
        return self.made[count - 1]

    def _tokens(self, number: int) -> httpx.Response:
        asked = self.made[number - 1]
        self.callers[f"guest-{number}"] = Caller(
            id=asked.person_id,
            kind=PersonKind.GUEST,
            name=asked.name,
            session_id=SessionId(UUID(int=number)),
            expires_at=2e9,
            room_id=asked.room_id,
        )
        return httpx.Response(
            200,
            json={
                "person_id": str(asked.person_id),
                "access_token": f"guest-{number}",
                "refresh_token": f"refresh-{number}",
                "expires_in": 900,
            },
        )

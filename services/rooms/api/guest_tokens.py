"""Tokens of guests: rooms says who is let in and for how long, auth signs."""

import hashlib

from starlette.requests import Request

from libs.common.client import InternalClient
from libs.common.contracts.guests import (
    GuestRefreshRequest,
    GuestTokensAnswer,
    GuestTokensRequest,
)
from libs.common.contracts.people import Person
from libs.common.tokens.access import SessionRevoked
from services.rooms.model import Room
from services.rooms.settings import RoomsSettings


class GuestTokens:
    """Asks auth."""

    def __init__(self, auth: InternalClient, settings: RoomsSettings) -> None:
        self._auth = auth
        self._settings = settings

    async def begin(self, room: Room, person: Person, request: Request) -> GuestTokensAnswer:
        """Return tokens for somebody who is in the room.  Raises: Unavailable, TimedOut."""
        asked = GuestTokensRequest(
            person_id=person.id,
            name=person.name,
            room_id=room.id,
            max_s=self._settings.guest_session_max_s,
            good_until=room.closes_at,
            client=_client(request),
        )
        return await self._auth.post("/internal/guest-tokens", GuestTokensAnswer, body=asked)

    async def refresh(self, room: Room, token: str, request: Request) -> GuestTokensAnswer:
        """Exchange a refresh token.  Raises: SessionRevoked, Unavailable, TimedOut."""
        asked = GuestRefreshRequest(
            refresh_token=token,
            room_id=room.id,
            max_s=self._settings.guest_session_max_s,
            good_until=room.closes_at,
            client=_client(request),
        )
        return await self._auth.post(
            "/internal/guest-refreshes", GuestTokensAnswer, body=asked, refusals=(SessionRevoked,)
        )


def _client(request: Request) -> str:
    """Return what tells one client of a session from another: browsers keep their name."""
    return hashlib.sha256(request.headers.get("user-agent", "").encode()).hexdigest()

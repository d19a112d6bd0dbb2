"""The people of the demo at the doors of the services: over HTTP for accounts and rooms, over the
bus for what happens in rooms, as a gateway sends what it hears on its sockets.
"""

import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import httpx

from hubbub_client.api import Api
from hubbub_client.frames import Refused
from libs.common.clock import Clock
from libs.common.contracts.commands import Payload
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.people import Person, PersonKind
from services.demo.people import PASSWORD, Figure
from services.demo.stage import Stage

MENTION: Final = re.compile(r"@([a-z]+)\b")

TOKEN_S: Final = 50.0
"""How long an access token is used; every setting lets it live for longer."""

INSIDE: Final = "http://demo.internal"


@dataclass(slots=True)
class _Player:
    person: Person
    api: Api
    email: str
    renewed_at: float


class Cast:
    """Everybody who has arrived; close it when the story is told."""

    def __init__(self, stage: Stage, clock: Clock, opened: AsyncExitStack) -> None:
        self._stage = stage
        self._clock = clock
        self._opened = opened
        self._players: dict[str, _Player] = {}

    async def arrive(self, figure: Figure, *, owner_token: str | None) -> None:
        """Make an account; with the token of the owner's link, the owner's."""
        transport = httpx.ASGITransport(app=self._stage.public)
        api = await self._opened.enter_async_context(Api(INSIDE, transport=transport))
        more = {"owner_token": owner_token} if owner_token else {}
        made = await api.register(figure.email, PASSWORD, figure.name, **more)
        person = Person(PersonKind.USER, PersonId(UUID(made.user["id"])), figure.name)
        self._players[figure.key] = _Player(person, api, figure.email, self._clock.now())

    def id_of(self, key: str) -> PersonId:
        return self._players[key].person.id

    async def call(self, key: str, method: str, path: str, body: Any = None) -> Mapping[str, Any]:
        """Ask the public API something in somebody's name.  Raises: Refused."""
        player = self._players[key]
        await self._renew(player)
        return await player.api.call(method, path, body)

    async def _renew(self, player: _Player) -> None:
        """Get a token of now: of the same session, which takes no hash, while that lives."""
        now = self._clock.now()
        if now - player.renewed_at < TOKEN_S:
            return
        try:
            await player.api.refresh()
        except Refused:
            await player.api.log_in(player.email, PASSWORD)
        player.renewed_at = now

    async def wish(
        self, key: str, room_id: RoomId, payload: Payload, *, command_id: str | None = None
    ) -> Mapping[str, Any]:
        """Send a command in somebody's name and return its ack.

        Raises: ChatError, what it was refused with.
        """
        person = self._players[key].person
        return await self._stage.wishes.send(person, room_id, payload, key=command_id)

    def spelled(self, text: str) -> str:
        """Return a text with `@key` as the protocol spells a mention."""

        def mention(found: re.Match[str]) -> str:
            player = self._players.get(found[1])
            return f"<@{player.person.id}>" if player else found[0]

        return MENTION.sub(mention, text)

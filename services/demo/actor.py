"""Lets somebody of the demo keep company, as an ordinary client over the real protocol.

What is said, and when, is decided in `services.demo.company`; this logs in, listens and obeys.
"""

import asyncio
from contextlib import suppress
from typing import Final

import httpx
import structlog

from hubbub_client.api import Api
from hubbub_client.client import Client, Stopped
from hubbub_client.frames import Frame, Json, Refused
from libs.common.chance import Chance
from libs.common.clock import Clock
from services.demo.company import Company, Effect, Heard, Likes, Types, Writes
from services.demo.people import PASSWORD

log = structlog.get_logger()

OFFLINE: Final = "offline"
FAILURES: Final = (Refused, Stopped, ConnectionError, TimeoutError, httpx.HTTPError)


async def keep_company(
    address: str, *, email: str, room: str, company: Company, clock: Clock, chance: Chance
) -> None:
    """Be in the room of this title until cancelled; what goes wrong is told and ends it."""
    try:
        async with Api(address) as api:
            me = str((await api.log_in(email, PASSWORD)).user["id"])
            query: dict[str, str | int] = {"scope": "mine", "q": room, "limit": 1}
            (found,) = (await api.call("GET", "/v1/rooms", query=query))["items"]

            async def give_token() -> str:
                return (await api.refresh()).access

            socket = f"ws{address.removeprefix('http')}/v1/ws"
            async with Client(socket, give_token) as client:
                await Actor(
                    client, found["id"], me=me, company=company, clock=clock, chance=chance
                ).act()
    except FAILURES as reason:
        log.warning("company_left", reason=repr(reason))


class Actor:
    """One person, attached to one room."""

    def __init__(
        self,
        client: Client,
        room_id: str,
        *,
        me: str,
        company: Company,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._client = client
        self._room_id = room_id
        self._me = me
        self._company = company
        self._clock = clock
        self._chance = chance
        self._there: frozenset[str] = frozenset()
        self._heard = asyncio.Event()

    async def act(self) -> None:
        """Listen and act until the client is stopped."""
        joined = await self._client.join(self._room_id)
        self._people_are(frozenset(joined.data.get("online", ())))
        async with asyncio.TaskGroup() as group:
            acting = group.create_task(self._do_what_is_due())
            async for frame in self._client.events():
                await self._hear(frame)
            acting.cancel()

    async def _hear(self, frame: Frame) -> None:
        data = frame.data
        if frame.type == "presence":
            self._people_are(there_after(frame, self._there))
        elif frame.type == "message" and data["author"]["id"] != self._me:
            heard = Heard(data["id"], data["author"]["id"], data["content"])
            self._company.hears(heard, self._clock.monotonic())
            self._heard.set()
            await self._client.tell("read", {"room_id": self._room_id, "seq": frame.seq})

    def _people_are(self, there: frozenset[str]) -> None:
        self._there = there
        self._company.people_are(there - {self._me}, self._clock.monotonic())
        self._heard.set()

    async def _do_what_is_due(self) -> None:
        while True:
            self._heard.clear()
            for effect in self._company.due(self._clock.monotonic()):
                # What is not taken, as a like on what was deleted, is left.
                with suppress(Refused, ConnectionError, TimeoutError):
                    await self._do(effect)
            wait_s = self._company.wakes_at - self._clock.monotonic()
            with suppress(TimeoutError):
                async with asyncio.timeout(None if wait_s == float("inf") else max(0.0, wait_s)):
                    await self._heard.wait()

    async def _do(self, effect: Effect) -> None:
        match effect:
            case Types():
                await self._client.tell("typing", {"room_id": self._room_id, "is_typing": True})
            case Likes(message_id=message_id, emoji=emoji):
                like = {"room_id": self._room_id, "message_id": message_id, "emoji": emoji}
                await self._client.ask("add_reaction", like)
            case Writes():
                await self._client.ask("send_message", self._message(effect), is_kept=True)

    def _message(self, effect: Writes) -> Json:
        message: Json = {
            "room_id": self._room_id,
            "content": effect.text,
            "client_msg_id": self._chance.new_id().hex,
        }
        return message if effect.answers is None else message | {"reply_to": effect.answers}


def there_after(frame: Frame, before: frozenset[str]) -> frozenset[str]:
    """Return who is there once a frame about presence was heard.

    A frame of a room replaces what was known, unless it tells the number alone; one of a person
    changes them alone.
    """
    data = frame.data
    if "users" in data:
        if not data["users"] and data.get("online_count"):
            return before
        return frozenset(one["person_id"] for one in data["users"] if one["state"] != OFFLINE)
    person = frozenset({data["person_id"]})
    return before - person if data["state"] == OFFLINE else before | person

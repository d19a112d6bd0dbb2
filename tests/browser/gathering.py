"""What stands behind the pages of those who look after rooms: a choir, and rooms for guests."""

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from hubbub_client.api import Api
from hubbub_client.client import Client
from libs.common.times import rfc3339
from tests.browser.person import PASSWORD
from tests.browser.scene import Actor
from tests.support.program import Program
from tests.support.waiting import eventually

FACILITATOR: Final = "Fay Flores"
SINGERS: Final = ("Gus Gray", "Hanna Holm", "Ivo Ives")
GUESTS: Final = ("Kim", "Noor")
DOOR_PASSWORD: Final = "tulip"

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S

SAID: Final = (
    ("Fay Flores", "Welcome! We sing in the old school from now on, **Tuesdays at seven**."),
    ("Ivo Ives", "Whoever is late pays for the tea."),
    ("Hanna Holm", "Is there a piano?"),
    ("Gus Gray", "Cheap watches, only today: https://example.org/watches"),
)
SPAM: Final = "Cheap watches"
ASKED: Final = "Why do we sing so quietly?"
ANSWER: Final = "Because nobody has ever asked us to be loud. Who would like to?"


@dataclass(frozen=True, slots=True)
class Gathering:
    """`invite` is the code of an invitation to the choir; the others of rooms for guests are what
    stands in their links, `hour` of the one that is open."""

    facilitator: str
    email: str
    choir: str
    invite: str
    hour_id: str
    hour: str
    early: str
    past: str


async def gather(program: Program) -> Gathering:
    """Let people meet, quarrel and be put in their places; nobody stays."""
    url = program.url
    async with AsyncExitStack() as stack:
        cast = {
            name: Actor(name, await stack.enter_async_context(Api(url)))
            for name in (FACILITATOR, *SINGERS)
        }
        for actor in cast.values():
            await actor.api.register(actor.email, PASSWORD, actor.name)
        meeting = _Meeting(cast)
        choir = await meeting.sing()
        await meeting.show(SINGERS[1], program.socket_url, choir)
        invite = await meeting.invite(choir)
        hour = await meeting.receive()
        guests = [Actor(alias, await stack.enter_async_context(Api(url))) for alias in GUESTS]
        for guest in guests:
            await guest.api.come_in(hour["slug"], guest.name, password=DOOR_PASSWORD)
        await guests[0].say(hour["id"], ASKED)
        await cast[FACILITATOR].say(hour["id"], ANSWER)
        early, past = await meeting.wait(), await meeting.close()
        fay = cast[FACILITATOR]
        return Gathering(fay.name, fay.email, choir, invite, hour["id"], hour["slug"], early, past)


class _Meeting:
    def __init__(self, cast: dict[str, Actor]) -> None:
        self._cast = cast
        self._fay = cast[FACILITATOR].api

    async def sing(self) -> str:
        """Return the id of a room in which something was reported, and somebody put out."""
        room = await self._cast[FACILITATOR].make_room("Choir", "Tuesdays at seven")
        gus, hanna, ivo = (self._cast[name] for name in SINGERS)
        for singer in (gus, hanna, ivo):
            await singer.api.join(room)
        lines = {text: await self._cast[name].say(room, text) for name, text in SAID}
        (spam,) = [one for text, one in lines.items() if text.startswith(SPAM)]
        note = {"reason": "spam", "note": "The third time this week."}
        await hanna.api.call("POST", f"/v1/messages/{spam}/report", note)
        there = f"/v1/rooms/{room}"
        await self._fay.call("PUT", f"{there}/members/{hanna.id}", {"role": "admin"})
        await self._fay.call("PUT", f"{there}/mutes/{gus.id}", {"until": _in(DAY_S)})
        ban = {"until": _in(7 * DAY_S), "reason": "Shouted at newcomers, twice."}
        await self._fay.call("PUT", f"{there}/bans/{ivo.id}", ban)
        await self._fay.call("PUT", f"/v1/blocks/{ivo.id}")
        await self._fay.call("PATCH", there, {"slow_mode_s": 15})
        old = await self._cast[FACILITATOR].make_room("Last year", "")
        await self._fay.call("DELETE", f"/v1/rooms/{old}")
        return room

    async def show(self, name: str, socket_url: str, room: str) -> None:
        """Let somebody be seen, and go again, once the server knows that nobody was there."""
        look = partial(self._fay.call, "GET", f"/v1/rooms/{room}/presence")
        await eventually(look, lambda seen: seen["count"] == 0)
        async with Client(socket_url, self._cast[name].token) as client:
            await client.join(room)
            await eventually(look, lambda seen: seen["count"] == 1)

    async def invite(self, room: str) -> str:
        """Make two invitations and return the code of the second, that anybody may use."""
        path = f"/v1/rooms/{room}/invites"
        limits = {"max_uses": 1, "expires_in_s": int(7 * DAY_S), "role": "admin"}
        await self._fay.call("POST", path, limits)
        return str((await self._fay.call("POST", path, {}))["code"])

    async def receive(self) -> dict[str, Any]:
        """Return a room for guests that is open."""
        day = {"password": DOOR_PASSWORD, "purge_after_s": int(DAY_S)}
        topic = "What would you ask if nobody knew that it was you?"
        return await self._for_guests("Sunday question", topic=topic, closes_at=_in(HOUR_S), **day)

    async def wait(self) -> str:
        """Return the link's end of a room that is not open yet."""
        room = await self._for_guests("Advent", topic="Bring a candle", opens_at=_in(DAY_S / 8))
        return str(room["slug"])

    async def close(self) -> str:
        """Return the link's end of a room that was open."""
        room = await self._for_guests("Yesterday", closes_at=_in(HOUR_S))
        await self._fay.call("PATCH", f"/v1/rooms/{room['id']}", {"state": "closed"})
        return str(room["slug"])

    async def _for_guests(self, title: str, **wish: Any) -> dict[str, Any]:
        return await self._fay.call("POST", "/v1/rooms", {"kind": "guest", "title": title, **wish})


def _in(delay_s: float) -> str:
    return rfc3339(time.time() + delay_s)

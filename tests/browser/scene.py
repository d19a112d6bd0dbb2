"""What stands behind the pages that are looked at: people, rooms, and what was said in them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final
from urllib.parse import quote

from hubbub_client.api import Api
from hubbub_client.client import Client
from tests.browser.person import PASSWORD
from tests.support.program import Program

READER: Final = "Alice Archer"
FRIEND: Final = "Bob Baker"
THERE: Final = (FRIEND, "Charlie Cole", "Dora Dahl")
AWAY: Final = "Erik Ek"

ROOM: Final = "Garden"
TOPIC: Final = "What grows, and what does not"
EMPTY_ROOM: Final = "Bookshelf"
STRANGE_ROOM: Final = "Bees"
"""Public, and the reader is not in it."""

OTHER_ROOMS: Final = {"Bicycles": 0, "Kitchen": 2, "Neighbours": 7}
"""What else there is, and how much of it the reader has not seen."""

CONVERSATION: Final = (
    ("Alice Archer", "Good morning! The beans are up 🌱"),
    ("Bob Baker", "Already? I sowed mine on Monday and nothing has happened yet."),
    ("Dora Dahl", "Mulch helps: under mine the soil keeps **16 °C**, even at night."),
    ("Charlie Cole", "I measured that last week:"),
    ("Charlie Cole", "```\n       bare  mulched\nMon    9 °C    14 °C\nTue   11 °C    16 °C\n```"),
    ("Bob Baker", "That explains it: https://example.org/mulch. Thank you, @Charlie Cole!"),
    ("Alice Archer", "Who can water on Saturday? I am away until Sunday evening."),
    ("Dora Dahl", "I can, and I get the key from @Bob Baker on Friday."),
    ("Dora Dahl", "Have a good trip, @Alice Archer!"),
)
REACTIONS: Final = (
    ("The beans are up", "🎉", ("Bob Baker", "Dora Dahl")),
    ("under mine the soil", "👍", ("Alice Archer", "Bob Baker", "Charlie Cole")),
    ("I can, and I get", "❤️", ("Alice Archer",)),
)


class Actor:
    """Somebody with an account, who acts over HTTP."""

    def __init__(self, name: str, api: Api) -> None:
        self.name = name
        self.email = f"{name.split(maxsplit=1)[0].lower()}@example.org"
        self.api = api
        self._numbers = count(1)

    @property
    def id(self) -> str:
        assert self.api.tokens is not None
        return str(self.api.tokens.user["id"])

    async def token(self) -> str:
        assert self.api.tokens is not None
        return self.api.tokens.access

    async def make_room(self, title: str, topic: str) -> str:
        """Make a public room and return its id."""
        body = {"kind": "public", "title": title, "topic": topic}
        return str((await self.api.call("POST", "/v1/rooms", body))["id"])

    async def say(self, room: str, text: str, *, reply_to: str | None = None) -> str:
        """Write a message and return its id."""
        body = {"client_msg_id": f"line-{next(self._numbers)}", "content": text}
        if reply_to is not None:
            body["reply_to"] = reply_to
        answer = await self.api.call("POST", f"/v1/rooms/{room}/messages", body)
        return str(answer["message"]["id"])

    async def react(self, message: str, emoji: str) -> None:
        await self.api.call("PUT", f"/v1/messages/{message}/reactions/{quote(emoji)}")


@dataclass(frozen=True, slots=True)
class Scene:
    """Who looks, at what, and who is there to do something meanwhile."""

    url: str
    reader: str
    email: str
    room: str
    room_id: str
    friend: str
    friend_socket: Client

    async def friend_types(self) -> None:
        """Let the friend type for some seconds."""
        await self.friend_socket.tell("typing", {"room_id": self.room_id, "is_typing": True})


@asynccontextmanager
async def small_scene(program: Program) -> AsyncIterator[Scene]:
    """Let five people come in and say their lines; three of them stay."""
    async with AsyncExitStack() as stack:
        cast = [
            Actor(name, await stack.enter_async_context(Api(program.url)))
            for name in (READER, *THERE, AWAY)
        ]
        for actor in cast:
            await actor.api.register(actor.email, PASSWORD, actor.name)
        play = _Play({actor.name: actor for actor in cast})
        room = await play.perform()
        sockets = {}
        for name in THERE:
            client = Client(program.socket_url, play.cast[name].token)
            sockets[name] = await stack.enter_async_context(client)
            await client.join(room)
        yield Scene(
            program.url,
            READER,
            play.cast[READER].email,
            ROOM,
            room,
            FRIEND,
            sockets[FRIEND],
        )


class _Play:
    """What they do, in order."""

    def __init__(self, cast: dict[str, Actor]) -> None:
        self.cast = cast

    async def perform(self) -> str:
        """Return the id of the room in which most is said."""
        reader, friend, away = self.cast[READER], self.cast[THERE[-1]], self.cast[AWAY]
        room = await self._shared_room(ROOM, TOPIC)
        await self._talk(room)
        for title, unread in OTHER_ROOMS.items():
            other = await self._shared_room(title, "")
            for number in range(unread):
                await away.say(other, f"Something that the reader has not seen, no. {number}.")
        await reader.make_room(EMPTY_ROOM, "")
        await away.make_room(STRANGE_ROOM, "Two hives behind the shed")
        await reader.api.call("POST", "/v1/direct", {"user_ids": [friend.id]})
        return room

    async def _shared_room(self, title: str, topic: str) -> str:
        """Make a room of the reader's with everybody in it, and return its id."""
        room = await self.cast[READER].make_room(title, topic)
        for name in (*THERE, AWAY):
            await self.cast[name].api.join(room)
        return room

    async def _talk(self, room: str) -> None:
        lines = {text: await self._say(room, name, text) for name, text in CONVERSATION}
        for part, emoji, names in REACTIONS:
            (message,) = [one for text, one in lines.items() if part in text]
            for name in names:
                await self.cast[name].react(message, emoji)
        question, answer = CONVERSATION[-2][1], "Take the blue can, it does not leak."
        await self.cast[FRIEND].say(room, answer, reply_to=lines[question])

    async def _say(self, room: str, name: str, text: str) -> str:
        """Say a line, with names turned into mentions; return its id."""
        for other, actor in self.cast.items():
            text = text.replace(f"@{other}", f"<@{actor.id}>")
        return await self.cast[name].say(room, text)

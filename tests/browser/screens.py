"""Makes the pictures of the README: a conversation among friends, by day and by night.

`make screens` runs it.
"""

import asyncio
import sys
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal
from urllib.parse import quote

from playwright.async_api import Browser, expect

from hubbub_client.api import Api
from hubbub_client.client import Client
from tests.browser.chromium import chromium
from tests.browser.people import DESKTOP
from tests.browser.person import PASSWORD, Person
from tests.support.program import Program

READER: Final = "Alice Archer"
THERE: Final = ("Bob Baker", "Charlie Cole", "Dora Dahl")
AWAY: Final = "Erik Ek"

TITLE: Final = "Garden"
TOPIC: Final = "What grows, and what does not"
OTHER_ROOMS: Final = {"Bicycles": 0, "Kitchen": 2, "Music": 0, "Neighbours": 7}
"""What else there is, and how much of it the reader has not seen."""

CONVERSATION: Final = (
    ("Alice Archer", "Good morning! The beans are up 🌱"),
    ("Bob Baker", "Already? I sowed mine on Monday and nothing has happened yet."),
    ("Dora Dahl", "Mulch helps: under mine the soil keeps **16 °C**, even at night."),
    ("Charlie Cole", "I measured that last week:"),
    ("Charlie Cole", "```\n       bare  mulched\nMon    9 °C    14 °C\nTue   11 °C    16 °C\n```"),
    ("Bob Baker", "That explains it. Thank you, @Charlie Cole!"),
    ("Alice Archer", "Who can water on Saturday? I am away until Sunday evening."),
    ("Dora Dahl", "I can, and I get the key from @Bob Baker on Friday."),
    ("Dora Dahl", "Have a good trip, @Alice Archer!"),
)
REACTIONS: Final = (
    ("The beans are up", "🎉", ("Bob Baker", "Dora Dahl")),
    ("under mine the soil", "👍", ("Alice Archer", "Bob Baker", "Charlie Cole")),
    ("I can, and I get", "❤️", ("Alice Archer",)),
)

SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


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

    async def say(self, room: str, text: str) -> str:
        """Write a message and return its id."""
        body = {"client_msg_id": f"line-{next(self._numbers)}", "content": text}
        answer = await self.api.call("POST", f"/v1/rooms/{room}/messages", body)
        return str(answer["message"]["id"])

    async def react(self, message: str, emoji: str) -> None:
        await self.api.call("PUT", f"/v1/messages/{message}/reactions/{quote(emoji)}")


class Scene:
    """The rooms, and all who are in them."""

    def __init__(self, program: Program, browser: Browser, stack: AsyncExitStack) -> None:
        self._program = program
        self._browser = browser
        self._stack = stack
        self._actors: dict[str, Actor] = {}
        self._sockets: dict[str, Client] = {}

    async def set(self) -> None:
        """Let everybody come in and say their lines."""
        for name in (READER, *THERE, AWAY):
            api = await self._stack.enter_async_context(Api(self._program.url))
            actor = self._actors[name] = Actor(name, api)
            await api.register(actor.email, PASSWORD, name)
        self._room = await self._make_room(TITLE, TOPIC)
        lines = {text: await self._say(name, text) for name, text in CONVERSATION}
        for part, emoji, names in REACTIONS:
            (message,) = [one for text, one in lines.items() if part in text]
            for name in names:
                await self._actors[name].react(message, emoji)
        for title, unread in OTHER_ROOMS.items():
            room = await self._make_room(title, "")
            for _ in range(unread):
                await self._actors[AWAY].say(room, "Something that the reader has not seen.")
        reader, friend = self._actors[READER], self._actors[THERE[-1]]
        await reader.api.call("POST", "/v1/direct", {"user_ids": [friend.id]})
        for name in THERE:
            client = Client(self._program.socket_url, self._actors[name].token)
            self._sockets[name] = await self._stack.enter_async_context(client)
            await client.join(self._room)

    async def take(self, folder: Path) -> list[Path]:
        """Take the pictures of what the reader sees."""
        context = await self._browser.new_context(**DESKTOP, locale="en-GB")
        email = self._actors[READER].email
        reader = Person(READER, email, url=self._program.url, page=await context.new_page())
        await reader.open("/login")
        await reader.log_in()
        await reader.open_room(TITLE)
        await reader.page.get_by_role("button", name=f"Members, {1 + len(THERE)} online").click()
        await reader.page.mouse.move(0, 0)
        typing = {"room_id": self._room, "is_typing": True}
        await self._sockets[THERE[0]].tell("typing", typing)
        await expect(reader.page.get_by_text(f"{THERE[0]} is typing")).to_be_visible()
        paths = []
        for scheme in SCHEMES:
            await reader.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            paths.append(folder / f"conversation-{scheme}.png")
            await reader.page.screenshot(path=paths[-1], animations="disabled")
        await context.close()
        return paths

    async def _make_room(self, title: str, topic: str) -> str:
        """Make a room of the reader's with everybody in it, and return its id."""
        room = await self._actors[READER].make_room(title, topic)
        for name in (*THERE, AWAY):
            await self._actors[name].api.join(room)
        return room

    async def _say(self, name: str, text: str) -> str:
        """Say a line in the garden, with names turned into mentions; return its id."""
        for other, actor in self._actors.items():
            text = text.replace(f"@{other}", f"<@{actor.id}>")
        return await self._actors[name].say(self._room, text)


async def play(folder: Path) -> list[Path]:
    """Start the program, let the scene be played, and return the pictures."""
    async with AsyncExitStack() as stack:
        place = stack.enter_context(TemporaryDirectory())
        program = await stack.enter_async_context(Program(Path(place) / "data"))
        browser = await stack.enter_async_context(chromium())
        scene = Scene(program, browser, stack)
        await scene.set()
        return await scene.take(folder)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in asyncio.run(play(folder)):
        sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} KB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

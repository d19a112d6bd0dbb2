"""People who talk all the time and note what they said, what was acknowledged and what they
heard.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hubbub_client.api import Api
from hubbub_client.client import Client
from hubbub_client.frames import Json, Refused
from tests.chaos.checker import RoomRecord, Stored

PASSWORD: Final = "correct horse battery staple"
PAGE: Final = 100
PATIENCE_S: Final = 30.0

MOST_WAITING: Final = 5
"""Messages of one person without an acknowledgement: half of what one may send at once, so that
after an outage what has piled up waits for nothing else.
"""

LAST_WORDS: Final = "the last words"
"""What the last message of a room says, and no other."""


@dataclass(slots=True)
class Talker:
    """One person with one client in one room."""

    name: str
    room_id: str
    client: Client
    record: RoomRecord
    api: Api
    count: int = 0
    waiting: int = 0

    async def say(self) -> None:
        """Send one message and note its acknowledgement; an unknown outcome is tried again."""
        self.count += 1
        one = f"{self.name}-{self.count}"
        await self._say(one, f"message {one}")

    async def say_last(self) -> None:
        """Send a message that nothing follows, in the same way."""
        await self._say(f"{self.name}-last", LAST_WORDS)

    async def listen(self) -> None:
        """Note every message that is heard, until the client ends."""
        heard = self.record.seen.setdefault(self.name, [])
        async for event in self.client.events():
            if event.type == "message" and event.seq is not None:
                heard.append(Stored(event.seq, event.data["client_msg_id"]))
            if event.type == "gap":
                self.record.gaps.append(f"{self.name}: was told of a gap, {event.data}")

    async def _say(self, one: str, text: str) -> None:
        self.record.sent.add(one)
        began = time.monotonic()
        self.waiting += 1
        while True:
            try:
                sent = await self.client.send(self.room_id, text, client_msg_id=one)
            except TimeoutError:
                continue
            except Refused as refusal:
                if refusal.code != "rate_limited":
                    raise
                await asyncio.sleep((refusal.retry_after_ms or 100) / 1000)
                continue
            self.record.acked[one] = sent.seq
            now = time.monotonic()
            self.record.waits.append((now, now - began))
            self.waiting -= 1
            return


async def register(url: str, name: str) -> Api:
    """Return an API that speaks as a new person."""
    api = Api(url)
    await api.register(f"{name}@example.org", PASSWORD, name)
    return api


async def settle_in(url: str, socket_url: str, names: Sequence[str], title: str) -> list[Talker]:
    """Let new people meet in a new room; each hears it from its beginning."""
    people = [await register(url, name) for name in names]
    room = await people[0].create_room(title)
    for api in people[1:]:
        await api.join(room["id"])
    record = RoomRecord()
    return [
        await _come_in(api, name, room["id"], socket_url, record)
        for api, name in zip(people, names, strict=True)
    ]


async def _come_in(
    api: Api, name: str, room_id: str, socket_url: str, record: RoomRecord
) -> Talker:
    async def give_token() -> str:
        # Good for minutes, which is longer than these tests talk.
        assert api.tokens is not None
        return api.tokens.access

    client = Client(socket_url, give_token)
    await client.open()
    await client.join(room_id)
    return Talker(name, room_id, client, record, api)


async def talk(talkers: Sequence[Talker], *, per_s: float, until: asyncio.Event, seed: int) -> None:
    """Let random people say something, `per_s` times a second in all, until told to stop.

    Who waits for too many acknowledgements is silent.
    """
    chance = random.Random(seed)
    loop = asyncio.get_running_loop()
    next_at = loop.time()
    async with asyncio.TaskGroup() as said:
        while not until.is_set():
            speaker = chance.choice(talkers)
            if speaker.waiting < MOST_WAITING:
                said.create_task(speaker.say())
            next_at += 1 / per_s
            await asyncio.sleep(max(0.0, next_at - loop.time()))


async def history(api: Api, room_id: str) -> list[Stored]:
    """Return all messages of a room, oldest first, page by page."""
    found: list[Stored] = []
    query: Json = {"limit": PAGE}
    while True:
        page = await _page(api, room_id, query)
        found = [Stored(one["seq"], one["client_msg_id"]) for one in page["items"]] + found
        if page["next_cursor"] is None:
            return found
        query = {"limit": PAGE, "cursor": page["next_cursor"]}


async def _page(api: Api, room_id: str, query: Json) -> Json:
    """Return one page of a history; a service that is just coming back is asked again."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await api.history(room_id, **query)
            except Refused as refusal:
                if refusal.code != "unavailable":
                    raise
                await asyncio.sleep(0.1)

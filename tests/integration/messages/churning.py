"""Somebody who is put out of a room and let in again while people talk there, and all the ways by
which they might hear of it.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from typing import Any, Final

import httpx

from libs.common.bus.local import LocalBus
from libs.common.clock import SystemClock
from libs.common.contracts.commands import Command, PostMessage
from libs.common.contracts.ids import PersonId
from libs.common.contracts.rooms import Departure
from libs.common.postgres import Database
from tests.integration.gateway.client import PATIENCE_S, Client
from tests.integration.gateway.house import gateway_on
from tests.integration.messages.around import ALICE, BOB, LOBBY
from tests.integration.messages.house import House, house_at

ROOM: Final = str(LOBBY)

STAYS: Final = """
SELECT seq, kind FROM log
WHERE room_id = $1 AND kind IN ('member_joined', 'member_left') AND detail #>> '{person,id}' = $2
ORDER BY seq
"""

NO_PACE: Final[dict[str, Any]] = {
    "joins_per_s": 1e6,
    "commands_per_s": 1e6,
    "commands_burst": 1_000_000,
    "polls_per_s": 1e6,
    "polls_burst": 1_000_000,
}

MESSAGES_HAVE_NO_PACE: Final[dict[str, Any]] = {
    "room_sends_per_s": 1e6,
    "room_sends_burst": 1_000_000,
}

SAID: Final = """
SELECT count(*) FROM log WHERE room_id = $1 AND kind = 'message' AND seq BETWEEN $2 AND $3
"""

POLL_PAUSE_S: Final = 0.03

UNANSWERED: Final = 20
"""Messages of Alice's at most: on a slow machine she talks less, and nobody waits behind her."""

POLL: Final = {"cursors": {ROOM: None}, "timeout_ms": 0}


class RealMessages:
    """The messages service, as a gateway asks it."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    def log(self) -> None:
        """Be in the place of one that has to be told of its rooms."""

    async def post(self, path: str, answer: Any, *, body: Any) -> Any:
        said = await self._client.post(path, json=body.model_dump(mode="json"))
        return answer.model_validate_json(said.raise_for_status().content)


@dataclass
class Listening:
    """A socket that listens whenever it may, to what is said from then on.

    It notes every seq with the joins that were not answered when it came, and of each answer how
    far the log went by then.
    """

    client: Client
    heard: dict[int, frozenset[str]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    last: int = 0
    may_listen: bool = True
    is_in: bool = False
    asked: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._join()
        while True:
            await self._take(await self.client.hear())

    def was_back(self, seq: int, *, by: int) -> bool:
        """Tell whether a seq came to somebody who was let in again, with the log at `by` or later.

        Where events lag behind, somebody is in again before they were cut, and goes on: by a join
        that was not answered yet, and that came to `by`.
        """
        back = self.heard.get(by, frozenset())
        return any(ref in back or self.heads.get(ref, 0) >= by for ref in self.heard[seq])

    async def _join(self) -> None:
        self.asked.add(await self.client.say("join_room", {"room_id": ROOM}))

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame.get("room_id") == ROOM and "seq" in frame:
            assert frame["seq"] > self.last
            self.last = frame["seq"]
            self.heard[self.last] = frozenset(self.asked)
        self.asked.discard(frame.get("ref", ""))
        match frame["type"]:
            case "room_joined":
                self.heads[frame["ref"]] = frame["data"]["head_seq"]
                self.is_in = True
            case "room_left" | "error":
                self.is_in = False
                # The news that he may again came before this.
                if self.may_listen:
                    await self._join()
            case "room_removed":
                self.may_listen = False
            case "room_added":
                self.may_listen = True
                await self._join()


@dataclass
class Counting:
    """A socket that listens to no room, and is told now and then how far its rooms go."""

    client: Client
    heads: list[int] = field(default_factory=list)

    async def run(self) -> None:
        """Note what is told until cancelled."""
        while True:
            frame = await self.client.hear()
            if frame["type"] == "room_head":
                self.heads.append(frame["data"]["head_seq"])


@dataclass
class Polling:
    """Polls from where the last answer ended, so what was said meanwhile is replayed on return."""

    http: httpx.AsyncClient
    answers: list[tuple[list[int], bool]] = field(default_factory=list)
    cursor: dict[str, Any] | None = None

    async def run(self) -> None:
        """Poll until cancelled; note the seqs of each answer, and whether there was more."""
        while True:
            asked = {"cursors": {ROOM: self.cursor}, "timeout_ms": 100}
            answer = (await self.http.post("/v1/sync", json=asked)).raise_for_status().json()
            seqs = [frame["seq"] for frame in answer["events"] if "seq" in frame]
            if "epoch" in answer["cursors"][ROOM]:
                self.cursor = answer["cursors"][ROOM]
            if seqs and self.cursor is not None:
                self.answers.append((seqs, answer["more"]))
                self.cursor = self.cursor | {"seq": max(seqs[-1], self.cursor["seq"])}
            await asyncio.sleep(POLL_PAUSE_S)

    @property
    def heard(self) -> list[int]:
        return [seq for seqs, _ in self.answers for seq in seqs]


@dataclass
class Looking:
    """Asks over HTTP, one way after the other, while it is sure that there must be nothing."""

    messages: httpx.AsyncClient
    gateway: httpx.AsyncClient
    looks: int = 0

    def __post_init__(self) -> None:
        self._ways = cycle([self._history, self._replay, self._unread, self._list, self._poll])

    async def look(self) -> None:
        """Look by the next way, and find nothing."""
        await next(self._ways)()
        self.looks += 1

    async def _history(self) -> None:
        assert (await self.messages.get(f"/v1/rooms/{ROOM}/messages")).status_code == 404

    async def _replay(self) -> None:
        assert (await self.messages.get(f"/v1/rooms/{ROOM}/events")).status_code == 404

    async def _unread(self) -> None:
        assert (await self.messages.get("/v1/me/unread")).json()["items"] == []

    async def _list(self) -> None:
        assert (await self.messages.get("/v1/me/rooms")).json()["items"] == []

    async def _poll(self) -> None:
        answer = (await self.gateway.post("/v1/sync", json=POLL)).json()
        assert answer["events"] == []
        assert answer["cursors"] == {ROOM: {"recovered": False, "reason": "not_found"}}


@dataclass
class Churn:
    """Messages and a gateway on one bus; Alice talks, and Bob, who is all ears, comes and goes."""

    house: House
    listening: Listening
    counting: Counting
    polling: Polling
    looking: Looking

    async def talk(self, *, per_s: float) -> None:
        """Let Alice say something so often, mostly unanswered, until cancelled."""
        began, said = time.monotonic(), deque[Command]()
        for number in count(1):
            said.append(self.house.command(ALICE, PostMessage(f"word {number}")))
            await self.house.send(said[-1])
            if len(said) > UNANSWERED:
                await self.house.answer(said.popleft())
            await asyncio.sleep(max(0.0, began + number / per_s - time.monotonic()))

    async def come_and_go(self, *, times: int) -> None:
        """Put Bob out and let him in again, whether or not he listens by then."""
        for number in range(times):
            await self.house.told_of_member(BOB, None, departure=Departure.REMOVED)
            await self.looking.look()
            await asyncio.sleep(0.004 * (number % 5))
            await self.house.told_of_member(BOB)
            await asyncio.sleep(0.004 * (number % 7))

    async def stretches(self) -> list[tuple[int, int]]:
        """Return the seq of each removal of Bob, and that of his next coming."""
        rows = await self.house.database.fetch(STAYS, LOBBY, str(PersonId(BOB.id)))
        left = [row["seq"] for row in rows if row["kind"] == "member_left"]
        came = [row["seq"] for row in rows if row["kind"] == "member_joined"][1:]
        return list(zip(left, came, strict=True))

    async def said(self, first: int, last: int) -> int:
        """Return how many messages have a seq between these."""
        return int(await self.house.database.fetchval(SAID, LOBBY, first, last))


@asynccontextmanager
async def churn(database: Database) -> AsyncIterator[Churn]:
    bus = LocalBus(SystemClock())
    async with house_at(database, bus=bus, **MESSAGES_HAVE_NO_PACE) as house:
        await house.lobby()
        messages: Any = RealMessages(await house.gateway())
        async with (
            gateway_on(bus, messages, **NO_PACE) as gateway,
            gateway.client(BOB) as one,
            gateway.client(BOB) as two,
            httpx.AsyncClient(
                base_url=f"http://127.0.0.1:{gateway.port}",
                headers={"authorization": f"Bearer {BOB.name}"},
                timeout=PATIENCE_S,
            ) as http,
        ):
            looking = Looking(await house.client(BOB.name), http)
            yield Churn(house, Listening(one), Counting(two), Polling(http), looking)

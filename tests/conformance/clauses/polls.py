"""P40: polls tell the very same as the socket, and nothing is kept between two of them."""

import json
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import cycle
from typing import Final, Self

import httpx

from hubbub_client.frames import Json
from tests.conformance.case import Case
from tests.conformance.clause import POLL, Clause, expect, expect_equal, first_difference
from tests.conformance.http import client
from tests.conformance.poll_way import PATH
from tests.conformance.socket_way import SocketDevice, ready_device
from tests.conformance.talking import order, send

ACTS: Final = 60
SEED: Final = 40
HELD_MS: Final = 5_000
MOST_S: Final = 120.0


async def polls_tell_the_same_bytes(case: Case) -> None:
    room = await case.room(case.bob)
    cursor = await case.bob.cursor(room)
    async with (
        ready_device(case.bob) as bobs,
        ready_device(case.alice) as alices,
        _Poller(case, room, cursor) as poller,
    ):
        await bobs.listen(room)
        await _act_at_random(alices, room, poller)
        await bobs.wire.inbox.reach(room, poller.last)
        heard = [
            text
            for text, frame in zip(bobs.wire.texts, bobs.frames, strict=True)
            if frame.seq is not None and frame.room_id == room
        ]
    came = poller.texts
    expect(came == heard, "the same bytes as on the socket", first_difference(came, heard))


async def nothing_is_kept_between_polls(case: Case) -> None:
    """Every cursor of a run is good at every gateway, in any order and as often as one likes."""
    room = await case.room(case.bob)
    start = await case.bob.cursor(room)
    async with ready_device(case.alice) as alices:
        seqs = [int((await send(alices, room, f"Number {at}"))["seq"]) for at in range(5)]
    urls = (case.options.url, case.anywhere)
    for at in random.Random(SEED).sample(range(5), 5):
        for url in urls:
            place = {"seq": [start["seq"], *seqs][at], "epoch": start["epoch"]}
            async with _client(case, url) as http:
                answer, texts = await _poll(http, {room: place}, timeout_ms=0)
            frames = [json.loads(text) for text in texts]
            came = [one["seq"] for one in frames if "seq" in one]
            expect_equal(came, seqs[at:], f"from {place['seq']} at {url} to hear")
            ahead = answer["cursors"][room]
            expect_equal(ahead, {"seq": seqs[-1], "epoch": start["epoch"]}, "the cursor")


async def _act_at_random(device: SocketDevice, room: str, poller: "_Poller") -> None:
    """Let things happen at random, and all of them be polled in the end.

    An edit changes what is replayed of before, so everything is polled until there.
    """
    chance = random.Random(SEED)
    first = await send(device, room, "The first one")
    messages, last = [first["message_id"]], int(first["seq"])
    for at in range(ACTS):
        of_it = {"room_id": room, "message_id": chance.choice(messages)}
        match chance.randrange(4):
            case 0:
                await poller.reach(last)
                ack = await order(device, "edit_message", **of_it, content=f'Edit {at} \\ " é')
            case 1:
                ack = await order(device, "add_reaction", **of_it, emoji=chance.choice("👍🎉😀"))
            case _:
                ack = await send(device, room, f"Number {at} 👋")
                messages.append(ack["message_id"])
        last = int(ack.get("seq") or last)
    await poller.reach(last)


class _Poller:
    """Bob, who polls each gateway in turn and keeps the text of every event."""

    def __init__(self, case: Case, room: str, cursor: Json) -> None:
        self.texts: list[str] = []
        self.last = int(cursor["seq"])
        self._case = case
        self._room = room
        self._cursor = {"seq": cursor["seq"], "epoch": cursor["epoch"]}
        self._clients = AsyncExitStack()
        self._turns: Iterator[httpx.AsyncClient] = iter(())

    async def __aenter__(self) -> Self:
        both = [
            await self._clients.enter_async_context(_client(self._case, url))
            for url in (self._case.options.url, self._case.anywhere)
        ]
        self._turns = cycle(both)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._clients.aclose()

    async def reach(self, seq: int) -> None:
        """Poll until the event of this seq has come."""
        while self.last < seq:
            cursors = {self._room: self._cursor}
            answer, texts = await _poll(next(self._turns), cursors, timeout_ms=HELD_MS)
            self._cursor = answer["cursors"][self._room]
            for text in texts:
                found = json.loads(text).get("seq")
                if found is not None:
                    self.texts.append(text)
                    self.last = found


async def _poll(
    http: httpx.AsyncClient, cursors: Json, *, timeout_ms: int
) -> tuple[Json, list[str]]:
    """Return an answer, and the text of each of its events."""
    answer = await http.post(PATH, json={"cursors": cursors, "timeout_ms": timeout_ms})
    expect(answer.is_success, "a poll to be answered", answer.text)
    return dict(answer.json()), list(texts_in(answer.text))


def _client(case: Case, url: str) -> httpx.AsyncClient:
    return client(url, headers=case.bob.bearer)


def texts_in(body: str) -> Iterator[str]:
    """Yield the text of each event in an answer as it stands there, byte for byte."""
    decoder = json.JSONDecoder()
    at = _beginning_of_events(body, decoder)
    while body[at] != "]":
        if body[at] in ", \n":
            at += 1
            continue
        _, end = decoder.raw_decode(body, at)
        yield body[at:end]
        at = end


def _beginning_of_events(body: str, decoder: json.JSONDecoder) -> int:
    """Return where the first event of an answer would stand: members may come in any order."""
    at = body.index("{") + 1
    while True:
        at = body.index('"', at)
        name, at = decoder.raw_decode(body, at)
        at = body.index(":", at) + 1
        while body[at].isspace():
            at += 1
        if name == "events":
            return at + 1
        _, at = decoder.raw_decode(body, at)


CLAUSES: Final = (
    Clause(
        "P40",
        "of a random run polls tell the same bytes as the socket",
        polls_tell_the_same_bytes,
        ways=(POLL,),
        within_s=MOST_S,
    ),
    Clause(
        "P40",
        "every cursor is good at every gateway, as often as one likes",
        nothing_is_kept_between_polls,
        ways=(POLL,),
    ),
)

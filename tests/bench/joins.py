"""What it costs to join a room: one of few, and a large one.

Both get the same newcomers, so nothing differs but how many were in before.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Final

from hubbub_client.api import Api
from tests.bench import numbers
from tests.bench.claims import Claims
from tests.bench.crowd import Seat
from tests.bench.people import PASSWORD
from tests.bench.questions import Cost, Often, client, cost_of, fact
from tests.bench.shapes import Running

NEWCOMERS: Final = 100

MOST_OF_A_JOIN: Final = 1.5
"""How many times as much a join may cost in the large room: it reads and writes the same rows."""


async def joins(
    running: Running, seat: Seat, *, members: int, claims: Claims
) -> AsyncGenerator[str, None]:
    """Let newcomers join a room of few, and the room of this seat, which has so many members."""
    tokens = [await _newcomer(running, number) for number in range(NEWCOMERS)]
    async with client(running, seat.token) as owner:
        small = (await owner.post("/v1/rooms", json={"kind": "public", "title": "Few"})).json()
    few = await _join_all(running, small["id"], tokens)
    many = await _join_all(running, seat.room_id, tokens)
    yield few.cost.row("`POST /v1/rooms/{id}/join`, a room of few")
    yield many.cost.row(f"the same, of {members:,}")
    yield fact("the same, messages on the bus for each", f"{few.messages:.1f}, {many.messages:.1f}")
    claims.hold(
        f"CPU of a join, {members} in the room against few",
        found=many.cost.cpu_s / few.cost.cpu_s,
        at_most=MOST_OF_A_JOIN,
    )


async def _newcomer(running: Running, number: int) -> str:
    async with Api(running.url) as api:
        mail = f"newcomer{number}@example.org"
        token = (await api.register(mail, PASSWORD, f"Newcomer {number}")).access
        # So that rooms has heard of them, before either is measured.
        await api.call("GET", "/v1/rooms")
        return token


@dataclass(frozen=True, slots=True)
class Joined:
    cost: Cost
    messages: float
    """On the bus, for each."""


async def _join_all(running: Running, room_id: str, tokens: Sequence[str]) -> Joined:
    path, left = f"/v1/rooms/{room_id}/join", iter(tokens)
    async with client(running, "") as asking:

        async def join() -> None:
            headers = {"authorization": f"Bearer {next(left)}"}
            (await asking.post(path, headers=headers)).raise_for_status()

        before = await numbers.fetch(running.insides)
        cost = await cost_of(join, running.parts, Often(len(tokens), 0.0, 0))
        grown = numbers.grown(before, await numbers.fetch(running.insides))
    published = sum(numbers.by_label(grown, numbers.PUBLISHED).values())
    return Joined(cost, published / len(tokens))

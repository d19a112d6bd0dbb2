"""What operators and people do while a new version comes in."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx

from hubbub_client.client import Client
from libs.common.bus.topology import Spread, shard_of
from tests.chaos.talk import Talker, register, settle_in
from tests.support.fleet import Fleet
from tests.support.waiting import eventually
from tests.system.tomorrow.rollout import FIRST, INSTANCES, WITHIN_S, Rollout

GATEWAYS: Final = ("gateway-1", "gateway-2")
SHARDS: Final = Spread().shards
MEMBERS: Final = 3
ROOMS_EACH: Final = 2
"""How many rooms each instance of messages has at least."""


async def refused(rollout: Rollout, *, is_new: bool, because: str) -> None:
    """Let an instance start that may not, and see it refuse with one line."""
    await rollout.replace(FIRST, is_new=is_new)
    file = Path(rollout.fleet.members()[FIRST]["log"])

    async def lines() -> list[str]:
        return lines_in(file, because)

    (line, *_) = await eventually(lines, bool, within_s=WITHIN_S)
    assert "service_start_failed" in line
    assert "Traceback" not in line
    assert not await rollout.is_ready(FIRST)


def lines_in(file: Path, text: str) -> list[str]:
    return [line for line in file.read_text().splitlines() if text in line]


async def migrated(rollout: Rollout, half: str, *, says: str, status: int = 0) -> None:
    """Run one half of the migrations, which says something and ends with this status."""
    ended, said = await rollout.migrate(half)
    assert (ended, says in said) == (status, True), said


async def somebody_joins(url: str, talkers: Sequence[Talker]) -> None:
    """Let news of a member come into every room."""
    api = await register(url, "newcomer")
    for room_id in {talker.room_id for talker in talkers}:
        await api.join(room_id)
    await api.close()


async def somebody_repeats(fleet: Fleet, talker: Talker) -> None:
    """Let somebody repeat a message at the other gateway, as after a lost connection."""
    seqs: set[int] = set()
    talker.record.sent.add("said-twice")
    for name in GATEWAYS:
        where = httpx.URL(fleet.members()[name]["api"])
        client = Client(f"ws://{where.host}:{where.port}/v1/ws", give_token_of(talker))
        await client.open()
        sent = await client.send(talker.room_id, "again", client_msg_id="said-twice")
        await client.close()
        seqs.add(sent.seq)
        talker.record.acked["said-twice"] = sent.seq
    assert len(seqs) == 1


def give_token_of(talker: Talker) -> Callable[[], Awaitable[str]]:
    async def give_token() -> str:
        assert talker.api.tokens is not None
        return talker.api.tokens.access

    return give_token


async def settled(fleet: Fleet) -> list[Talker]:
    """Let people come into rooms, until either instance has some of these."""
    talkers: list[Talker] = []
    rooms = Counter[int]()
    while any(rooms[instance] < ROOMS_EACH for instance in range(len(INSTANCES))):
        number = rooms.total()
        names = [f"person-{number}-{member}" for member in range(MEMBERS)]
        talkers += await settle_in(fleet.url, fleet.socket_url, names, f"Room {number}")
        rooms[shard_of(UUID(talkers[-1].room_id), SHARDS) % len(INSTANCES)] += 1
    return talkers

"""Who has blocked whom: what is kept of it, and which mentions do not count."""

from typing import Any
from uuid import UUID

import pytest

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import FACTS
from libs.common.contracts.commands import EditMessage
from libs.common.contracts.facts import BLOCK_CHANGED, FACT, BlockChanged, encode_fact
from libs.common.contracts.ids import MessageId, PersonId
from services.messages.store.blocks import BlockStore
from tests.integration.messages.around import ALICE, BOB, LOBBY
from tests.integration.messages.house import House
from tests.support.waiting import eventually


async def learn(house: House, *, version: int = 1, is_blocked: bool = True) -> None:
    """Let Bob block Alice, or no more."""
    await BlockStore(house.database).learn(BlockChanged(BOB.id, ALICE.id, is_blocked, version))


async def mentions(house: House, name: str) -> int:
    client = await house.client(name)
    [room] = (await client.get("/v1/me/unread")).json()["items"]
    return int(room["mentions"])


@pytest.mark.parametrize(
    ("author", "other"), [(ALICE, BOB), (BOB, ALICE)], ids=["by the blocked", "of the blocked"]
)
async def test_mentions_between_the_two_do_not_count(house: House, author: Any, other: Any) -> None:
    await house.lobby()
    await learn(house)

    await house.post(author, f"hey <@{other.id}>")

    assert await mentions(house, other.name) == 0
    assert house.heard.frames(LOBBY)[-1]["data"]["mentions"] == [str(other.id)]


async def test_an_edit_does_not_make_one_count(house: House) -> None:
    await house.lobby()
    await learn(house)
    ack = await house.post(ALICE, "hey")

    await house.ask(ALICE, EditMessage(MessageId(UUID(ack["message_id"])), f"<@{BOB.id}>"))

    assert await mentions(house, "Bob") == 0


async def test_mentions_count_again_once_the_block_is_taken_back(house: House) -> None:
    await house.lobby()
    await learn(house)
    await learn(house, version=2, is_blocked=False)
    await learn(house, version=1)

    await house.post(ALICE, f"hey <@{BOB.id}>")

    assert await mentions(house, "Bob") == 1


async def test_mentions_of_others_count_as_ever(house: House) -> None:
    await house.lobby()
    await BlockStore(house.database).learn(
        BlockChanged(BOB.id, PersonId(UUID(int=77, version=4)), True, 1)
    )

    await house.post(ALICE, f"hey <@{BOB.id}>")

    assert await mentions(house, "Bob") == 1


async def test_rooms_is_heard_by_the_service(house: House) -> None:
    fact = encode_fact(BlockChanged(BOB.id, ALICE.id, True, 1))

    await house.bus.publish(Outgoing(FACTS, BLOCK_CHANGED, FACT, fact), timeout_s=1)
    count = await eventually(
        lambda: house.database.fetchval("SELECT count(*) FROM block"), lambda found: found > 0
    )

    assert count == 1
    row = await house.database.fetchrow("SELECT * FROM block")
    assert row is not None
    assert (row["person_id"], row["blocked_id"], row["is_blocked"]) == (BOB.id, ALICE.id, True)

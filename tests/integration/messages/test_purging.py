"""A room that is gone for good is taken away in parts, with everything that hangs on it."""

import asyncio
from typing import Final
from uuid import UUID

import pytest

from libs.common.contracts.commands import (
    AddReaction,
    EditMessage,
    MarkRead,
    PostMessage,
    PurgeRoom,
)
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.rooms import RoomState
from libs.common.postgres import Database
from services.messages.store.purging import PurgingStore
from tests.integration.messages.around import ALICE, BOB, CELLAR, LOBBY
from tests.integration.messages.house import House, house_at
from tests.support.waiting import until_one_waits

OWNED: Final = """
SELECT table_name::text FROM information_schema.columns
WHERE table_schema = 'messages' AND column_name = 'room_id'
    AND table_name !~ '_[0-9]+$' AND table_name NOT IN ('purge', 'erasure')
"""

WRITE: Final = """
INSERT INTO log (room_id, seq, kind, at, actor_kind, actor_id, actor_name)
VALUES ($1, 99, 'message_deleted', now(), 'user', $2, '')
"""

LEFT: Final = "SELECT count(*) FROM {table} WHERE room_id = $1"


async def lived_in(house: House) -> None:
    """Let a room have a row in every table that knows rooms, and another go on beside it."""
    await house.lobby()
    hers = MessageId(UUID((await house.post(ALICE, f"hi <@{BOB.id}>"))["message_id"]))
    his = MessageId(UUID((await house.post(BOB, "helo"))["message_id"]))
    await house.ask(BOB, EditMessage(his, f"hello <@{ALICE.id}>"))
    await house.ask(BOB, AddReaction(hers, "\U0001f389"))
    await house.ask(BOB, MarkRead(Seq(3)))
    for number in range(20):
        await house.post(BOB, f"and {number}")
    bob = await house.client("Bob")
    await bob.post(f"/v1/messages/{hers}/report", json={"reason": "spam"})
    await house.database.execute(
        "INSERT INTO command_try VALUES ($1, $2, 'c', 1, now())", LOBBY, BOB.id
    )
    await house.told_of_room(CELLAR)
    await house.told_of_member(BOB, room_id=CELLAR)
    await house.post(BOB, "still here", room_id=CELLAR)


async def rows(database: Database, room_id: UUID) -> dict[str, int]:
    tables = [row["table_name"] for row in await database.fetch(OWNED)]
    return {table: await database.fetchval(LEFT.format(table=table), room_id) for table in tables}


async def purged(house: House, *, version: int = 10) -> None:
    await house.ask(ALICE, PurgeRoom(version))


async def take_away(database: Database, *, rows_at_once: int) -> int:
    """Take everything away and return in how many steps."""
    store, steps = PurgingStore(database), 0
    while await store.step(rows=rows_at_once):
        steps += 1
    return steps


async def test_a_room_is_gone_from_its_head_to_its_receipts(house: House) -> None:
    await lived_in(house)
    assert all((await rows(house.database, LOBBY)).values()), "each table had something"

    await purged(house)
    steps = await take_away(house.database, rows_at_once=5)

    assert not any((await rows(house.database, LOBBY)).values())
    assert await house.database.fetchval("SELECT count(*) FROM purge") == 0
    assert steps > 10
    assert (await rows(house.database, CELLAR))["log"] > 0


async def test_until_all_is_gone_the_room_is_a_deleted_one(house: House) -> None:
    await lived_in(house)
    await purged(house)
    await PurgingStore(house.database).step(rows=5)
    bob = await house.client("Bob")

    history = await bob.get(f"/v1/rooms/{LOBBY}/messages")
    refused = await house.ask(BOB, PostMessage("wait"))

    assert history.status_code == 404
    assert refused["data"]["code"] == "not_found"


async def test_whoever_dies_in_the_middle_leaves_the_rest_to_be_done(house: House) -> None:
    await lived_in(house)
    await purged(house)
    store = PurgingStore(house.database)

    for _ in range(3):
        await store.step(rows=5)
    left = await rows(house.database, LOBBY)
    await purged(house)
    await take_away(house.database, rows_at_once=1_000)

    assert left["room_head"] == 1
    assert not any((await rows(house.database, LOBBY)).values())


async def test_the_command_may_come_again_when_nothing_is_left(house: House) -> None:
    await lived_in(house)
    await purged(house)
    await take_away(house.database, rows_at_once=1_000)

    again = await house.ask(ALICE, PurgeRoom(10))

    assert again["data"]["code"] == "not_found"
    assert not any((await rows(house.database, LOBBY)).values())


@pytest.mark.parametrize("state", [RoomState.DELETED, RoomState.CLOSED])
async def test_the_service_does_it_by_itself(database: Database, state: RoomState) -> None:
    async with house_at(database, purge_interval_s=1.0, purge_rows=10) as house:
        await lived_in(house)
        await house.told_of_room(state=state)
        await purged(house, version=20)

        for _ in range(500):
            await house.clock.advance(1.0)
            if not await database.fetchval(LEFT.format(table="room_head"), LOBBY):
                break

        assert not any((await rows(database, LOBBY)).values())


async def test_what_is_written_at_the_very_end_is_taken_away_too(house: House) -> None:
    await lived_in(house)
    await purged(house)
    while (await rows(house.database, LOBBY))["member"]:
        await PurgingStore(house.database).step(rows=1_000)
    async with house.database.transaction() as writer:
        await writer.execute("UPDATE room_head SET last_seq = 99 WHERE room_id = $1", LOBBY)
        await writer.execute(WRITE, LOBBY, BOB.id)
        taking = asyncio.create_task(take_away(house.database, rows_at_once=1_000))
        await until_one_waits(house.database)
    await taking

    assert not any((await rows(house.database, LOBBY)).values())


async def test_who_still_listens_hears_that_the_room_is_gone(house: House) -> None:
    await lived_in(house)

    await purged(house)

    assert house.heard.frames(LOBBY)[-1]["type"] == "room_deleted"
    gone = [one for one in house.heard.personal if one.kind == "room_removed"]
    assert {one.person_id for one in gone} == {ALICE.id, BOB.id}

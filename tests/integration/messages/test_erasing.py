"""A person is taken out of the logs: emptied in order, nameless afterwards, in bounded turns."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.common.contracts.commands import AddReaction, EditMessage, MarkRead
from libs.common.contracts.ids import Seq
from libs.common.contracts.rooms import Departure
from libs.common.postgres import Database
from libs.common.process import INTERNAL
from services.messages.store.erasing import END, START, ErasingStore
from tests.integration.messages.around import ALICE, BOB, LOBBY
from tests.integration.messages.house import House, house_at

PARTY = "\U0001f389"


async def ask(house: House, body: dict[str, Any]) -> httpx.Response:
    auth = await house.client("auth", door=INTERNAL)
    return await auth.post("/internal/erasures", json=body)


def request() -> dict[str, Any]:
    return {
        "erasure_id": str(uuid4()),
        "person": {
            "id": str(BOB.id),
            "kind": "user",
            "name": "Deleted user",
            "system_role": "member",
            "is_disabled": True,
            "version": 9,
        },
    }


async def test_nothing_is_begun_before_the_person_is_out_of_every_room(house: House) -> None:
    await house.lobby()
    await house.post(BOB, "hello")

    answer = await ask(house, request())

    assert answer.json() == {"receipt": None}
    assert await house.database.fetchval("SELECT count(*) FROM log WHERE content = 'hello'") == 1


async def test_what_they_wrote_is_gone_and_no_seq_is_missing(house: House) -> None:
    await house.lobby()
    hers = await house.post(ALICE, "hi")
    his = await house.post(BOB, "hello")
    await house.ask(BOB, EditMessage(his["message_id"], "hello, all"))
    await house.ask(BOB, AddReaction(hers["message_id"], PARTY))
    await house.ask(BOB, MarkRead(Seq(3)))
    await house.told_of_member(BOB, None, departure=Departure.LEFT)

    answer = await ask(house, request())

    assert answer.json()["receipt"]
    rows = await house.database.fetch("SELECT * FROM log WHERE room_id = $1 ORDER BY seq", LOBBY)
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    assert [row["kind"] for row in rows[-2:]] == ["message_deleted", "reaction_removed"]
    assert "Bob" not in str([tuple(row) for row in rows])
    assert "hello" not in str([tuple(row) for row in rows])
    for table in ("message_edit", "reaction", "receipt"):
        assert await house.database.fetchval(COUNTS[table]) == 0
    assert await house.database.fetchval(KEYS, BOB.id) == 0


COUNTS = {
    "message_edit": "SELECT count(*) FROM message_edit",
    "reaction": "SELECT count(*) FROM reaction",
    "receipt": "SELECT count(*) FROM receipt",
}
KEYS = "SELECT count(*) FROM command_key WHERE actor_id = $1"


async def test_the_walk_through_the_log_goes_on_where_it_was_left(database: Database) -> None:
    body = request()
    async with house_at(database, erase_entries=3, erase_turn_s=0) as hurried:
        await hurried.lobby()
        for number in range(10):
            await hurried.post(BOB, f"hello {number}")
        await hurried.told_of_member(BOB, None, departure=Departure.LEFT)
        first = await ask(hurried, body)

    async with house_at(database, erase_entries=3, erase_words=2) as patient:
        second = await ask(patient, body)
        third = await ask(patient, body)

    assert first.json() == {"receipt": None}
    assert second.json()["receipt"]
    assert third.json() == second.json()
    assert await database.fetchval("SELECT count(*) FROM log WHERE content LIKE 'h%'") == 0


async def test_stretches_cover_the_whole_log(house: House) -> None:
    await house.lobby()
    for number in range(5):
        await house.post(ALICE, f"{number}")
    store = ErasingStore(house.database)
    entries = await house.database.fetchval("SELECT count(*) FROM log")

    place, stretches = START, 0
    while place != END:
        place = (await store.stretch(place, entries=2)).until
        stretches += 1

    assert stretches == entries // 2 + 1


async def test_a_copy_has_ones_own_words_page_by_page(house: House) -> None:
    await house.lobby()
    await house.post(ALICE, "not his")
    his = await house.post(BOB, "hello")
    await house.ask(BOB, EditMessage(his["message_id"], "hello, all"))
    await house.ask(ALICE, AddReaction(his["message_id"], PARTY))
    auth = await house.client("auth", door=INTERNAL)

    found: dict[str, list[dict[str, Any]]] = {}
    cursor: str | None = None
    while True:
        body = {"person_id": str(BOB.id), "cursor": cursor}
        answer = (await auth.post("/internal/exports", json=body)).json()
        for part in answer["parts"]:
            found.setdefault(part["name"], []).extend(part["items"])
        cursor = answer["next_cursor"]
        if cursor is None:
            break

    (message,) = found["messages"]
    assert message["content"] == "hello, all"
    assert message["earlier_versions"] == ["hello"]
    assert message["reactions"] == {PARTY: 1}
    assert str(ALICE.id) not in str(found)
    assert "not his" not in str(found)


@pytest.mark.parametrize("cursor", ["x", "1:2", ":", "é"])
async def test_a_cursor_that_is_not_ours_is_refused(house: House, cursor: str) -> None:
    auth = await house.client("auth", door=INTERNAL)

    answer = await auth.post("/internal/exports", json={"person_id": str(BOB.id), "cursor": cursor})

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY

"""Reporting a message, and deciding what was reported."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from libs.common.bus.interface import Outgoing
from libs.common.bus.topology import FACTS
from libs.common.contracts.commands import DeleteMessage, EditMessage
from libs.common.contracts.facts import FACT, USER_UPDATED, UserChanged, encode_fact
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import Departure, RoomKind
from libs.common.postgres import Database
from libs.common.process import INTERNAL
from tests.integration.messages.around import ALICE, BOB, CELLAR, CHARLIE, DAVE, LOBBY
from tests.integration.messages.house import House, house_at
from tests.support.clock import settle

SPAM = {"reason": "spam", "note": "again and again"}
QUEUE = f"/v1/rooms/{LOBBY}/reports"


async def said(house: House, content: str = "buy now") -> MessageId:
    """Let Bob say something in a room of Alice's in which Dave is too."""
    await house.lobby()
    await house.told_of_member(DAVE)
    return MessageId(UUID((await house.post(BOB, content))["message_id"]))


async def report(house: House, name: str, message_id: MessageId, **body: Any) -> httpx.Response:
    client = await house.client(name)
    return await client.post(f"/v1/messages/{message_id}/report", json=SPAM | body)


async def queue(house: House, name: str = "Alice", **params: Any) -> list[dict[str, Any]]:
    client = await house.client(name)
    answer = await client.get(QUEUE, params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def decide(house: House, name: str, report_id: str, state: str) -> httpx.Response:
    client = await house.client(name)
    return await client.patch(f"{QUEUE}/{report_id}", json={"state": state})


async def system_admin(house: House) -> None:
    """Let auth tell that Charlie looks after the whole system."""
    fact = UserChanged(CHARLIE.id, PersonKind.USER, "Charlie", SystemRole.ADMIN, False, 2)
    await house.bus.publish(Outgoing(FACTS, USER_UPDATED, FACT, encode_fact(fact)), timeout_s=1)
    for _ in range(200):
        await settle()
        if await house.database.fetchval("SELECT role FROM system_role"):
            return


async def test_a_report_reaches_who_looks_after_the_room(house: House) -> None:
    message_id = await said(house)

    answer = await report(house, "Dave", message_id)

    assert (answer.status_code, answer.json()["state"]) == (201, "open")
    [item] = await queue(house)
    assert item["id"] == answer.json()["id"]
    assert (item["message"]["id"], item["message"]["content"]) == (str(message_id), "buy now")
    assert (item["reporter"]["name"], item["reason"]) == ("Dave", "spam")
    assert (item["note"], item["decided_by"]) == ("again and again", None)


async def test_the_same_message_is_reported_once_by_each(house: House) -> None:
    message_id = await said(house)
    first = await report(house, "Dave", message_id)

    again = await report(house, "Dave", message_id, reason="abuse")
    other = await report(house, "Alice", message_id)

    assert (again.status_code, again.json()) == (200, first.json())
    assert other.status_code == 201
    assert len(await queue(house)) == 2


@pytest.mark.parametrize("how", ["edited", "deleted"])
async def test_what_was_reported_is_kept_until_it_is_decided(house: House, how: str) -> None:
    message_id = await said(house)
    await report(house, "Dave", message_id)
    change: Any = EditMessage(message_id, "sorry") if how == "edited" else DeleteMessage(message_id)
    await house.ask(BOB, change)

    [kept] = await queue(house)
    await decide(house, "Alice", kept["id"], "acted")
    [decided] = await queue(house, state="closed")

    assert kept["message"]["content"] == "buy now"
    assert decided["message"]["content"] == ("sorry" if how == "edited" else "")
    assert await house.database.fetchval("SELECT count(*) FROM report WHERE content <> ''") == 0


async def test_what_is_gone_cannot_be_reported(house: House) -> None:
    message_id = await said(house)
    await house.ask(BOB, DeleteMessage(message_id))

    assert (await report(house, "Dave", message_id)).status_code == 404


async def test_a_decision_says_whose_it_is_and_stands(house: House) -> None:
    message_id = await said(house)
    report_id = (await report(house, "Dave", message_id)).json()["id"]

    decided = await decide(house, "Alice", report_id, "dismissed")
    again = await decide(house, "Alice", report_id, "dismissed")
    other = await decide(house, "Alice", report_id, "acted")

    assert decided.json()["state"] == "dismissed"
    assert decided.json()["decided_by"]["name"] == "Alice"
    assert again.json() == decided.json()
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert await queue(house) == []


async def test_members_see_neither_reports_nor_who_made_them(house: House) -> None:
    message_id = await said(house)
    report_id = (await report(house, "Dave", message_id)).json()["id"]
    bob, charlie = await house.client("Bob"), await house.client("Charlie")

    assert [(await client.get(QUEUE)).status_code for client in (bob, charlie)] == [403, 404]
    assert (await decide(house, "Bob", report_id, "dismissed")).status_code == 403
    assert (await bob.get("/v1/reports")).status_code == 403


async def test_moderators_see_reports_of_their_own_rooms_only(house: House) -> None:
    message_id = await said(house)
    report_id = (await report(house, "Dave", message_id)).json()["id"]
    await house.told_of_room(CELLAR)
    await house.told_of_member(CHARLIE, RoomRole.OWNER, room_id=CELLAR)
    charlie = await house.client("Charlie")
    elsewhere = f"/v1/rooms/{CELLAR}/reports"

    listed = await charlie.get(elsewhere)
    decided = await charlie.patch(f"{elsewhere}/{report_id}", json={"state": "acted"})

    assert listed.json()["items"] == []
    assert decided.status_code == 404


async def test_admins_of_the_system_see_all_of_them(house: House) -> None:
    message_id = await said(house)
    await report(house, "Dave", message_id)
    await system_admin(house)
    charlie = await house.client("Charlie")

    everywhere = await charlie.get("/v1/reports")

    assert [item["message"]["id"] for item in everywhere.json()["items"]] == [str(message_id)]
    assert len(await queue(house, "Charlie")) == 1


async def test_the_queue_comes_in_pages_the_newest_first(house: House) -> None:
    await said(house)
    for number in range(3):
        ack = await house.post(BOB, f"offer {number}")
        await report(house, "Dave", MessageId(UUID(ack["message_id"])))
    alice = await house.client("Alice")

    first = (await alice.get(QUEUE, params={"limit": 2})).json()
    second = (await alice.get(QUEUE, params={"cursor": first["next_cursor"]})).json()

    texts = [item["message"]["content"] for item in first["items"] + second["items"]]
    assert texts == ["offer 2", "offer 1", "offer 0"]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("kind", "name", "status"),
    [
        (RoomKind.PRIVATE, "Charlie", 404),
        (RoomKind.PUBLIC, "Charlie", 403),
        (RoomKind.PUBLIC, None, 401),
    ],
)
async def test_only_members_report(
    house: House, kind: RoomKind, name: str | None, status: int
) -> None:
    message_id = await said(house)
    await house.told_of_room(kind=kind)
    client = await house.client(name)

    answer = await client.post(f"/v1/messages/{message_id}/report", json=SPAM)

    assert answer.status_code == status


@pytest.mark.parametrize("body", [{"reason": "envy"}, {"note": "x" * 1001}, {"note": "nul\0"}])
async def test_a_report_says_something_that_can_be_kept(house: House, body: Any) -> None:
    message_id = await said(house)

    assert (await report(house, "Dave", message_id, **body)).status_code == 422


async def test_reporting_is_paced(database: Database) -> None:
    async with house_at(database, reports_per_hour=1) as house:
        message_id = await said(house)

        answers = [await report(house, "Dave", message_id) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 429]


async def erase(house: House, person_id: UUID) -> None:
    auth = await house.client("auth", door=INTERNAL)
    card = {
        "id": str(person_id),
        "kind": "user",
        "name": "Deleted user",
        "system_role": "member",
        "is_disabled": True,
        "version": 9,
    }
    answer = await auth.post(
        "/internal/erasures", json={"erasure_id": str(uuid4()), "person": card}
    )
    assert answer.json()["receipt"]


async def test_an_author_who_is_erased_leaves_nothing_in_a_report(house: House) -> None:
    message_id = await said(house)
    await report(house, "Dave", message_id)
    await house.told_of_member(BOB, None, departure=Departure.LEFT)

    await erase(house, BOB.id)

    [item] = await queue(house)
    assert (item["message"]["content"], item["message"]["author"]["name"]) == ("", "Deleted user")


async def test_the_reports_of_who_is_erased_are_gone(house: House) -> None:
    message_id = await said(house)
    await report(house, "Dave", message_id)
    await house.told_of_member(DAVE, None, departure=Departure.LEFT)

    await erase(house, DAVE.id)

    assert await queue(house) == []


async def test_who_decided_becomes_nameless_too(house: House) -> None:
    message_id = await said(house)
    report_id = (await report(house, "Dave", message_id)).json()["id"]
    await decide(house, "Alice", report_id, "acted")
    await house.told_of_member(DAVE, RoomRole.OWNER)
    await house.told_of_member(ALICE, None, departure=Departure.LEFT)

    await erase(house, ALICE.id)

    [item] = await queue(house, "Dave", state="closed")
    assert item["decided_by"]["name"] == "Deleted user"


async def test_ones_own_reports_are_in_the_copy_of_ones_data(house: House) -> None:
    message_id = await said(house)
    await report(house, "Dave", message_id)
    auth = await house.client("auth", door=INTERNAL)

    answer = await auth.post("/internal/exports", json={"person_id": str(DAVE.id), "cursor": None})

    parts = {part["name"]: part["items"] for part in answer.json()["parts"]}
    [own] = parts["reports"]
    assert (own["message_id"], own["note"]) == (str(message_id), "again and again")
    assert "buy now" not in str(parts)
    assert RoomId(UUID(own["room_id"])) == LOBBY

"""Somebody who was put out: nothing that came after reaches them, whichever way they ask."""

from typing import Any

import pytest

from libs.common.contracts.commands import MarkRead, PostMessage
from libs.common.contracts.ids import Seq
from libs.common.contracts.rooms import Departure, RoomKind
from tests.integration.messages.around import ALICE, BOB, CHARLIE, LOBBY
from tests.integration.messages.house import House

GONE = [Departure.REMOVED, Departure.BANNED, Departure.LEFT]


async def put_out(house: House, departure: Departure, *, kind: RoomKind = RoomKind.PRIVATE) -> None:
    """Let Bob go, and Alice mention him afterwards."""
    await house.lobby(kind=kind)
    await house.post(ALICE, "before")
    await house.told_of_member(BOB, None, departure=departure)
    await house.post(ALICE, f"after <@{BOB.id}>")


async def asked_by_gateway(house: House, path: str, body: Any) -> list[dict[str, Any]]:
    gateway = await house.gateway()
    answer = await gateway.post(path, json=body)
    return list(answer.json()["standings"])


@pytest.mark.parametrize("departure", GONE)
async def test_nothing_is_unread_in_it(house: House, departure: Departure) -> None:
    await put_out(house, departure)
    bob = await house.client("Bob")

    assert (await bob.get("/v1/me/unread")).json()["items"] == []
    assert await asked_by_gateway(house, "/internal/rooms-of", {"person_ids": [str(BOB.id)]}) == []


@pytest.mark.parametrize("departure", GONE)
async def test_it_is_in_no_list_of_theirs(house: House, departure: Departure) -> None:
    await put_out(house, departure)
    bob = await house.client("Bob")

    assert (await bob.get("/v1/me/rooms")).json()["items"] == []


@pytest.mark.parametrize("departure", GONE)
async def test_no_gateway_lets_them_listen_or_catch_up(house: House, departure: Departure) -> None:
    await put_out(house, departure)
    wanted = {"requests": [{"person_id": str(BOB.id), "room_id": str(LOBBY)}]}

    [standing] = await asked_by_gateway(house, "/internal/attach", wanted)

    assert standing["code"] == "not_found"
    assert (standing["head_seq"], standing["unread"], standing["mentions"]) == (0, 0, 0)


@pytest.mark.parametrize("departure", GONE)
async def test_history_the_log_and_messages_are_not_there_for_them(
    house: House, departure: Departure
) -> None:
    await put_out(house, departure)
    after = await house.post(ALICE, "secret")
    bob = await house.client("Bob")

    for path in ("messages", "events", "transcript", "reports"):
        assert (await bob.get(f"/v1/rooms/{LOBBY}/{path}")).status_code == 404, path
    assert (await bob.get(f"/v1/messages/{after['message_id']}")).status_code == 404


@pytest.mark.parametrize("departure", GONE)
async def test_they_can_neither_write_nor_read_on(house: House, departure: Departure) -> None:
    await put_out(house, departure)

    for wanted in (PostMessage("again"), MarkRead(Seq(99))):
        assert (await house.ask(BOB, wanted))["data"]["code"] == "not_found"


async def test_a_mention_of_somebody_who_is_out_is_text_like_any_other(house: House) -> None:
    await put_out(house, Departure.REMOVED)

    await house.told_of_member(BOB)

    bob = await house.client("Bob")
    [room] = (await bob.get("/v1/me/unread")).json()["items"]
    assert room["mentions"] == 0


async def test_all_connections_hear_of_it_with_the_reason(house: House) -> None:
    await put_out(house, Departure.BANNED)

    [removed] = [one for one in house.heard.personal if one.kind == "room_removed"]
    assert (removed.person_id, b'"banned"' in removed.frame) == (BOB.id, True)


async def test_a_ban_ends_by_itself(house: House) -> None:
    await house.lobby(kind=RoomKind.PUBLIC)
    await house.told_of_member(CHARLIE)
    await house.told_of_ban(CHARLIE, until=house.clock.now() + 60)
    charlie = await house.client("Charlie")
    while_it_lasts = await charlie.get(f"/v1/rooms/{LOBBY}/messages")

    await house.clock.advance(60)

    afterwards = await charlie.get(f"/v1/rooms/{LOBBY}/messages")
    assert (while_it_lasts.status_code, afterwards.status_code) == (403, 200)


async def test_who_is_muted_is_told_so_and_again_when_it_is_taken_back(house: House) -> None:
    await house.lobby()
    until = house.clock.now() + 60

    await house.told_of_member(BOB, muted_until=until)
    await house.told_of_member(BOB)

    muted, free = [one for one in house.heard.personal if one.kind == "muted"]
    assert muted.person_id == free.person_id == BOB.id
    assert b'"is_muted":true' in muted.frame
    assert b'"is_muted":false' in free.frame


async def test_who_looks_after_the_whole_system_is_told_of_no_mute(house: House) -> None:
    await house.lobby()
    await house.database.execute(
        "INSERT INTO system_role (person_id, role, version) VALUES ($1, 'admin', 1)", BOB.id
    )

    await house.told_of_member(BOB, muted_until=house.clock.now() + 60)

    assert [one for one in house.heard.personal if one.kind == "muted"] == []

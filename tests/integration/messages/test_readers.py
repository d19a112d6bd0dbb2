"""Who may read a room over HTTP, and who only seems not to."""

import asyncio

import pytest

from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import Departure, RoomKind
from tests.integration.messages.around import BOB, CHARLIE, LOBBY
from tests.integration.messages.house import House

HISTORY = f"/v1/rooms/{LOBBY}/messages"
EVENTS = f"/v1/rooms/{LOBBY}/events"


async def everything_readable(house: House) -> list[str]:
    await house.lobby()
    message_id = (await house.post(BOB, "hello"))["message_id"]
    return [HISTORY, EVENTS, f"/v1/messages/{message_id}", f"/v1/messages/{message_id}/edits"]


@pytest.mark.parametrize("kind", [RoomKind.PRIVATE, RoomKind.DIRECT, RoomKind.GUEST])
async def test_what_is_not_public_is_not_there_for_others(house: House, kind: RoomKind) -> None:
    paths = await everything_readable(house)
    await house.told_of_room(kind=kind, title="Other")
    charlie = await house.client("Charlie")

    for path in paths:
        answer = await charlie.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


async def test_a_public_room_is_read_by_everybody_who_is_signed_in(house: House) -> None:
    paths = await everything_readable(house)
    await house.told_of_room(kind=RoomKind.PUBLIC)
    charlie, nobody = await house.client("Charlie"), await house.client(None)

    for path in paths:
        assert (await charlie.get(path)).status_code == 200, path
        assert (await nobody.get(path)).status_code == 401, path


@pytest.mark.parametrize(
    ("departure", "kind", "status"),
    [
        (Departure.REMOVED, RoomKind.PRIVATE, 404),
        (Departure.BANNED, RoomKind.PRIVATE, 404),
        (Departure.BANNED, RoomKind.PUBLIC, 403),
        (Departure.LEFT, RoomKind.PUBLIC, 200),
    ],
)
async def test_who_was_sent_away_reads_no_more(
    house: House, departure: Departure, kind: RoomKind, status: int
) -> None:
    paths = await everything_readable(house)
    await house.told_of_room(kind=kind, title="Other")
    await house.told_of_member(BOB, None, departure=departure)
    bob = await house.client("Bob")

    for path in paths:
        assert (await bob.get(path)).status_code == status, path


async def test_what_does_not_exist_looks_like_what_one_may_not_see(house: House) -> None:
    await house.lobby()
    alice = await house.client("Alice")
    nowhere = "00000000-0000-4000-8000-000000000000"

    for path in (
        f"/v1/rooms/{nowhere}/messages",
        f"/v1/rooms/{nowhere}/events",
        f"/v1/messages/{nowhere}",
        f"/v1/messages/{nowhere}/edits",
        "/v1/messages/no-uuid",
    ):
        answer = await alice.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


async def test_who_has_just_joined_is_not_sent_away(house: House) -> None:
    await house.lobby()
    house.rooms.members[LOBBY] = {CHARLIE.id}
    charlie = await house.client("Charlie")

    async def join_late() -> None:
        await house.heard.until_asked(house.rooms)
        await house.told_of_member(CHARLIE, RoomRole.MEMBER)
        await house.clock.advance(0.1)

    answer, _ = await asyncio.gather(charlie.get(HISTORY), join_late())

    assert answer.status_code == 200


async def test_rooms_that_cannot_be_asked_are_nobodys_no(house: House) -> None:
    await house.lobby()
    house.rooms.is_away = True
    charlie = await house.client("Charlie")

    answer = await charlie.get(HISTORY)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")

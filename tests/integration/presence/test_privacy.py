"""Who learns what of whom: by the state, by the time, and by what an answer looks like."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.commands import SetPresence
from libs.common.contracts.people import Person
from libs.common.postgres import Database
from services.presence.model import LastSeenTo
from services.presence.settings import PresenceSettings
from services.presence.store import Store
from tests.integration.presence.house import SOON_S, House, closed, opened, running, until_whole
from tests.integration.presence.neighbours import ALICE, BOB, CHARLIE, GUEST, LOBBY
from tests.support.waiting import eventually

NOW = 1_700_000_059.9
MINUTE = "2023-11-14T22:14:00.000Z"
NOBODY = UUID(int=404)
PRIVACY = "/v1/presence/privacy"


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """A running service in which nobody waits long for anything."""
    settings = PresenceSettings(
        settle_s=SOON_S, small_window_s=SOON_S, close_grace_s=SOON_S, last_seen_flush_s=SOON_S
    )
    async with running(database, settings) as house:
        await until_whole(house)
        yield house


async def seen(house: House, by: str, person_id: UUID = ALICE.id) -> dict[str, Any]:
    """Return what somebody is shown of a person, but for the id."""
    async with house.as_person(by) as person:
        answer = await person.get("/v1/presence", params={"user_ids": str(person_id)})
    [item] = answer.json()["items"]
    assert item.pop("person_id") == str(person_id)
    return dict(item)


async def in_the_lobby(house: House, by: str) -> Any:
    async with house.as_person(by) as person:
        return (await person.get(f"/v1/rooms/{LOBBY}/presence")).json()


async def hide(house: House, person: Person = ALICE, to: str = "nobody") -> Mapping[str, Any]:
    async with house.as_person(person.name) as one:
        return dict((await one.put(PRIVACY, json={"last_seen": to})).json())


async def comes(house: House, person: Person) -> None:
    await house.tell(person, opened(device=f"{person.name}'s"))
    while (await house.next_signal()).get("person_id") != str(person.id):
        pass


async def goes(house: House, person: Person) -> dict[str, Any]:
    """Let somebody go who is alone there, and return what is told of it."""
    await house.tell(person, closed(device=f"{person.name}'s"))
    while (told := await house.next_signal())["state"] != "offline":
        pass
    return told


async def test_when_somebody_was_last_seen_is_told_by_the_minute(
    house: House, store: Store
) -> None:
    await store.save_seen({ALICE.id: NOW})

    assert (await seen(house, "Bob"))["last_seen"] == MINUTE


async def test_whoever_says_nothing_lets_everybody_know_when_they_were_seen(house: House) -> None:
    async with house.as_person("Alice") as alice:
        assert (await alice.get(PRIVACY)).json() == {"last_seen": "everybody"}


async def test_of_whom_nobody_may_know_it_is_neither_shown_nor_kept(
    house: House, store: Store
) -> None:
    await store.save_seen({ALICE.id: NOW})
    await comes(house, ALICE)

    assert await hide(house) == {"last_seen": "nobody"}
    told = await goes(house, ALICE)

    assert "last_seen" not in told
    assert (await seen(house, "Bob"))["last_seen"] is None
    assert await store.last_seen([ALICE.id]) == {}
    async with house.as_person("Alice") as alice:
        assert (await alice.get(PRIVACY)).json() == {"last_seen": "nobody"}


async def test_it_holds_after_a_restart(database: Database, store: Store) -> None:
    await store.show_last_seen(ALICE.id, LastSeenTo.NOBODY)
    settings = PresenceSettings(settle_s=SOON_S, small_window_s=SOON_S, close_grace_s=SOON_S)

    async with running(database, settings) as again:
        await until_whole(again)
        await comes(again, ALICE)
        told = await goes(again, ALICE)

    assert "last_seen" not in told
    assert await store.last_seen([ALICE.id]) == {}


async def test_what_was_hidden_is_not_there_when_it_may_be_known_again(
    house: House, store: Store
) -> None:
    await store.save_seen({ALICE.id: NOW})
    await hide(house)
    await hide(house, to="everybody")

    assert (await seen(house, "Bob"))["last_seen"] is None

    await comes(house, ALICE)
    assert "last_seen" in await goes(house, ALICE)


async def test_only_the_two_words_are_taken(house: House) -> None:
    async with house.as_person("Alice") as alice:
        answer = await alice.put(PRIVACY, json={"last_seen": "friends"})

    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["last_seen"])


async def test_who_is_blocked_hides_is_unknown_or_is_nobody_looks_the_same(
    house: House, store: Store
) -> None:
    await store.save_seen({one.id: NOW for one in (ALICE, GUEST, CHARLIE)})
    await store.show_last_seen(GUEST.id, LastSeenTo.NOBODY)
    await comes(house, ALICE)
    house.rooms.blocks = [frozenset({ALICE.id, BOB.id})]
    looks, questions = [], []

    for person_id in (ALICE.id, GUEST.id, CHARLIE.id, NOBODY):
        house.rooms.asked.clear()
        looks.append(await seen(house, "Bob", person_id))
        questions.append(list(house.rooms.asked))

    assert looks == [{"state": "offline", "status_text": None, "last_seen": None}] * 4
    assert questions == [["/internal/acquaintances"]] * 4


@pytest.mark.parametrize(("one", "other"), [(ALICE, BOB), (BOB, ALICE)])
async def test_between_two_with_a_block_neither_sees_the_other_in_a_room(
    house: House, one: Person, other: Person
) -> None:
    await comes(house, ALICE)
    await comes(house, BOB)
    house.rooms.blocks = [frozenset({ALICE.id, BOB.id})]

    there = await in_the_lobby(house, one.name)

    assert (there["users"], there["count"]) == ([str(one.id)], 1)
    assert (await seen(house, one.name, other.id))["state"] == "offline"


async def test_a_room_says_how_those_are_seen_who_are_not_simply_online(house: House) -> None:
    await comes(house, ALICE)
    await comes(house, BOB)
    await house.tell(BOB, SetPresence("dnd", "writing"))
    assert (await house.next_signal())["state"] == "dnd"

    there = await in_the_lobby(house, "Alice")

    assert there["count"] == 2
    assert there["states"] == [
        {"person_id": str(BOB.id), "state": "dnd", "status_text": "writing", "last_seen": None}
    ]


async def test_a_guest_is_there_like_anybody_and_sees_who_is_in_the_room(house: House) -> None:
    await comes(house, ALICE)
    await comes(house, GUEST)

    users = [str(ALICE.id), str(GUEST.id)]
    assert (await in_the_lobby(house, "Guest"))["users"] == users
    assert (await in_the_lobby(house, "Alice"))["users"] == users


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/presence"), ("PUT", "/v1/presence"), ("GET", PRIVACY)]
)
async def test_a_guest_sees_and_chooses_nothing_beyond_the_room(
    house: House, method: str, path: str
) -> None:
    async with house.as_person("Guest") as guest:
        answer = await guest.request(method, path)

    assert answer.status_code == 403


async def test_of_a_guest_nothing_is_kept(house: House, database: Database) -> None:
    await comes(house, GUEST)
    await house.tell(GUEST, SetPresence("away", "lunch"))
    assert (await house.next_signal())["status_text"] == "lunch"

    assert "last_seen" in await goes(house, GUEST)

    await eventually(lambda: chosen(house, GUEST), lambda found: not found)
    assert await database.fetchval("SELECT count(*) FROM status") == 0


async def chosen(house: House, person: Person) -> dict[str, str]:
    answer = await house.ask("/internal/chosen", person_ids=[str(person.id)])
    return dict(answer["chosen"])

"""A seeded folder holds what a running system would have written, and real ones are let alone."""

import asyncio
import os
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio

from hubbub_client.api import Api
from hubbub_client.client import Client
from hubbub_client.frames import Json
from services.demo import people, seed
from services.demo.people import PASSWORD, read_people
from services.demo.seed import MARK, CannotSeed, Wanted
from services.nodes.folder import StartFailed
from tests.support.program import Program

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.slow]

LITTLE: Final = Wanted(share=0.02, is_among_people=False)
PEOPLE: Final = read_people(people.FILE.read_text(encoding="utf-8"))
PAGE: Final = 100
COMPANY_WITHIN_S: Final = 20.0
COUNTED_TO: Final = 100
"""Unread messages are counted so far by the service."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def folder(module_folder: Path) -> Path:
    assert await seed.run(_environ(module_folder), LITTLE)
    return module_folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def program(folder: Path) -> AsyncIterator[Program]:
    async with Program(folder, command=("services.demo", "run")) as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def alice(program: Program) -> AsyncIterator[Api]:
    async with Api(program.url) as api:
        await api.log_in("alice@example.org", PASSWORD)
        yield api


@pytest.mark.proof
async def test_seeding_twice_is_harmless(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not await seed.run(_environ(folder), LITTLE)

    assert "already" in capfd.readouterr().out


async def test_people_that_nobody_says_are_of_the_demo_are_let_alone(folder: Path) -> None:
    (folder / MARK).rename(folder / "hidden")
    try:
        with pytest.raises(CannotSeed, match="not of the demo"):
            await seed.run(_environ(folder), LITTLE)
    finally:
        (folder / "hidden").rename(folder / MARK)


async def test_the_log_of_every_room_is_whole_and_its_times_ascend(alice: Api) -> None:
    for room in await rooms_of(alice):
        events = await log_of(alice, room)

        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        moments = [event["ts"] for event in events]
        assert moments == sorted(moments)


async def test_there_is_everything_that_a_page_can_show(alice: Api) -> None:
    kinds: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for room in await rooms_of(alice):
        for event in await log_of(alice, room):
            kinds[event["type"]] += 1
            if event["type"] == "message":
                shown.update(name for name in ("reply_to", "mentions") if event["data"].get(name))

    assert kinds["message"] > 450
    assert kinds["reaction_added"] > 150
    assert kinds["message_edited"] >= 1
    assert kinds["message_deleted"] >= 1
    assert kinds["member_joined"] > 100
    assert shown["reply_to"] > 30
    assert shown["mentions"] > 5


async def test_rooms_of_every_kind_are_there(alice: Api) -> None:
    assert {room["kind"] for room in await rooms_of(alice)} == {
        "public",
        "private",
        "direct",
        "group",
    }


@pytest.mark.parametrize("key", ["alice", "bob", "tamar"])
async def test_unread_numbers_are_those_one_gets_by_counting(program: Program, key: str) -> None:
    async with Api(program.url) as api:
        me = (await api.log_in(PEOPLE[key].email, PASSWORD)).user["id"]
        told = {
            item["room_id"]: (item["unread"], item["mentions"])
            for item in (await api.call("GET", "/v1/me/unread"))["items"]
        }
        read = await read_seqs(api)
        counted = {
            room["id"]: count(await log_of(api, room), me=me, read_seq=read[room["id"]])
            for room in await rooms_of(api)
        }

    assert told == counted
    assert any(unread for unread, _ in told.values())


async def test_alice_owns_the_server_and_was_mentioned(alice: Api) -> None:
    me = await alice.call("GET", "/v1/me")
    unread = (await alice.call("GET", "/v1/me/unread"))["items"]

    assert me["system_role"] == "owner"
    assert sum(item["mentions"] for item in unread) > 3


async def test_the_demo_says_where_to_log_in_and_keeps_company(
    program: Program, alice: Api
) -> None:
    welcome = next(room for room in await rooms_of(alice) if room["title"] == "Welcome")

    async def give_token() -> str:
        return (await alice.refresh()).access

    async with Client(program.socket_url, give_token) as client, asyncio.timeout(COMPANY_WITHIN_S):
        await client.join(welcome["id"])
        async for frame in client.events():
            if frame.type == "typing":
                break

    assert any("/login#email=alice%40example.org" in line for line in program.output)


async def test_a_folder_in_use_is_told_of(program: Program) -> None:
    with pytest.raises(StartFailed, match="already runs on"):
        await seed.run(_environ(program.folder), LITTLE)


def _environ(folder: Path) -> dict[str, str]:
    return {"DATA_DIR": str(folder), "PATH": os.environ["PATH"]}


async def rooms_of(api: Api) -> list[Json]:
    return list(
        (await api.call("GET", "/v1/rooms", query={"scope": "mine", "limit": PAGE}))["items"]
    )


async def read_seqs(api: Api) -> dict[str, int]:
    items = (await api.call("GET", "/v1/me/unread"))["items"]
    return {item["room_id"]: item["read_seq"] for item in items}


async def log_of(api: Api, room: Json) -> list[Json]:
    """Return every event of a room, oldest first."""
    events: list[Json] = []
    while True:
        query: dict[str, str | int] = {
            "limit": PAGE,
            "after_seq": events[-1]["seq"] if events else 0,
        }
        page = await api.call("GET", f"/v1/rooms/{room['id']}/events", query=query)
        events += page["items"]
        if not page["items"]:
            return events


def count(events: list[Json], *, me: str, read_seq: int) -> tuple[int, int]:
    """Return how many messages are unread, and how many of them mention the reader."""
    now: dict[str, dict[str, Any]] = defaultdict(dict)
    for event in events:
        if event["type"] == "message":
            now[event["data"]["id"]] = event
    unread = [
        event
        for event in now.values()
        if event["seq"] > read_seq
        and event["data"]["author"]["id"] != me
        and not event["data"].get("deleted_at")
    ]
    mentions = sum(me in event["data"]["mentions"] for event in unread)
    return min(len(unread), COUNTED_TO), min(mentions, COUNTED_TO)

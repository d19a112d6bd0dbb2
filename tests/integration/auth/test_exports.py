"""Copies of one's own data: made in pieces, fetched by their owner alone."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from zipfile import ZipFile

import httpx

from tests.integration.auth.living import WAIT_S, WORKERS, Instance, SignedInPerson, Town
from tests.integration.auth.neighbours import Keeper, neighbours

ALL = WORKERS | {"exports"}


@asynccontextmanager
async def instance(town: Town, keeper: Keeper, **knobs: Any) -> AsyncIterator[Instance]:
    """Run auth beside one other service that keeps something."""
    beside = neighbours(town.clock, {"messages": keeper.answering}, **knobs)
    async with town.instance(workers=ALL, neighbours=beside) as auth:
        yield auth


async def newest(person: SignedInPerson) -> dict[str, Any]:
    return dict((await person.get("/v1/me/exports")).json()["items"][0])


async def made(town: Town, person: SignedInPerson, *, state: str = "ready") -> dict[str, Any]:
    """Let time pass until somebody's copy is in this state, and return it."""
    async with asyncio.timeout(WAIT_S):
        while (seen := await newest(person))["state"] != state:
            await town.clock.advance(0.2)
    return seen


def opened(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON of an archive by the names of its files."""
    archive = ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return {name: json.loads(archive.read(name)) for name in archive.namelist() if ".json" in name}


async def test_a_copy_has_what_every_service_has_page_by_page(town: Town) -> None:
    keeper = Keeper(pages=3)
    async with instance(town, keeper) as auth:
        alice = await auth.register("Alice")

        asked = await alice.post("/v1/me/export")
        shown = await made(town, alice)
        answer = await alice.get(f"/v1/exports/{shown['id']}")

    assert asked.status_code == httpx.codes.ACCEPTED
    files = opened(answer)
    assert files["profile-0001.json"][0]["email"] == alice.email
    numbers = [body[0]["number"] for name, body in files.items() if name.startswith("messages-")]
    assert numbers == [1, 2, 3]
    assert [body["cursor"] for body in keeper.asked] == [None, "1", "2"]
    assert shown["progress_percent"] == 100
    assert "password" not in str(files).replace("['password']", "")


async def test_a_link_is_good_once_and_for_nobody_else(town: Town) -> None:
    async with instance(town, Keeper()) as auth:
        alice, bob = await auth.register("Alice"), await auth.register("Bob")
        await alice.post("/v1/me/export")
        link = (await made(town, alice))["link"]
        stranger = await auth.client()

        guessed = await stranger.get(link[:-1] + ("A" if link[-1] != "A" else "B"))
        by_bob = await bob.get(link.partition("?")[0])
        first = await stranger.get(link)
        second = await stranger.get(link)
        in_words = await (await auth.client(accept="text/html,*/*;q=0.8")).get(link)
        next_link = (await newest(alice))["link"]

    assert [guessed.status_code, by_bob.status_code] == [404, 404]
    assert (first.status_code, second.status_code) == (200, 404)
    assert opened(first)
    assert next_link != link
    assert second.json()["code"] == "not_found"
    assert (in_words.status_code, in_words.headers["content-type"]) == (
        404,
        "text/html; charset=utf-8",
    )
    assert "This link was used" in in_words.text


async def test_a_copy_is_gone_after_its_time(town: Town) -> None:
    async with instance(town, Keeper(), export_life_s=60) as auth:
        alice = await auth.register("Alice")
        await alice.post("/v1/me/export")
        link = (await made(town, alice))["link"]
        await town.clock.advance(61)

        late = await (await auth.client()).get(link)
        shown = await made(town, alice, state="expired")
        pieces = await auth.database.fetchval("SELECT count(*) FROM export_piece")

    assert late.status_code == httpx.codes.NOT_FOUND
    assert shown["link"] is None
    assert pieces == 0


async def test_what_an_instance_left_another_goes_on_with(town: Town) -> None:
    first, second = Keeper(pages=3), Keeper(pages=3)
    async with instance(town, first) as auth:
        alice = await auth.register("Alice")
        first.is_away = True
        await alice.post("/v1/me/export")
        await town.clock.advance(1.0)
        begun = await newest(alice)
    async with instance(town, second) as auth:
        again = await auth.bearing(alice.client.headers["authorization"].split()[1])
        elsewhere = SignedInPerson(alice.id, alice.email, alice.name, "", again)

        shown = await made(town, elsewhere)
        answer = await again.get(f"/v1/exports/{shown['id']}")

    assert begun["state"] in {"waiting", "working"}
    files = opened(answer)
    assert len([name for name in files if name.startswith("profile-")]) == 1
    assert len([name for name in files if name.startswith("messages-")]) == 3


async def test_one_copy_at_a_time(town: Town) -> None:
    keeper = Keeper()
    keeper.is_away = True
    async with instance(town, keeper) as auth:
        alice = await auth.register("Alice")

        first = await alice.post("/v1/me/export")
        second = await alice.post("/v1/me/export")

    assert first.json()["id"] == second.json()["id"]


async def test_a_copy_that_would_be_too_large_is_given_up(town: Town) -> None:
    async with instance(town, Keeper(pages=10_000), export_max_bytes=1_024) as auth:
        alice = await auth.register("Alice")
        await alice.post("/v1/me/export")

        shown = await made(town, alice, state="failed")

    assert shown["link"] is None


async def test_an_old_log_in_is_not_enough_to_ask(town: Town) -> None:
    async with instance(town, Keeper()) as auth:
        alice = await auth.register("Alice")
        await town.clock.advance(700)

        answer = await alice.post("/v1/me/export")

    assert answer.json()["code"] == "step_up_required"

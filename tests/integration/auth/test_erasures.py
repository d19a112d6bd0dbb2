"""Erasing a person, as far as auth decides it; tests/system/erasure has all services."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from libs.common.contracts.facts import USER_ERASED, UserChanged
from services.auth.__main__ import obey
from services.auth.store.erasures import LastOwner
from tests.integration.auth.living import (
    ORIGIN,
    PASSWORD,
    WAIT_S,
    WORKERS,
    Instance,
    SignedInPerson,
    Town,
)
from tests.integration.auth.neighbours import Keeper, neighbours

ALL = WORKERS | {"erasures"}
SELDOM_S = 20
LONG_S = 30.0
"""Whoever is away is asked every twenty seconds in the end, not every five minutes."""


@asynccontextmanager
async def instance(town: Town, keeper: Keeper, **knobs: Any) -> AsyncIterator[Instance]:
    """Run auth beside one other service that keeps something."""
    beside = neighbours(town.clock, {"rooms": keeper.answering}, max_retry_s=SELDOM_S, **knobs)
    async with town.instance(workers=ALL, neighbours=beside) as auth:
        yield auth


async def ask(person: SignedInPerson) -> str:
    """Have somebody erased at their own wish; return the erasure's id."""
    answer = await person.client.delete("/v1/me")
    assert answer.status_code == httpx.codes.ACCEPTED, answer.text
    return str(answer.json()["erasure_id"])


async def shown(auth: Instance, erasure_id: str) -> dict[str, Any]:
    stranger = await auth.client()
    answer = await stranger.get(f"/v1/erasures/{erasure_id}")
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


async def done(
    town: Town, auth: Instance, erasure_id: str, *, step_s: float = 0.5
) -> dict[str, Any]:
    """Let time pass until an erasure is done, and return it."""
    async with asyncio.timeout(WAIT_S):
        while (seen := await shown(auth, erasure_id))["state"] != "done":
            await town.clock.advance(step_s)
    return seen


async def test_who_is_erased_is_nobody_at_once_and_everywhere_in_the_end(town: Town) -> None:
    keeper = Keeper(turns=3)
    async with instance(town, keeper) as auth:
        bob = await auth.register("Bob")
        erasure_id = await ask(bob)

        refused = await bob.get("/v1/me")
        log_in = await auth.log_in(bob.email)
        seen = await done(town, auth, erasure_id)
        (fact,) = await town.heard(USER_ERASED)
        again = await auth.register("Bob")

    assert refused.status_code == log_in.status_code == httpx.codes.UNAUTHORIZED
    assert [step["service"] for step in seen["steps"]] == ["auth", "rooms"]
    assert all(step["receipt"] and step["key"] for step in seen["steps"])
    assert len(keeper.asked) == 3
    assert keeper.asked[0]["person"]["name"] == "Deleted user"
    assert isinstance(fact, UserChanged)
    assert (str(fact.person_id), fact.name, fact.is_disabled) == (bob.id, "Deleted user", True)
    assert again.id != bob.id


async def test_a_service_that_is_away_is_asked_until_it_is_back(town: Town) -> None:
    keeper = Keeper()
    keeper.is_away = True
    async with instance(town, keeper) as auth:
        erasure_id = await ask(await auth.register("Bob"))
        await town.clock.advance(LONG_S)
        waiting = await shown(auth, erasure_id)
        keeper.is_away = False

        seen = await done(town, auth, erasure_id, step_s=LONG_S)

    assert waiting["state"] == "working"
    assert seen["state"] == "done"


async def test_what_an_instance_left_undone_another_does(town: Town) -> None:
    away = Keeper()
    away.is_away = True
    async with instance(town, away) as first:
        erasure_id = await ask(await first.register("Bob"))

    async with instance(town, Keeper()) as second:
        seen = await done(town, second, erasure_id, step_s=LONG_S)

    assert seen["state"] == "done"


async def test_a_receipt_about_somebody_else_is_none(town: Town) -> None:
    keeper = Keeper()
    async with instance(town, keeper) as auth:
        alice = await auth.register("Alice")
        keeper.signs_for = alice.id
        erasure_id = await ask(await auth.register("Bob"))
        await town.clock.advance(1.0)
        wrong = await shown(auth, erasure_id)
        keeper.signs_for = None

        seen = await done(town, auth, erasure_id, step_s=60.0)

    assert wrong["state"] == "working"
    assert seen["state"] == "done"


async def test_in_the_time_of_grace_one_may_log_in_and_stay(town: Town) -> None:
    async with instance(town, Keeper(), erasure_grace_s=60) as auth:
        bob = await auth.register("Bob")
        unasked = await bob.get("/v1/me/erasure")
        erasure_id = await ask(bob)
        ended = await bob.get("/v1/me")
        said = (await auth.log_in(bob.email)).json()
        back = await auth.bearing(said["access_token"])
        waiting = await back.get("/v1/me/erasure")
        taken_back = await back.delete("/v1/me/erasure")
        await town.clock.advance(120)

        me = await auth.log_in(bob.email)
        gone = await (await auth.client()).get(f"/v1/erasures/{erasure_id}")

    assert (unasked.status_code, unasked.content) == (httpx.codes.NO_CONTENT, b"")
    assert ended.status_code == httpx.codes.UNAUTHORIZED
    assert waiting.json()["state"] == "waiting"
    assert taken_back.status_code == httpx.codes.NO_CONTENT
    assert me.status_code == httpx.codes.OK
    assert gone.status_code == httpx.codes.NOT_FOUND


async def test_after_the_time_of_grace_it_begins_by_itself(town: Town) -> None:
    async with instance(town, Keeper(), erasure_grace_s=60) as auth:
        erasure_id = await ask(await auth.register("Bob"))

        seen = await done(town, auth, erasure_id, step_s=20.0)

    assert seen["state"] == "done"


async def test_an_old_log_in_is_not_enough(town: Town) -> None:
    async with instance(town, Keeper()) as auth:
        bob = await auth.register("Bob")
        await town.clock.advance(700)

        answer = await bob.client.delete("/v1/me")

    assert answer.status_code == httpx.codes.FORBIDDEN
    assert answer.json()["code"] == "step_up_required"


async def owner(town: Town, auth: Instance, name: str) -> SignedInPerson:
    person = await auth.register(name)
    await command(town, "owner", person.email)
    return person


async def command(town: Town, command: str, email: str) -> str:
    environ = {"DATABASE_URL": town.dsn, "AUTH_SECRET": "s" * 32, "AUTH_PUBLIC_URL": ORIGIN}
    return await obey(argparse.Namespace(command=command, email=email), environ)


async def test_the_last_owner_stays(town: Town) -> None:
    async with instance(town, Keeper()) as auth:
        alice = await owner(town, auth, "Alice")

        answer = await alice.client.delete("/v1/me")
        with pytest.raises(LastOwner):
            await command(town, "erase", alice.email)
        await owner(town, auth, "Bob")
        allowed = await alice.client.delete("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert allowed.status_code == httpx.codes.ACCEPTED


async def test_owners_erase_others_but_no_owner(town: Town) -> None:
    async with instance(town, Keeper()) as auth:
        alice = await owner(town, auth, "Alice")
        charlie = await owner(town, auth, "Charlie")
        bob = await auth.register("Bob")

        by_bob = await bob.post(f"/v1/admin/users/{alice.id}/erase")
        of_charlie = await alice.post(f"/v1/admin/users/{charlie.id}/erase")
        of_bob = await alice.post(f"/v1/admin/users/{bob.id}/erase")
        log_in = await auth.log_in(bob.email, PASSWORD)

    assert by_bob.status_code == of_charlie.status_code == httpx.codes.FORBIDDEN
    assert of_bob.status_code == httpx.codes.ACCEPTED
    assert log_in.status_code == httpx.codes.UNAUTHORIZED


async def test_whoever_runs_the_server_has_somebody_erased(town: Town) -> None:
    async with instance(town, Keeper()) as auth:
        bob = await auth.register("Bob")

        said = await command(town, "erase", "BOB@example.org")
        erasure_id = said.split()[1]
        # The command lives by the machine's clock, which is years ahead of this town's.
        await auth.database.execute("UPDATE erasure SET due_at = '2000-01-01'")
        seen = await done(town, auth, erasure_id)

    assert said.startswith("Erasure ")
    assert seen["state"] == "done"
    assert bob.id not in str(seen)

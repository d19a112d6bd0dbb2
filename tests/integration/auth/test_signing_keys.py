"""The keys that sign access tokens: published, sealed, renewed, agreed upon."""

import asyncio
import base64
import json
from contextlib import AsyncExitStack
from typing import Any

import pytest

from libs.common.contracts.facts import KEYS_ROTATED, KeysRotated
from libs.common.tokens.jwks import read_jwks
from libs.common.tokens.keys import ALGORITHM
from services.auth.store.keys import KeysUnreadable
from tests.integration.auth.living import WAIT_S, Instance, SignedInPerson, Town

DAY_S = 86_400.0
JWKS = "/v1/.well-known/jwks.json"


async def published(auth: Instance) -> list[dict[str, Any]]:
    """Return the published keys, oldest first."""
    stranger = await auth.client()
    answer = await stranger.get(JWKS)
    assert answer.status_code == 200
    keys: list[dict[str, Any]] = answer.json()["keys"]
    return keys


def signed_with(access_token: str) -> str:
    """Return the id of the key in a token's header."""
    header = access_token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=="))["kid"])


def token_of(who: SignedInPerson) -> str:
    return str(who.client.headers["authorization"]).removeprefix("Bearer ")


async def test_anybody_can_read_the_public_keys(auth: Instance) -> None:
    (key,) = await published(auth)

    assert key.keys() == {"kty", "crv", "x", "kid", "use", "alg"}
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("OKP", ALGORITHM, "sig", ALGORITHM)


async def test_the_document_is_one_that_verifiers_read(auth: Instance) -> None:
    stranger = await auth.client()

    keys = read_jwks((await stranger.get(JWKS)).content)

    assert list(keys) == [key["kid"] for key in await published(auth)]


async def test_tokens_name_a_published_key(auth: Instance, alice: SignedInPerson) -> None:
    (key,) = await published(auth)

    assert signed_with(token_of(alice)) == key["kid"]


async def test_the_keys_outlive_a_restart(town: Town) -> None:
    async with town.instance() as before:
        alice = await before.register("Alice")
        keys = await published(before)
    async with town.instance() as after:
        returned = await after.bearing(token_of(alice))

        assert await published(after) == keys
        assert (await returned.get("/v1/me")).status_code == 200


async def test_instances_that_start_together_agree_on_one_key(town: Town) -> None:
    async with AsyncExitStack() as running:
        instances = await asyncio.gather(
            *(
                running.enter_async_context(town.instance(instance=f"auth-{number}"))
                for number in range(5)
            )
        )

        sets = [await published(auth) for auth in instances]
        assert all(keys == sets[0] for keys in sets)
        assert len(sets[0]) == 1
        assert len(await town.heard(KEYS_ROTATED)) == 1


async def test_a_stored_key_shows_nothing(auth: Instance) -> None:
    sealed = await auth.database.fetchval("SELECT sealed FROM signing_keys")

    assert "PRIVATE KEY" not in sealed
    assert (await published(auth))[0]["x"] not in sealed


async def test_with_another_secret_the_service_does_not_start(town: Town) -> None:
    async with town.instance():
        pass

    with pytest.raises(KeysUnreadable, match="start with the secret they were sealed with"):
        async with town.instance(secret="t" * 32):
            pass


async def test_a_key_that_somebody_wrote_into_the_database_is_not_used(town: Town) -> None:
    async with town.instance() as auth:
        await auth.database.execute("UPDATE signing_keys SET sealed = 'e30..a.b.c'")

    with pytest.raises(KeysUnreadable):
        async with town.instance():
            pass


async def test_a_new_key_is_published_before_it_signs(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        (old,) = await published(auth)
        await town.clock.advance(30 * DAY_S)
        await auth.service.on_start[1]()
        announced = await published(auth)
        before = await auth.register("Alice")
        await town.clock.advance(600.0)
        after = await auth.register("Bob")

    assert [key["kid"] for key in announced] == [old["kid"], announced[1]["kid"]]
    assert signed_with(token_of(before)) == old["kid"]
    assert signed_with(token_of(after)) == announced[1]["kid"]


async def test_an_old_key_is_published_until_its_last_token_has_expired(town: Town) -> None:
    async with town.instance(workers=()) as auth:
        (old,) = await published(auth)
        await town.clock.advance(30 * DAY_S)
        await auth.service.on_start[1]()
        await town.clock.advance(599.0)
        alice = await auth.register("Alice")
        await town.clock.advance(899.0)
        still_good = await alice.get("/v1/me")
        overlapping = await published(auth)
        await town.clock.advance(62.0)
        alone = await published(auth)

    assert signed_with(token_of(alice)) == old["kid"]
    assert still_good.status_code == 200
    assert len(overlapping) == 2
    assert [key["kid"] for key in alone] == [overlapping[1]["kid"]]


async def test_instances_agree_on_the_next_key(town: Town) -> None:
    async with (
        town.instance(instance="auth-1", workers=()) as one,
        town.instance(instance="auth-2", workers=()) as other,
    ):
        await town.clock.advance(30 * DAY_S)
        await asyncio.gather(one.service.on_start[1](), other.service.on_start[1]())

        assert await published(one) == await published(other)
        assert len(await published(one)) == 2


async def test_a_due_key_is_made_by_a_worker(town: Town) -> None:
    async with town.instance(workers={"keys"}, key_life_s=3_600) as auth:
        await town.clock.advance(3_600.0)

        async with asyncio.timeout(WAIT_S):
            # The worker asks the database, which takes its own time.
            while len(await published(auth)) == 1:
                await town.clock.advance(60.0)


async def test_a_new_key_is_told(town: Town) -> None:
    async with town.instance() as auth:
        (fact,) = await town.heard(KEYS_ROTATED)

        assert isinstance(fact, KeysRotated)
        assert [fact.key_id] == [key["kid"] for key in await published(auth)]

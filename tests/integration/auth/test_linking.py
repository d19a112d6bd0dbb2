"""Linking an identity to an account that is there, and taking it away again."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.integration.auth.elsewhere import FIRST, browser, entry, settings_of, whoami
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.support.oidc_provider import Browser
from tests.support.scripted_provider import ScriptedProvider

HERE = "/settings/identities"

PASSKEY = """
    INSERT INTO passkey (
        id, account_id, credential_id, public_key, sign_count, transports, name, created_at
    )
    SELECT gen_random_uuid(), id, 'phone', 'key', 0, '{}', 'Phone', now() FROM account
    RETURNING id
"""


@pytest.fixture
async def provider(town: Town) -> AsyncIterator[ScriptedProvider]:
    async with ScriptedProvider.running(town.clock.now) as running:
        yield running


@pytest.fixture
async def auth(town: Town, provider: ScriptedProvider) -> AsyncIterator[Instance]:
    async with town.instance(identity=settings_of([entry(FIRST, provider.issuer)])) as instance:
        yield instance


async def begin(person: SignedInPerson) -> str:
    """Ask to link; the client keeps the cookie as a browser does."""
    answer = await person.post(f"/v1/me/identities/{FIRST}")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["location"])


async def come_back(client: httpx.AsyncClient, answer: str) -> str:
    came = await client.get(answer)
    return came.headers["location"]


async def link(person: SignedInPerson, provider: ScriptedProvider) -> str:
    return await come_back(person.client, provider.answer_to(await begin(person)))


async def identities(person: SignedInPerson) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await person.get("/v1/me/identities")).json()["items"]
    return items


async def log_in(hers: Browser, provider: ScriptedProvider) -> str:
    return await hers.come_back(provider.answer_to(await hers.sent_to(FIRST)))


async def letters(auth: Instance) -> list[str]:
    rows = await auth.database.fetch("SELECT kind FROM mail WHERE kind = 'identity_changed'")
    return [row["kind"] for row in rows]


async def test_a_linked_identity_opens_the_account(
    auth: Instance, provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    led_to = await link(alice, provider)

    (shown,) = await identities(alice)
    assert led_to == HERE
    assert (shown["provider"], shown["title"]) == ("first", "First Company")
    assert shown["email"] == "alice@example.org"
    assert await letters(auth) == ["identity_changed"]
    async with browser(auth) as hers:
        came = await hers.here.get(provider.answer_to(await hers.sent_to(FIRST)))
        kept = {cookie.partition("=")[0]: cookie for cookie in came.headers.get_list("set-cookie")}
        assert came.headers["location"] == "/"
        assert "Max-Age=0" in kept["hubbub_login"]
        assert {"HttpOnly", "SameSite=strict"} <= set(kept["hubbub_refresh"].split("; "))
        assert (await whoami(hers))["id"] == alice.id


async def test_an_identity_opens_one_account(
    provider: ScriptedProvider, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await link(alice, provider)

    assert await link(bob, provider) == f"{HERE}#error=identity_taken"
    assert await link(alice, provider) == HERE
    assert (len(await identities(alice)), len(await identities(bob))) == (1, 0)


async def test_nobody_links_their_identity_to_the_account_of_another(
    auth: Instance, provider: ScriptedProvider, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    # Bob leads Alice's browser to the answer that belongs to a linking of his own.
    answer = provider.answer_to(await begin(bob))

    assert await come_back(alice.client, answer) == "/login#error=login_expired"
    assert await identities(alice) == []


async def test_a_linking_ends_with_the_session_in_which_it_began(
    provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    answer = provider.answer_to(await begin(alice))
    await alice.post("/v1/auth/logout")

    assert await come_back(alice.client, answer) == f"{HERE}#error=unauthenticated"


async def test_linking_and_unlinking_want_a_fresh_proof(
    town: Town, provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    await link(alice, provider)
    (shown,) = await identities(alice)
    await town.clock.advance(700)

    begun = await alice.post(f"/v1/me/identities/{FIRST}")
    unlinked = await alice.client.delete(f"/v1/me/identities/{shown['id']}")

    for refused in (begun, unlinked):
        assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert len(await identities(alice)) == 1


async def test_an_unlinked_identity_opens_nothing(
    auth: Instance, provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    await link(alice, provider)
    (shown,) = await identities(alice)

    answer = await alice.client.delete(f"/v1/me/identities/{shown['id']}")

    assert answer.status_code == 204
    assert await identities(alice) == []
    assert await letters(auth) == ["identity_changed", "identity_changed"]
    async with browser(auth) as hers:
        assert await log_in(hers, provider) == "/login#error=link_required"


async def test_nobody_unlinks_the_identity_of_another(
    provider: ScriptedProvider, alice: SignedInPerson, bob: SignedInPerson
) -> None:
    await link(alice, provider)
    (shown,) = await identities(alice)

    answer = await bob.client.delete(f"/v1/me/identities/{shown['id']}")

    assert answer.status_code == 404
    assert len(await identities(alice)) == 1


async def test_the_last_way_in_stays(auth: Instance, provider: ScriptedProvider) -> None:
    async with browser(auth) as hers:
        await log_in(hers, provider)
        client = await auth.bearing((await whoami(hers))["access_token"])
        (shown,) = (await client.get("/v1/me/identities")).json()["items"]

        answer = await client.delete(f"/v1/me/identities/{shown['id']}")

        assert (answer.status_code, answer.json()["code"]) == (409, "last_way_in")
        assert len((await client.get("/v1/me/identities")).json()["items"]) == 1


async def test_a_passkey_that_is_the_last_way_in_stays(
    auth: Instance, provider: ScriptedProvider
) -> None:
    async with browser(auth) as hers:
        await log_in(hers, provider)
        client = await auth.bearing((await whoami(hers))["access_token"])
        passkey_id = await auth.database.fetchval(PASSKEY)
        (shown,) = (await client.get("/v1/me/identities")).json()["items"]
        assert (await client.delete(f"/v1/me/identities/{shown['id']}")).status_code == 204

        answer = await client.delete(f"/v1/auth/passkeys/{passkey_id}")

        assert (answer.status_code, answer.json()["code"]) == (409, "last_way_in")
        assert len((await client.get("/v1/auth/second-factors")).json()["passkeys"]) == 1


async def test_a_provider_that_is_offered_no_longer_is_shown_by_its_host(
    town: Town, auth: Instance, provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    await link(alice, provider)
    token = alice.client.headers["authorization"].removeprefix("Bearer ")

    async with town.instance(instance="auth-2") as without:
        client = await without.bearing(token)
        (shown,) = (await client.get("/v1/me/identities")).json()["items"]
        begun = await client.post(f"/v1/me/identities/{FIRST}")

    assert (shown["provider"], shown["title"]) == (None, "127.0.0.1")
    assert begun.status_code == 404


@pytest.mark.parametrize("is_trusted", [False, True])
async def test_our_second_factor_is_asked_for_unless_theirs_is_trusted(
    town: Town, provider: ScriptedProvider, *, is_trusted: bool
) -> None:
    entries = [entry(FIRST, provider.issuer, trusts_second_factor=is_trusted)]
    async with town.instance(identity=settings_of(entries)) as auth, browser(auth) as hers:
        alice = await auth.register("Alice")
        await link(alice, provider)
        await auth.database.execute(
            "INSERT INTO totp (account_id, is_confirmed, sealed, last_step, made_at)"
            " VALUES ($1, true, 'sealed', 0, now())",
            alice.id,
        )

        led_to = await log_in(hers, provider)

        has_session = "hubbub_refresh" in hers.here.cookies
        assert has_session == is_trusted
        assert led_to == "/" if is_trusted else led_to.startswith("/login#challenge=")
        assert is_trusted or led_to.endswith("&methods=totp")


async def test_whoever_is_disabled_here_is_not_let_in_from_there(
    auth: Instance, provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    await link(alice, provider)
    await auth.database.execute("UPDATE account SET disabled_at = now()")

    async with browser(auth) as hers:
        assert await log_in(hers, provider) == "/login#error=account_disabled"


async def test_the_letter_of_a_new_way_in_says_from_where(
    auth: Instance, provider: ScriptedProvider, alice: SignedInPerson
) -> None:
    await link(alice, provider)

    told = await auth.database.fetchval(
        "SELECT fields->>'address' FROM mail WHERE kind = 'identity_changed'"
    )
    assert told == "192.0.2.7"

"""Invitations of people who come in by way of a provider."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.integration.auth.administering import entries, invited, owner
from tests.integration.auth.elsewhere import FIRST, browser, entry, settings_of, whoami
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.support.oidc_provider import Browser
from tests.support.scripted_provider import ScriptedProvider

BOB: dict[str, Any] = {"sub": "bob-1", "email": "bob@example.org", "name": "Bob"}


@pytest.fixture
async def provider(town: Town) -> AsyncIterator[ScriptedProvider]:
    async with ScriptedProvider.running(town.clock.now) as running:
        yield running


@pytest.fixture
async def auth(town: Town, provider: ScriptedProvider) -> AsyncIterator[Instance]:
    """A server for those who are invited."""
    settings = settings_of([entry(FIRST, provider.issuer)])
    async with town.instance(identity=settings, registration="invite") as instance:
        yield instance


@pytest.fixture
async def dora(auth: Instance) -> SignedInPerson:
    return await owner(auth, "Dora")


async def come(theirs: Browser, provider: ScriptedProvider, invite: str) -> str:
    """Log in at the provider with an invitation, and return where that leads."""
    return await theirs.come_back(provider.answer_to(await theirs.sent_invited_to(FIRST, invite)))


async def uses(by: SignedInPerson) -> int:
    """Return how often invitations were used, all together."""
    listed = (await by.get("/v1/admin/invites")).json()["items"]
    return sum(one["uses"] for one in listed)


async def test_an_invitation_lets_one_in_who_logs_in_elsewhere(
    auth: Instance, provider: ScriptedProvider, dora: SignedInPerson
) -> None:
    invite = await invited(dora)
    async with browser(auth) as hers, browser(auth) as his:
        led_to = await come(hers, provider, invite)
        alice = await whoami(hers)
        provider.says(**BOB)
        too_late = await come(his, provider, invite)
        refused = await his.come_back(provider.answer_to(await his.sent_to(FIRST)))

    assert (led_to, alice["system_role"]) == ("/", "member")
    assert too_late == "/login#error=invalid_invite"
    assert refused == "/login#error=invite_needed"
    assert await uses(dora) == 1
    (used,) = [one for one in await entries(dora) if one["kind"] == "invite.used"]
    assert used["actor"]["id"] == alice["id"]


async def test_neither_the_provider_nor_the_browser_can_read_an_invitation_on_its_way(
    auth: Instance, provider: ScriptedProvider, dora: SignedInPerson
) -> None:
    invite = await invited(dora)
    async with browser(auth) as hers:
        sent_to = await hers.sent_invited_to(FIRST, invite)
        await hers.come_back(provider.answer_to(sent_to))

        assert invite not in f"{sent_to} {dict(hers.here.cookies)} {provider.asked}"


async def test_an_invitation_is_not_used_up_by_whoever_has_an_account(
    auth: Instance, provider: ScriptedProvider, dora: SignedInPerson
) -> None:
    async with browser(auth) as hers, browser(auth) as phone:
        await come(hers, provider, await invited(dora))

        assert await come(phone, provider, await invited(dora)) == "/"

    assert await uses(dora) == 1


async def test_a_closed_server_lets_nobody_in_by_invitation(
    auth: Instance, provider: ScriptedProvider, dora: SignedInPerson
) -> None:
    invite = await invited(dora)
    await dora.client.patch("/v1/admin/policy", json={"registration": "closed"})

    async with browser(auth) as hers:
        assert await come(hers, provider, invite) == "/login#error=registration_closed"
    assert await uses(dora) == 0


async def test_a_use_is_not_lost_on_whom_the_provider_does_not_let_in(
    auth: Instance, provider: ScriptedProvider, dora: SignedInPerson
) -> None:
    invite = await invited(dora)
    async with browser(auth) as hers:
        answer = provider.answer_to(await hers.sent_invited_to(FIRST, invite), error="no", code="")
        refused = await hers.come_back(answer)

        assert refused == "/login#error=provider_refused"
        assert await come(hers, provider, invite) == "/"


async def test_who_cannot_set_out_is_told_so(auth: Instance) -> None:
    stranger = await auth.client()

    nowhere = await stranger.post("/v1/auth/oidc/unknown/login", json={"invite": "x"})
    too_long = await stranger.post("/v1/auth/oidc/first/login", json={"invite": "x" * 101})

    assert nowhere.status_code == httpx.codes.NOT_FOUND
    assert too_long.json()["fields"] == {"invite": "must have at most 100 characters"}

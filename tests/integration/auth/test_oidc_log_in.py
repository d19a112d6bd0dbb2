"""Logging in at real OpenID providers: what comes of it, and what attackers get."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from pydantic import SecretStr

from libs.common.bus.local import LocalBus
from services.auth.settings.mail import MailSettings
from tests.integration.auth.administering import invited, owner
from tests.integration.auth.elsewhere import FIRST, SECOND, both, browser, callback, whoami
from tests.integration.auth.living import Instance, Town
from tests.support.clock import SetClock
from tests.support.oidc_provider import RunningProvider, running

ALICE = "alice,verified"


@pytest.fixture(scope="module")
def providers() -> Iterator[list[RunningProvider]]:
    with running(callback(FIRST), callback(SECOND), count=2) as started:
        yield started


@pytest.fixture
async def today(dsn: str) -> Town:
    """Auth's clock shows what that of the providers does."""
    clock = SetClock(time.time())
    return Town(dsn, clock, LocalBus(clock))


@pytest.fixture
async def auth(today: Town, providers: list[RunningProvider]) -> AsyncIterator[Instance]:
    async with today.instance(identity=both(providers)) as instance:
        yield instance


async def test_a_first_log_in_makes_an_account_and_a_second_finds_it(auth: Instance) -> None:
    async with browser(auth) as hers, browser(auth) as phone:
        led_to = await hers.log_in(FIRST, who=ALICE)
        alice = await whoami(hers)

        again = await phone.log_in(FIRST, who=ALICE)

        assert (led_to, again) == ("/", "/")
        assert (alice["name"], alice["email"]) == ("Alice", "alice@example.org")
        assert (await whoami(phone))["id"] == alice["id"]
        client = await auth.bearing((await whoami(phone))["access_token"])
        sessions = (await client.get("/v1/auth/sessions")).json()["items"]
        assert [session["proved_by"] for session in sessions] == [["identity"], ["identity"]]
        noted = await auth.database.fetch("SELECT kind FROM audit")
        assert {row["kind"] for row in noted} >= {"account.registered", "session.opened"}


async def test_the_provider_is_asked_with_all_that_protects_a_log_in(auth: Instance) -> None:
    async with browser(auth) as hers:
        # The host that a request names is in no address of ours.
        hers.here.headers.update({"host": "evil.example.org", "x-forwarded-host": "evil.example"})
        sent_to = httpx.URL(await hers.sent_to(FIRST))
        again = httpx.URL(await hers.sent_to(FIRST))

    asked = sent_to.params
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == callback(FIRST)
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    for name in ("state", "nonce", "code_challenge"):
        assert asked[name] != again.params[name]


async def test_an_answer_is_of_no_use_in_another_browser(auth: Instance) -> None:
    async with browser(auth) as alices, browser(auth) as bobs, browser(auth) as thiefs:
        answer = await alices.answer_of(await alices.sent_to(FIRST), who=ALICE)
        await thiefs.sent_to(FIRST)

        # Stolen by somebody who began a log-in of their own.
        assert await thiefs.come_back(answer) == "/login#error=login_expired"
        # A link that would log Bob in to her account.
        assert await bobs.come_back(answer) == "/login#error=login_expired"
        assert "hubbub_refresh" not in bobs.here.cookies
        # Nor is it used up by that.
        assert await alices.come_back(answer) == "/"


async def test_an_answer_is_good_once(auth: Instance) -> None:
    async with browser(auth) as hers, browser(auth) as thiefs:
        location = await hers.sent_to(FIRST)
        answer = await hers.answer_of(location, who=ALICE)
        # Even with all that her browser kept.
        thiefs.here.cookies.update(hers.here.cookies)
        first = await hers.come_back(answer)

        assert first == "/"
        assert await thiefs.come_back(answer) == "/login#error=login_expired"
        assert await hers.come_back(answer) == "/login#error=login_expired"


async def test_a_code_is_good_once_and_for_the_log_in_that_asked_for_it(auth: Instance) -> None:
    async with browser(auth) as alices, browser(auth) as thiefs:
        code = httpx.URL(await alices.answer_of(await alices.sent_to(FIRST), who=ALICE))
        thiefs_state = httpx.URL(await thiefs.sent_to(FIRST)).params["state"]

        stolen = await thiefs.come_back(str(code.copy_set_param("state", thiefs_state)))
        fresh_state = httpx.URL(await alices.sent_to(FIRST)).params["state"]
        replayed = await alices.come_back(str(code.copy_set_param("state", fresh_state)))

    # The one lacks the verifier; by the other the code was used up.
    assert [stolen, replayed] == ["/login#error=provider_refused"] * 2


async def test_an_answer_is_for_one_provider_and_ten_minutes(auth: Instance, today: Town) -> None:
    async with browser(auth) as hers:
        answer = httpx.URL(await hers.answer_of(await hers.sent_to(FIRST), who=ALICE))

        elsewhere = answer.copy_with(path="/v1/auth/oidc/second/callback")
        assert await hers.come_back(str(elsewhere)) == "/login#error=login_expired"

        await today.clock.advance(601)
        assert await hers.come_back(str(answer)) == "/login#error=login_expired"


async def test_a_mixed_up_answer_is_known_by_its_issuer(
    auth: Instance, providers: list[RunningProvider]
) -> None:
    async with browser(auth) as hers:
        answer = httpx.URL(await hers.answer_of(await hers.sent_to(FIRST), who=ALICE))
        mixed_up = await hers.come_back(str(answer.copy_set_param("iss", providers[1].issuer)))
        silent = httpx.URL(await hers.answer_of(await hers.sent_to(FIRST), who=ALICE))

        assert mixed_up == "/login#error=identity_invalid"
        led_to = await hers.come_back(str(silent.copy_remove_param("iss")))
        assert led_to == "/login#error=identity_invalid"


async def test_who_does_not_get_in_hears_why(auth: Instance) -> None:
    async with browser(auth) as hers, browser(auth) as his:
        assert await hers.log_in(FIRST, who="nobody") == "/login#error=provider_refused"
        assert await his.log_in(FIRST, who="alice,nameless") == "/login#error=email_missing"


async def test_whatever_is_asked_one_ends_on_a_page_of_ours(auth: Instance) -> None:
    stranger = await auth.client()
    for path in (
        "/v1/auth/oidc/unknown/login",
        "/v1/auth/oidc/unknown/callback?state=x&code=y",
        "/v1/auth/oidc/first/callback",
        "/v1/auth/oidc/first/callback?error=//evil.example.org&state=%0d%0aSet-Cookie:x=y",
        "/v1/auth/oidc/first/callback?next=//evil.example.org&return_to=https://evil.example.org",
        "/v1/auth/oidc/%2f%2fevil.example.org/login",
        "/v1/auth/oidc/first%5c@evil.example.org/callback",
    ):
        answer = await stranger.get(path)

        led_to = answer.headers.get("location", "/login#")
        assert led_to.startswith("/login#"), path
        assert "evil" not in led_to


async def test_an_account_of_the_same_address_is_not_taken_over(auth: Instance) -> None:
    alice = await auth.register("Alice")

    async with browser(auth) as attackers:
        for who in ("alice,unverified", ALICE):
            led_to = await attackers.log_in(FIRST, who=who)
            assert led_to == "/login#error=link_required"
        assert "hubbub_refresh" not in attackers.here.cookies

    assert (await alice.get("/v1/me/identities")).json()["items"] == []


async def test_a_trusted_provider_links_by_an_address_that_both_sides_proved(
    today: Town, providers: list[RunningProvider]
) -> None:
    async with today.instance(identity=both(providers, links_by_email=True)) as auth:
        # Whoever this is: nobody knows whether the address is theirs.
        await auth.register("Bob")
        async with browser(auth) as bobs:
            assert await bobs.log_in(FIRST, who="bob,verified") == "/login#error=link_required"
        async with browser(auth) as hers:
            await hers.log_in(FIRST, who=ALICE)
            alice = await whoami(hers)
        async with browser(auth) as thiefs, browser(auth) as at_second:
            refused = await thiefs.log_in(SECOND, who="alice,unverified")

            assert refused == "/login#error=link_required"
            assert await at_second.log_in(SECOND, who=ALICE) == "/"
            assert (await whoami(at_second))["id"] == alice["id"]


async def test_where_addresses_are_proved_an_unproved_one_gets_no_account(
    today: Town, providers: list[RunningProvider]
) -> None:
    mail = MailSettings(url=SecretStr("smtp://127.0.0.1:1"), sender="chat@example.org")
    async with today.instance(identity=both(providers), mail=mail) as auth, browser(auth) as hers:
        led_to = await hers.log_in(FIRST, who="alice,unverified")

    assert led_to == "/login#error=email_unverified_there"


async def test_a_closed_server_lets_in_who_a_provider_may_let_in_and_nobody_else(
    today: Town, providers: list[RunningProvider]
) -> None:
    async with (
        today.instance(identity=both(providers), registration="closed") as closed,
        browser(closed) as hers,
    ):
        assert await hers.log_in(FIRST, who=ALICE) == "/login#error=registration_closed"

    async with (
        today.instance(
            identity=both(providers, makes_accounts=True), registration="closed"
        ) as company,
        browser(company) as hers,
    ):
        assert await hers.log_in(FIRST, who=ALICE) == "/"


async def test_of_two_who_come_back_with_the_last_use_one_gets_in(
    today: Town, providers: list[RunningProvider]
) -> None:
    async with today.instance(identity=both(providers), registration="invite") as auth:
        invite = await invited(await owner(auth, "Dora"))
        async with browser(auth) as hers, browser(auth) as his:
            people = ((hers, ALICE), (his, "bob,verified"))
            answers = [
                await one.answer_of(await one.sent_invited_to(FIRST, invite), who=who)
                for one, who in people
            ]

            led_to = await asyncio.gather(hers.come_back(answers[0]), his.come_back(answers[1]))

        assert sorted(led_to) == ["/", "/login#error=invalid_invite"]
        assert await auth.database.fetchval("SELECT count(*) FROM account") == 2


async def test_a_name_that_deceives_is_not_taken_over(auth: Instance) -> None:
    async with browser(auth) as hers:
        await hers.log_in(FIRST, who="admin,verified")

        assert (await whoami(hers))["name"] == "New user"


async def test_a_provider_that_is_down_is_offered_and_said_to_be_down(today: Town) -> None:
    gone = [RunningProvider("http://127.0.0.1:1"), RunningProvider("http://127.0.0.1:1/x")]
    async with today.instance(identity=both(gone)) as auth:
        stranger = await auth.client()
        shown = (await stranger.get("/v1/auth/oidc")).json()
        answer = await stranger.get("/v1/auth/oidc/first/login")

    assert shown["providers"] == [
        {"name": "first", "title": "First Company"},
        {"name": "second", "title": "Second Company"},
    ]
    assert answer.headers["location"] == "/login#error=provider_unavailable"

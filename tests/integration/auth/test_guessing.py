"""Whoever guesses passwords is slowed down, from wherever; whoever owns the account is not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.integration.auth.living import PASSWORD, Instance, SignedInPerson, Town, registration

Attacked = tuple[Instance, httpx.AsyncClient, list[int]]

WRONG = "correct horse battery maple"
HOME, ABROAD = "198.51.100.1", "203.0.113.77"
PACE_S = 1.0
ONLY_BACKOFF: dict[str, Any] = {"failures_burst": 5_000, "hashes_burst": 5_000}


def network(number: int) -> str:
    return f"10.{number // 250}.{number % 250}.9"


async def logged_in_browser(auth: Instance, *, address: str) -> httpx.AsyncClient:
    """Register Alice with a browser and log out again; return the browser."""
    browser = await auth.client(address=address)
    answer = await browser.post("/v1/auth/register", json=registration("Alice", cookie=True))
    token = answer.json()["access_token"]
    await browser.post("/v1/auth/logout", headers={"authorization": f"Bearer {token}"})
    return browser


async def moved(browser: httpx.AsyncClient, auth: Instance, *, address: str) -> httpx.AsyncClient:
    """Return the same browser in another network."""
    there = await auth.client(address=address)
    there.cookies = browser.cookies
    return there


async def log_in_with(browser: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    body = {"email": "alice@example.org", "password": password, "cookie": True}
    return await browser.post("/v1/auth/login", json=body)


@pytest.fixture(params=[150, pytest.param(1_000, marks=pytest.mark.proof)])
async def attacked(town: Town, request: pytest.FixtureRequest) -> AsyncIterator[Attacked]:
    """An instance where so many networks have guessed Alice's password, one a second, and her
    browser; how the guesses were answered.
    """
    async with town.instance(workers=(), **ONLY_BACKOFF) as auth:
        browser = await logged_in_browser(auth, address=HOME)
        statuses = []
        for number in range(request.param):
            guess = await auth.log_in("alice@example.org", WRONG, address=network(number))
            statuses.append(guess.status_code)
            await town.clock.advance(PACE_S)
        yield auth, browser, statuses


async def test_many_networks_guess_hardly_more_than_one_would(attacked: Attacked) -> None:
    auth, browser, statuses = attacked

    # Five at once, then after 1, 2, 4, 8, 16 and every 30 seconds.
    assert statuses.count(401) <= 5 + 5 + len(statuses) * PACE_S / 30 + 1
    assert statuses.count(401) + statuses.count(429) == len(statuses)
    stranger = await auth.log_in("alice@example.org", address=ABROAD)
    at_home = await auth.log_in("alice@example.org", address=HOME)
    away = await log_in_with(await moved(browser, auth, address=ABROAD))
    assert (stranger.status_code, at_home.status_code, away.status_code) == (429, 200, 200)


async def test_a_browser_that_is_known_may_not_guess_without_end_either(town: Town) -> None:
    async with town.instance(**ONLY_BACKOFF) as auth:
        browser = await logged_in_browser(auth, address=HOME)

        statuses = [(await log_in_with(browser, WRONG)).status_code for _ in range(8)]

    assert statuses == [401] * 5 + [429] * 3


async def test_a_browser_that_others_logged_in_with_is_a_stranger(town: Town) -> None:
    async with town.instance(free_attempts=1, **ONLY_BACKOFF) as auth:
        await auth.register("Alice", address=HOME)
        thief = await auth.client(address=ABROAD)
        await thief.post("/v1/auth/register", json=registration("Bob", cookie=True))
        await auth.log_in("alice@example.org", WRONG, address=network(1))

        answer = await log_in_with(thief)

    assert answer.status_code == 429


async def test_many_accounts_are_guessed_from_one_network_at_its_pace_only(town: Town) -> None:
    async with town.instance(workers=(), failures_burst=20, failures_per_minute=60) as auth:
        alice = await auth.register("Alice", address=HOME)

        statuses = []
        for number in range(200):
            guess = await auth.log_in(f"p{number}@example.org", WRONG, address=ABROAD)
            statuses.append(guess.status_code)
            await town.clock.advance(0.1)

        assert statuses.count(401) <= 20 + 200 * 0.1 + 1
        assert (await auth.log_in(alice.email, address=HOME)).status_code == 200


async def test_one_network_guesses_no_faster_at_several_instances(town: Town) -> None:
    knobs: dict[str, Any] = {"failures_burst": 4, "workers": ()}
    async with (
        town.instance(instance="auth-1", **knobs) as one,
        town.instance(instance="auth-2", **knobs) as other,
        town.instance(instance="auth-3", **knobs) as third,
    ):
        answers = await asyncio.gather(
            *(
                which.log_in(f"p{number}@example.org", WRONG)
                for number, which in enumerate((one, other, third) * 4)
            )
        )

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (4, 8)


async def test_accounts_are_made_no_faster_at_several_instances(town: Town) -> None:
    knobs: dict[str, Any] = {"registrations_burst": 2, "workers": ()}
    async with (
        town.instance(instance="auth-1", **knobs) as one,
        town.instance(instance="auth-2", **knobs) as other,
    ):
        await one.register("Alice")
        await other.register("Bob")
        stranger = await one.client()

        answer = await stranger.post("/v1/auth/register", json=registration("Charlie"))

    assert answer.status_code == 429


@pytest.mark.parametrize(
    "header", ["x-forwarded-for", "x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip"]
)
async def test_who_lies_about_their_address_is_counted_by_the_one_they_have(
    town: Town, header: str
) -> None:
    async with town.instance(failures_burst=1, workers=()) as auth:
        statuses = []
        for number in range(3):
            said = f"for={network(number)}" if header == "forwarded" else network(number)
            liar = await auth.client()
            body = {"email": f"p{number}@example.org", "password": WRONG}
            answer = await liar.post("/v1/auth/login", json=body, headers={header: said})
            statuses.append(answer.status_code)

    assert statuses == [401, 429, 429]


async def test_right_passwords_are_hashed_at_a_pace_too(town: Town) -> None:
    async with town.instance(hashes_burst=3, hashes_per_minute=60, workers=()) as auth:
        alice = await auth.register("Alice", address=HOME)
        auth.hash.asked.clear()

        statuses = [(await auth.log_in(alice.email)).status_code for _ in range(5)]

        assert statuses == [200, 200, 200, 429, 429]
        assert len(auth.hash.asked) == 3
        await town.clock.advance(1.0)
        assert (await auth.log_in(alice.email)).status_code == 200


async def test_a_neighbour_in_the_same_network_of_version_6_is_the_same(
    town: Town, alice: SignedInPerson
) -> None:
    async with town.instance(failures_burst=2, workers=()) as auth:
        statuses = [
            (await auth.log_in("x@example.org", WRONG, address=f"2001:db8::{n:x}")).status_code
            for n in range(1, 5)
        ]

    assert statuses == [401, 401, 429, 429]

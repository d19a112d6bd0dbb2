"""The way in: log-ins that wait for their second factor, and what a log-in leaves behind."""

import asyncio

import pytest

from tests.integration.auth.living import PASSWORD, Instance, SignedInPerson, Town
from tests.integration.auth.proving import App, acts, challenge_of, finish, letters

ELSEWHERE = "203.0.113.9"
CURL = "curl/8.7"


@pytest.fixture
async def app(alice: SignedInPerson, town: Town) -> App:
    """The authenticator app that Alice has added."""
    return await App.of(alice, town)


class TestChallenges:
    async def test_a_challenge_is_good_once(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        challenge = await challenge_of(auth, alice)

        answers = await asyncio.gather(
            *(finish(auth, challenge, code=code) for code in app.recovery_codes[:4])
        )

        assert [answer.status_code for answer in answers].count(200) == 1

    async def test_it_is_not_used_up_by_a_mistake(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        challenge = await challenge_of(auth, alice, cookie=True)

        wrong = await finish(auth, challenge, code="000000")
        right = await finish(auth, challenge, code=await app.next_code())

        assert (wrong.status_code, right.status_code) == (403, 200)
        assert "refresh_token" not in right.json()
        assert "hubbub_refresh" in right.cookies
        assert await acts(auth, "login.failed") == ["refused"]

    async def test_it_is_good_for_five_minutes(
        self, auth: Instance, alice: SignedInPerson, app: App, town: Town
    ) -> None:
        challenge = await challenge_of(auth, alice)
        await town.clock.advance(300.0)

        late = await finish(auth, challenge, code=app.code())

        assert (late.status_code, late.json()["code"]) == (401, "challenge_expired")

    async def test_it_is_the_clients_that_got_it(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        body = {"challenge": await challenge_of(auth, alice), "code": await app.next_code()}
        other = await auth.client(user_agent=CURL)

        assert (await other.post("/v1/auth/login/second-factor", json=body)).status_code == 401

    async def test_it_dies_with_the_password_that_opened_it(
        self, auth: Instance, alice: SignedInPerson, app: App, town: Town
    ) -> None:
        challenge = await challenge_of(auth, alice)
        await town.clock.advance(30.0)
        change = "UPDATE credential SET changed_at = to_timestamp($1::float8)"
        await auth.database.execute(change, town.clock.now())

        answer = await finish(auth, challenge, code=app.code())

        assert answer.json()["code"] == "challenge_expired"

    async def test_what_is_stored_opens_nothing(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        challenge = await challenge_of(auth, alice)
        (row,) = await auth.database.fetch("SELECT token_hash, account_id FROM login_challenge")

        stolen = await finish(auth, row["token_hash"].hex(), code=await app.next_code())

        assert challenge.encode() not in row["token_hash"]
        assert (stolen.status_code, stolen.json()["code"]) == (401, "challenge_expired")

    async def test_it_is_no_access_token(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        bearer = await auth.bearing(await challenge_of(auth, alice))

        assert (await bearer.get("/v1/me")).status_code == 401

    async def test_another_instance_goes_on_with_it(self, town: Town) -> None:
        async with town.instance(instance="one") as one, town.instance(instance="two") as other:
            alice = await one.register("Alice")
            app = await App.of(alice, town)
            challenge = await challenge_of(one, alice)

            assert (await finish(other, challenge, code=await app.next_code())).status_code == 200

    async def test_an_account_that_was_disabled_meanwhile_stays_shut(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        challenge = await challenge_of(auth, alice)
        await auth.database.execute("UPDATE account SET disabled_at = now()")

        answer = await finish(auth, challenge, code=await app.next_code())

        assert (answer.status_code, answer.json()["code"]) == (403, "account_disabled")

    async def test_guessing_them_is_slowed_down(self, town: Town) -> None:
        async with town.instance(proofs_burst=3) as auth:
            answers = [await finish(auth, f"guess {n}", code="000000") for n in range(5)]

        assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 2


class TestNewPlaces:
    async def test_a_log_in_from_a_new_place_is_told_to_its_owner_once(
        self, auth: Instance, alice: SignedInPerson
    ) -> None:
        await auth.log_in(alice.email, address=ELSEWHERE)
        await auth.database.execute("DELETE FROM session")
        await auth.log_in(alice.email, address=ELSEWHERE)

        assert await letters(auth, "new_device") == [alice.email]
        assert await acts(auth, "session.opened") == ["done"] * 2

    async def test_a_known_network_is_no_news(self, auth: Instance, alice: SignedInPerson) -> None:
        other_device = await auth.client(user_agent=CURL)
        body = {"email": alice.email, "password": PASSWORD}

        assert (await other_device.post("/v1/auth/login", json=body)).status_code == 200
        assert await letters(auth, "new_device") == []

    async def test_a_browser_is_known_wherever_it_is_taken(
        self, auth: Instance, alice: SignedInPerson
    ) -> None:
        body = {"email": alice.email, "password": PASSWORD, "cookie": True}
        browser = await auth.client()
        await browser.post("/v1/auth/login", json=body)
        taken_along = await auth.client(address=ELSEWHERE)
        taken_along.cookies.update(browser.cookies)

        assert (await taken_along.post("/v1/auth/login", json=body)).status_code == 200
        assert await letters(auth, "new_device") == []

    async def test_nothing_that_is_kept_is_an_address(
        self, auth: Instance, alice: SignedInPerson
    ) -> None:
        await auth.log_in(alice.email)

        (row,) = await auth.database.fetch("SELECT known_place::text AS text FROM known_place")
        assert "192.0.2" not in row["text"]

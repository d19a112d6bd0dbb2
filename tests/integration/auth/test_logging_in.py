"""Logging in: who gets in, and how wrong guesses are slowed down."""

import asyncio

import pytest

from services.auth.api.hashing import argon2id
from services.auth.settings.general import AuthSettings
from tests.integration.auth.living import ORIGIN, PASSWORD, Instance, SignedInPerson, Town

WRONG = "correct horse battery maple"


async def test_the_right_password_opens_another_session(
    auth: Instance, alice: SignedInPerson
) -> None:
    answer = await auth.log_in(alice.email)

    said = answer.json()
    assert answer.status_code == 200
    assert said.keys() == {"user", "access_token", "expires_in", "refresh_token"}
    assert said["user"]["id"] == alice.id
    assert len((await alice.get("/v1/auth/sessions")).json()["items"]) == 2


@pytest.mark.parametrize("email", ["ALICE@EXAMPLE.ORG", " alice@example.org "])
async def test_the_address_may_be_spelt_otherwise(
    auth: Instance, alice: SignedInPerson, email: str
) -> None:
    assert (await auth.log_in(email)).status_code == 200


async def test_an_unknown_address_and_a_wrong_password_hear_the_same(
    auth: Instance, alice: SignedInPerson
) -> None:
    auth.hash.asked.clear()

    wrong = await auth.log_in(alice.email, WRONG)
    asked_for_wrong = len(auth.hash.asked)
    unknown = await auth.log_in("nobody@example.org", WRONG)

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "invalid_credentials"
    assert wrong.headers.keys() == unknown.headers.keys()
    # The hash is what takes time; that each of them pays for one is more than a clock could show.
    assert (asked_for_wrong, len(auth.hash.asked)) == (1, 2)


async def test_what_is_no_address_is_merely_unknown(auth: Instance) -> None:
    for email in ("", "alice", "'; DROP TABLE account; --", "%", "a" * 1_024):
        assert (await auth.log_in(email)).json()["code"] == "invalid_credentials"


async def test_a_body_that_does_not_fit_is_refused(auth: Instance) -> None:
    stranger = await auth.client()
    fits: dict[str, object] = {"email": "alice@example.org", "password": PASSWORD}
    bodies: list[dict[str, object]] = [
        {},
        {"email": "alice@example.org"},
        fits | {"user_id": "x"},
        fits | {"email": ["alice@example.org"]},
        fits | {"password": "x" * 1_025},
        fits | {"device": "\u202e"},
        fits | {"cookie": "yes"},
    ]

    for body in bodies:
        assert (await stranger.post("/v1/auth/login", json=body)).status_code == 422


async def test_after_some_wrong_passwords_an_account_rests(town: Town) -> None:
    async with town.instance(free_attempts=3, failures_burst=100) as auth:
        alice = await auth.register("Alice", address="198.51.100.1")
        for _ in range(3):
            await auth.log_in(alice.email, WRONG)

        resting = await auth.log_in(alice.email)
        await town.clock.advance(1.0)
        awake = await auth.log_in(alice.email)

    assert resting.status_code == 429
    assert resting.json()["code"] == "rate_limited"
    assert resting.json()["retry_after_ms"] == 1_001
    assert awake.status_code == 200


async def test_nothing_is_hashed_while_an_account_rests(town: Town) -> None:
    async with town.instance(free_attempts=1, failures_burst=100) as auth:
        await auth.log_in("nobody@example.org", WRONG)
        auth.hash.asked.clear()

        await auth.log_in("nobody@example.org", WRONG)

        assert auth.hash.asked == []


async def test_an_account_that_does_not_exist_rests_like_one_that_does(town: Town) -> None:
    async with town.instance(free_attempts=2, failures_burst=100) as auth:
        alice = await auth.register("Alice", address="198.51.100.1")

        known = [await auth.log_in(alice.email, WRONG) for _ in range(3)]
        unknown = [await auth.log_in("nobody@example.org", WRONG) for _ in range(3)]

    assert [answer.status_code for answer in known] == [401, 401, 429]
    assert [answer.json() for answer in known] == [answer.json() for answer in unknown]


async def test_guessing_from_everywhere_at_once_is_counted(town: Town) -> None:
    async with town.instance(free_attempts=5, failures_burst=100) as auth:
        alice = await auth.register("Alice", address="198.51.100.1")

        answers = await asyncio.gather(
            *(auth.log_in(alice.email, WRONG, address=f"192.0.2.{n}") for n in range(50))
        )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [401] * 5 + [429] * 45


async def test_many_right_passwords_at_once_are_all_right(town: Town) -> None:
    async with town.instance(free_attempts=3) as auth:
        alice = await auth.register("Alice")

        answers = await asyncio.gather(*(auth.log_in(alice.email) for _ in range(30)))

    assert {answer.status_code for answer in answers} == {200}


async def test_two_instances_count_together(town: Town) -> None:
    async with (
        town.instance(free_attempts=2, instance="auth-1") as one,
        town.instance(free_attempts=2, instance="auth-2") as other,
    ):
        await one.log_in("alice@example.org", WRONG)
        await other.log_in("alice@example.org", WRONG)

        assert (await one.log_in("alice@example.org", WRONG)).status_code == 429
        assert (await other.log_in("alice@example.org", WRONG)).status_code == 429


async def test_the_right_password_wipes_the_count(town: Town) -> None:
    async with town.instance(free_attempts=2, failures_burst=100) as auth:
        alice = await auth.register("Alice")
        for _ in range(3):
            assert (await auth.log_in(alice.email, WRONG)).status_code == 401
            assert (await auth.log_in(alice.email)).status_code == 200


async def test_a_guesser_elsewhere_does_not_make_the_owner_wait(town: Town) -> None:
    async with town.instance(free_attempts=2, failures_burst=100) as auth:
        alice = await auth.register("Alice", address="192.0.2.1")
        for _ in range(5):
            await auth.log_in(alice.email, WRONG, address="198.51.100.66")

        guesser = await auth.log_in(alice.email, address="198.51.100.66")
        owner = await auth.log_in(alice.email, address="192.0.2.1")

    assert guesser.status_code == 429
    assert owner.status_code == 200


async def test_many_accounts_guessed_from_one_network_are_slowed_down(town: Town) -> None:
    async with town.instance(failures_burst=3, failures_per_minute=6) as auth:
        alice = await auth.register("Alice")
        for n in range(3):
            assert (await auth.log_in(f"p{n}@example.org", WRONG)).status_code == 401

        resting = await auth.log_in(alice.email)
        elsewhere = await auth.log_in(alice.email, address="198.51.100.1")
        await town.clock.advance(10.0)
        later = await auth.log_in(alice.email)

    assert (resting.status_code, resting.json()["retry_after_ms"]) == (429, 10_000)
    assert elsewhere.status_code == 200
    assert later.status_code == 200


async def test_right_passwords_do_not_use_up_the_limit_of_a_network(town: Town) -> None:
    async with town.instance(failures_burst=2) as auth:
        alice = await auth.register("Alice")
        for _ in range(10):
            assert (await auth.log_in(alice.email)).status_code == 200


async def test_a_full_queue_does_not_count_as_a_failure_of_the_network(town: Town) -> None:
    async with town.instance(hash_queue=1, hash_threads=1, failures_burst=2) as auth:
        alice = await auth.register("Alice")
        await auth.hash.waits_for_gate()  # her registration's own hash, which has passed
        auth.hash.gate.clear()
        first = asyncio.create_task(auth.log_in(alice.email))
        await auth.hash.waits_for_gate()
        busy = [await auth.log_in("bob@example.org") for _ in range(4)]
        auth.hash.gate.set()

        assert {answer.status_code for answer in busy} == {503}
        assert (await first).status_code == 200
        assert (await auth.log_in(alice.email)).status_code == 200


async def test_a_hash_made_with_older_parameters_is_replaced(town: Town) -> None:
    async with town.instance() as auth:
        alice = await auth.register("Alice")
        auth.hash.version = 2

        await auth.log_in(alice.email, WRONG)
        unchanged = await auth.database.fetchval("SELECT secret_hash FROM credential")
        await auth.log_in(alice.email)
        renewed = await auth.database.fetchval("SELECT secret_hash FROM credential")

    assert unchanged == f"v1:{PASSWORD}"
    assert renewed == f"v2:{PASSWORD}"


async def test_under_load_an_outdated_hash_waits_for_another_time(town: Town) -> None:
    async with town.instance(hash_timeout_s=0.2) as auth:
        alice = await auth.register("Alice")
        auth.hash.version = 2
        auth.hash.new_hashes.clear()

        answer = await auth.log_in(alice.email)
        auth.hash.new_hashes.set()

    assert answer.status_code == 200


async def test_a_real_hash_lets_in_the_right_password_only(town: Town) -> None:
    settings = AuthSettings.model_validate({"secret": "s" * 32, "public_url": ORIGIN})
    async with town.instance(slow_hash=argon2id(settings)) as auth:
        alice = await auth.register("Alice")

        assert (await auth.log_in(alice.email, WRONG)).status_code == 401
        assert (await auth.log_in(alice.email)).status_code == 200
        stored = await auth.database.fetchval("SELECT secret_hash FROM credential")
        assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_the_loop_answers_others_while_thirty_log_in(auth: Instance) -> None:
    people = await asyncio.gather(*(auth.register(f"p{number}") for number in range(30)))
    auth.hash.gate.clear()
    logging_in = [asyncio.create_task(auth.log_in(person.email)) for person in people]
    await auth.hash.waits_for_gate()

    # Every hash is held back now; were one of them on the loop, this would never be answered.
    answers = [await person.get("/v1/me") for person in people]
    is_any_done = any(task.done() for task in logging_in)
    auth.hash.gate.set()
    logged_in = await asyncio.gather(*logging_in)

    assert {answer.status_code for answer in answers} == {200}
    assert not is_any_done
    assert {answer.status_code for answer in logged_in} == {200}


async def test_outcomes_are_counted(auth: Instance, alice: SignedInPerson) -> None:
    await auth.log_in(alice.email)
    await auth.log_in(alice.email, WRONG)

    assert auth.metric("logins_total", outcome="admitted") == 1
    assert auth.metric("logins_total", outcome="wrong_credentials") == 1


async def test_one_more_session_than_allowed_ends_the_one_unused_longest(town: Town) -> None:
    async with town.instance(max_sessions=2) as auth:
        alice = await auth.register("Alice")
        await town.clock.advance(5.0)
        second = (await auth.log_in(alice.email)).json()
        await town.clock.advance(5.0)

        third = (await auth.log_in(alice.email)).json()

        assert (await alice.get("/v1/me")).json()["code"] == "session_revoked"
        assert (await auth.refresh(alice.refresh_token)).json()["code"] == "session_revoked"
        for said in (second, third):
            assert (await auth.refresh(said["refresh_token"])).status_code == 200

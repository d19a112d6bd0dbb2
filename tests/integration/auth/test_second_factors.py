"""Authenticator apps and recovery codes: who gets in with them, and how often."""

import asyncio

import pytest

from services.auth.core.factors.totp import STEP_S, code_at
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.proving import (
    App,
    acts,
    challenge_of,
    finish,
    letters,
    log_in_with_code,
    offered,
    step_now,
)


@pytest.fixture
async def app(alice: SignedInPerson, town: Town) -> App:
    """The authenticator app that Alice has added."""
    return await App.of(alice, town)


async def test_who_has_none_can_neither_remove_it_nor_lose_it(bob: SignedInPerson) -> None:
    codes = await bob.post("/v1/auth/recovery-codes")

    assert (codes.status_code, codes.json()["code"]) == (409, "no_second_factor")
    assert (await bob.client.delete("/v1/auth/totp")).status_code == 404
    assert (await bob.get("/v1/auth/second-factors")).json() == {
        "totp": False,
        "recovery_codes_left": 0,
        "passkeys": [],
        "passkeys_available": False,
    }


async def test_an_app_is_offered_and_not_asked_for_before_it_was_confirmed(
    auth: Instance, alice: SignedInPerson
) -> None:
    said = (await alice.post("/v1/auth/totp")).json()

    assert said["uri"].startswith("otpauth://totp/127.0.0.1:alice@example.org?")
    assert f"secret={said['secret']}" in said["uri"]
    assert (await auth.log_in(alice.email)).status_code == 200


async def test_a_log_in_needs_the_code_after_the_password(
    auth: Instance, alice: SignedInPerson, app: App
) -> None:
    first = await auth.log_in(alice.email, device="Phone")
    second = await finish(auth, first.json()["challenge"], code=await app.next_code())

    assert first.status_code == 401
    assert first.json()["code"] == "second_factor_required"
    assert first.json()["methods"] == ["totp", "recovery"]
    assert "access_token" not in first.json()
    assert second.status_code == 200
    sessions = (await alice.get("/v1/auth/sessions")).json()["items"]
    (phone,) = [session for session in sessions if session["name"] == "Phone"]
    assert phone["proved_by"] == ["password", "totp"]


async def test_a_code_is_good_once(auth: Instance, alice: SignedInPerson, app: App) -> None:
    confirming = await log_in_with_code(auth, alice, app.code())
    code = await app.next_code()

    first = await log_in_with_code(auth, alice, code)
    again = await log_in_with_code(auth, alice, code)

    assert (confirming.status_code, first.status_code) == (403, 200)
    assert (again.status_code, again.json()["code"]) == (403, "invalid_code")


async def test_many_at_once_with_the_same_code_are_one(
    town: Town, alice: SignedInPerson, auth: Instance, app: App
) -> None:
    code = await app.next_code()
    challenges = [await challenge_of(auth, alice) for _ in range(20)]

    answers = await asyncio.gather(*(finish(auth, one, code=code) for one in challenges))

    assert [answer.status_code for answer in answers].count(200) == 1


async def test_two_instances_take_a_code_once(town: Town) -> None:
    async with town.instance(instance="auth-1") as one, town.instance(instance="auth-2") as other:
        alice = await one.register("Alice")
        app = await App.of(alice, town)
        code = await app.next_code()
        challenges = [await challenge_of(auth, alice) for auth in (one, other)]

        answers = await asyncio.gather(
            *(
                finish(auth, challenge, code=code)
                for auth, challenge in zip((one, other), challenges, strict=True)
            )
        )

    assert sorted(answer.status_code for answer in answers) == [200, 403]


async def test_a_code_of_another_time_is_refused(
    auth: Instance, alice: SignedInPerson, app: App, town: Town
) -> None:
    await town.clock.advance(10 * STEP_S)

    for steps in (-3, -2, 2, 3):
        assert (await log_in_with_code(auth, alice, app.code(steps=steps))).status_code == 403


async def test_after_wrong_codes_no_code_is_taken_for_a_while(
    auth: Instance, alice: SignedInPerson, app: App, town: Town
) -> None:
    await town.clock.advance(10 * STEP_S)
    # A new challenge does not bring new guesses.
    wrong = [
        await log_in_with_code(auth, alice, app.code(steps=9), address="203.0.113.9")
        for _ in range(7)
    ]

    resting = await log_in_with_code(auth, alice, app.code(), address="203.0.113.9")
    owner = await log_in_with_code(auth, alice, app.code())

    assert [answer.status_code for answer in wrong] == [403] * 5 + [429] * 2
    assert resting.status_code == 429
    # From where she was before, the guesser elsewhere does not make her wait.
    assert owner.status_code == 200


async def test_all_guesses_at_once_are_counted(
    auth: Instance, alice: SignedInPerson, app: App
) -> None:
    challenge = await challenge_of(auth, alice)

    answers = await asyncio.gather(
        *(finish(auth, challenge, code=f"{guess:06}") for guess in range(40))
    )

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(429) >= 35
    assert 200 not in statuses


async def test_a_new_phone_takes_the_place_of_the_old_one(
    auth: Instance, alice: SignedInPerson, app: App, town: Town
) -> None:
    await town.clock.advance(STEP_S)
    new = await App.of(alice, town)

    old = await log_in_with_code(auth, alice, app.code(steps=1))
    await town.clock.advance(STEP_S)

    assert old.status_code == 403
    assert (await log_in_with_code(auth, alice, new.code())).status_code == 200
    assert (await log_in_with_code(auth, alice, app.recovery_codes[0])).status_code == 403


async def test_an_offer_waits_ten_minutes(town: Town) -> None:
    async with town.instance(proof_life_s=3_600) as auth:
        alice = await auth.register("Alice")
        seed = await offered(alice)
        await town.clock.advance(601.0)

        answer = await alice.post(
            "/v1/auth/totp/confirm", json={"code": code_at(seed, step_now(town))}
        )

    assert (answer.status_code, answer.json()["code"]) == (403, "invalid_code")


async def test_an_app_is_not_confirmed_by_a_wrong_code(alice: SignedInPerson, town: Town) -> None:
    seed = await offered(alice)

    for code in (code_at(seed, step_now(town) + 5), "", "x", "000000 ", "१२३४५६"):
        answer = await alice.post("/v1/auth/totp/confirm", json={"code": code})
        assert answer.json()["code"] == "invalid_code"

    assert not (await alice.get("/v1/auth/second-factors")).json()["totp"]


async def test_nothing_that_is_stored_makes_codes(auth: Instance, app: App) -> None:
    (row,) = await auth.database.fetch("SELECT totp::text AS row FROM totp")
    hashes = await auth.database.fetch("SELECT code_hash FROM recovery_code")

    assert app.seed.hex() not in row["row"]
    assert not any(
        code.encode() in row["code_hash"] for row in hashes for code in app.recovery_codes
    )


async def test_the_seed_of_one_account_is_nothing_in_another(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson, app: App, town: Town
) -> None:
    of_bob = await App.of(bob, town)
    await town.clock.advance(STEP_S)
    swap = "UPDATE totp SET sealed = (SELECT sealed FROM totp WHERE account_id = $1)"
    await auth.database.execute(swap, bob.id)

    assert (await log_in_with_code(auth, alice, of_bob.code())).status_code == 403


class TestRecoveryCodes:
    async def test_ten_are_shown_once(self, alice: SignedInPerson, app: App) -> None:
        shown = (await alice.get("/v1/auth/second-factors")).json()

        assert len(set(app.recovery_codes)) == shown["recovery_codes_left"] == 10
        assert not any(code in str(shown) for code in app.recovery_codes)

    async def test_each_opens_the_account_once_and_its_owner_hears_of_it(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        code = app.recovery_codes[3]

        first = await log_in_with_code(auth, alice, code.upper().replace("-", " "))
        again = await log_in_with_code(auth, alice, code)

        assert (first.status_code, again.status_code) == (200, 403)
        assert (await alice.get("/v1/auth/second-factors")).json()["recovery_codes_left"] == 9
        assert await letters(auth, "second_factor_changed") == [alice.email] * 2
        assert await acts(auth, "recovery_code.used") == ["done"]

    async def test_many_with_the_same_code_are_one(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        challenges = [await challenge_of(auth, alice) for _ in range(5)]

        answers = await asyncio.gather(
            *(finish(auth, one, code=app.recovery_codes[0]) for one in challenges)
        )

        assert sorted(answer.status_code for answer in answers) == [200, 403, 403, 403, 403]

    async def test_those_of_others_are_wrong(
        self, auth: Instance, alice: SignedInPerson, bob: SignedInPerson, app: App, town: Town
    ) -> None:
        of_bob = await App.of(bob, town)

        assert (await log_in_with_code(auth, alice, of_bob.recovery_codes[0])).status_code == 403

    async def test_a_new_set_voids_the_old_one(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        answer = await alice.post("/v1/auth/recovery-codes")

        (new, *_) = answer.json()["recovery_codes"]
        assert (await log_in_with_code(auth, alice, app.recovery_codes[0])).status_code == 403
        assert (await log_in_with_code(auth, alice, new)).status_code == 200


class TestRemoving:
    async def test_after_the_last_one_the_password_is_enough(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        answer = await alice.client.delete("/v1/auth/totp")

        assert answer.status_code == 204
        assert (await auth.log_in(alice.email)).status_code == 200
        shown = (await alice.get("/v1/auth/second-factors")).json()
        assert (shown["totp"], shown["recovery_codes_left"]) == (False, 0)

    async def test_every_change_is_told_to_the_owner_and_the_log(
        self, auth: Instance, alice: SignedInPerson, app: App
    ) -> None:
        await alice.post("/v1/auth/recovery-codes")
        await alice.client.delete("/v1/auth/totp")

        assert await letters(auth, "second_factor_changed") == [alice.email] * 3
        for kind in ("totp.added", "recovery_codes.made", "totp.removed"):
            assert await acts(auth, kind) == ["done"]


async def test_nobody_but_the_owner_is_told_of_them(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson, app: App
) -> None:
    await auth.database.execute("UPDATE account SET system_role = 'owner' WHERE id = $1", bob.id)

    for path in ("/v1/users", f"/v1/users/{alice.id}", "/v1/admin/users"):
        said = (await bob.get(path)).text
        assert "totp" not in said
        assert "recovery" not in said
        assert "passkey" not in said


async def test_a_stranger_cannot_touch_them(auth: Instance) -> None:
    stranger = await auth.client()

    assert (await stranger.get("/v1/auth/second-factors")).status_code == 401
    assert (await stranger.delete("/v1/auth/totp")).status_code == 401
    for path in (
        *("totp", "totp/confirm", "recovery-codes", "passkeys/options", "passkeys"),
        *("step-up", "step-up/passkey"),
    ):
        assert (await stranger.post(f"/v1/auth/{path}")).status_code == 401, path

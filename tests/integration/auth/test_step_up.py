"""Sensitive changes: a stolen access token, or an old session, is not enough for them."""

from tests.integration.auth.living import PASSWORD, Instance, SignedInPerson, Town
from tests.integration.auth.proving import (
    SITE,
    App,
    acts,
    add_passkey,
    log_in_with_code,
    signed_by,
)
from tests.support.authenticator import Passkey

LATER_S = 601.0
STEP_UP = "/v1/auth/step-up"

SENSITIVE = [
    ("POST", "/v1/auth/totp"),
    ("POST", "/v1/auth/totp/confirm"),
    ("DELETE", "/v1/auth/totp"),
    ("POST", "/v1/auth/recovery-codes"),
    ("POST", "/v1/auth/passkeys/options"),
    ("DELETE", "/v1/auth/passkeys/00000000-0000-0000-0000-000000000000"),
]


async def refusals(person: SignedInPerson) -> set[str]:
    """Return what somebody hears who tries all sensitive changes."""
    bodies = {"/v1/auth/totp/confirm": {"code": "000000"}}
    return {
        (await person.client.request(method, path, json=bodies.get(path))).json()["code"]
        for method, path in SENSITIVE
    }


async def test_an_old_session_is_asked_for_a_proof(
    auth: Instance, alice: SignedInPerson, town: Town
) -> None:
    await town.clock.advance(LATER_S)
    renewed = (await auth.refresh(alice.refresh_token)).json()["access_token"]

    answer = await alice.post("/v1/auth/totp")
    after_refresh = await (await auth.bearing(renewed)).post("/v1/auth/totp")

    assert answer.status_code == 403
    assert answer.json() == {
        "code": "step_up_required",
        "message": "Prove once more that it is you.",
        "retryable": False,
        "methods": ["password"],
    }
    assert after_refresh.json()["code"] == "step_up_required"
    assert await refusals(alice) == {"step_up_required"}


async def test_the_password_proves_it_for_ten_minutes(
    auth: Instance, alice: SignedInPerson, town: Town
) -> None:
    await town.clock.advance(LATER_S)
    proved = await alice.post(STEP_UP, json={"password": PASSWORD})
    first = await alice.post("/v1/auth/totp")
    renewed = (await auth.refresh(alice.refresh_token)).json()["access_token"]
    await town.clock.advance(LATER_S)

    later = await (await auth.bearing(renewed)).post("/v1/auth/totp")

    assert (proved.status_code, proved.content) == (204, b"")
    assert (first.status_code, later.status_code) == (200, 403)
    assert await acts(auth, "session.proved") == ["done"]


async def test_the_proof_of_one_session_is_none_for_another(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson, town: Town
) -> None:
    await town.clock.advance(LATER_S)
    await auth.log_in(alice.email)
    await bob.post(STEP_UP, json={"password": PASSWORD})

    assert (await alice.post("/v1/auth/totp")).status_code == 403


async def test_a_wrong_password_proves_nothing_and_is_counted(
    auth: Instance, alice: SignedInPerson, town: Town
) -> None:
    await town.clock.advance(LATER_S)

    bodies: list[dict[str, object]] = [
        {},
        {"password": PASSWORD, "code": "123456"},
        {"password": None},
        {"password": PASSWORD, "user_id": "x"},
    ]
    unclear = [await alice.post(STEP_UP, json=body) for body in bodies]

    answers = [await alice.post(STEP_UP, json={"password": f"wrong {n}"}) for n in range(7)]

    assert [answer.status_code for answer in answers] == [403] * 5 + [429] * 2
    assert {answer.status_code for answer in unclear} == {422}
    assert answers[0].json()["code"] == "invalid_password"
    assert (await alice.post("/v1/auth/totp")).status_code == 403
    assert await acts(auth, "proof.refused") == ["refused"] * 5


async def test_where_there_is_a_second_factor_the_password_is_not_enough(
    alice: SignedInPerson, town: Town
) -> None:
    app = await App.of(alice, town)
    await town.clock.advance(LATER_S)

    by_password = await alice.post(STEP_UP, json={"password": PASSWORD})
    by_wrong_code = await alice.post(STEP_UP, json={"code": app.code(steps=5)})
    by_code = await alice.post(STEP_UP, json={"code": app.code()})

    assert by_password.json()["code"] == "step_up_required"
    assert by_password.json()["methods"] == ["totp", "recovery"]
    assert by_wrong_code.json()["code"] == "invalid_code"
    assert by_code.status_code == 204
    assert (await alice.client.delete("/v1/auth/totp")).status_code == 204


async def test_the_last_second_factor_does_not_go_without_a_proof(
    auth: Instance, alice: SignedInPerson, town: Town
) -> None:
    app = await App.of(alice, town)
    await town.clock.advance(LATER_S)

    removed = await alice.client.delete("/v1/auth/totp")

    assert (removed.status_code, removed.json()["code"]) == (403, "step_up_required")
    assert (await log_in_with_code(auth, alice, app.code())).status_code == 200


async def test_a_recovery_code_proves_it_once(alice: SignedInPerson, town: Town) -> None:
    app = await App.of(alice, town)
    await town.clock.advance(LATER_S)
    (code, *_) = app.recovery_codes

    answers = [await alice.post(STEP_UP, json={"code": code}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [204, 403]


async def test_a_passkey_proves_it(town: Town) -> None:
    async with town.instance(public_url=SITE) as auth:
        alice = await auth.register("Alice")
        phone = Passkey(origin=SITE, credential_id=b"phone")
        await add_passkey(alice, phone)
        await town.clock.advance(LATER_S)
        answer = await signed_by(alice.client, f"{STEP_UP}/passkey", phone)

        proved = await alice.post(STEP_UP, json={"passkey": answer})
        again = await alice.post(STEP_UP, json={"passkey": answer})

        assert (proved.status_code, again.status_code) == (204, 403)
        assert (await alice.post("/v1/auth/totp")).status_code == 200


async def test_a_new_second_factor_outdates_what_other_sessions_proved(
    auth: Instance, alice: SignedInPerson, town: Town
) -> None:
    thief = await auth.bearing((await auth.log_in(alice.email)).json()["access_token"])

    await App.of(alice, town)

    answer = await thief.delete("/v1/auth/totp")
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")

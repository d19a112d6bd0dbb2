"""Passkeys: as log-in, as second factor, and those that are refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.proving import (
    SITE,
    App,
    acts,
    add_passkey,
    challenge_of,
    finish,
    letters,
    log_in_by_passkey,
    signed_by,
)
from tests.support.authenticator import PRESENT, Passkey

OPTIONS = "/v1/auth/login/passkey/options"
SECOND = "/v1/auth/login/second-factor/passkey"


@pytest.fixture
async def auth(town: Town) -> AsyncIterator[Instance]:
    """One instance, at an address where browsers offer passkeys."""
    async with town.instance(public_url=SITE) as instance:
        yield instance


@pytest.fixture
async def phone(alice: SignedInPerson) -> Passkey:
    """The passkey that Alice has added."""
    passkey = Passkey(origin=SITE, credential_id=b"phone of alice")
    added = await add_passkey(alice, passkey)
    assert added.status_code == 201, added.text
    return passkey


async def test_the_first_one_comes_with_recovery_codes(alice: SignedInPerson, town: Town) -> None:
    first = await add_passkey(alice, Passkey(origin=SITE, credential_id=b"phone"))
    await town.clock.advance(1.0)
    second = await add_passkey(alice, Passkey(origin=SITE, credential_id=b"key"), name="Key")

    assert len(first.json()["recovery_codes"]) == 10
    assert second.json()["recovery_codes"] is None
    shown = (await alice.get("/v1/auth/second-factors")).json()
    assert [passkey["name"] for passkey in shown["passkeys"]] == ["Phone", "Key"]
    assert shown["passkeys"][0].keys() == {"id", "name", "created_at", "last_used_at"}
    assert shown["passkeys_available"] is True


async def test_a_passkey_logs_in_without_address_and_password(
    auth: Instance, alice: SignedInPerson, phone: Passkey, town: Town
) -> None:
    await App.of(alice, town)

    answer = await log_in_by_passkey(auth, phone, device="Tablet")

    assert answer.status_code == 200
    assert answer.json()["user"]["id"] == alice.id
    sessions = (await alice.get("/v1/auth/sessions")).json()["items"]
    (tablet,) = [session for session in sessions if session["name"] == "Tablet"]
    assert tablet["proved_by"] == ["passkey"]
    (shown,) = (await alice.get("/v1/auth/second-factors")).json()["passkeys"]
    assert shown["last_used_at"] is not None


async def test_a_passkey_is_a_second_factor_after_the_password(
    auth: Instance, alice: SignedInPerson, phone: Passkey
) -> None:
    stranger = await auth.client()
    refused = await auth.log_in(alice.email)
    challenge = refused.json()["challenge"]
    answer = await signed_by(stranger, SECOND, phone, challenge=challenge)

    finished = await finish(auth, challenge, passkey=answer)

    assert refused.json()["methods"] == ["passkey", "recovery"]
    assert finished.status_code == 200


async def test_an_answer_is_good_once(auth: Instance, phone: Passkey) -> None:
    stranger = await auth.client()
    answer = await signed_by(stranger, OPTIONS, phone)

    answers = await asyncio.gather(
        *(stranger.post("/v1/auth/login/passkey", json=answer) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [200, *[403] * 9]
    assert await acts(auth, "login.failed") == ["refused"] * 9


async def test_an_answer_that_comes_late_is_refused(
    auth: Instance, phone: Passkey, town: Town
) -> None:
    stranger = await auth.client()
    answer = await signed_by(stranger, OPTIONS, phone)
    await town.clock.advance(300.0)

    late = await stranger.post("/v1/auth/login/passkey", json=answer)

    assert (late.status_code, late.json()["code"]) == (403, "passkey_refused")


async def test_an_answer_to_one_question_is_none_to_another(
    auth: Instance, alice: SignedInPerson, phone: Passkey
) -> None:
    challenge = await challenge_of(auth, alice)
    of_login = await signed_by(await auth.client(), OPTIONS, phone)
    of_step_up = await signed_by(alice.client, "/v1/auth/step-up/passkey", phone)
    stranger = await auth.client()

    second = await finish(auth, challenge, passkey=of_login)
    first = await stranger.post("/v1/auth/login/passkey", json=of_step_up)

    assert (second.status_code, first.status_code) == (403, 403)


async def test_the_passkey_of_another_proves_nothing_here(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson, phone: Passkey
) -> None:
    of_bob = Passkey(origin=SITE, credential_id=b"phone of bob")
    await add_passkey(bob, of_bob)
    challenge = await challenge_of(auth, alice)
    answer = await signed_by(await auth.client(), SECOND, of_bob, challenge=challenge)

    refused = await finish(auth, challenge, passkey=answer)

    assert (refused.status_code, refused.json()["code"]) == (403, "passkey_refused")


async def test_a_copy_is_found_by_its_count(auth: Instance, phone: Passkey) -> None:
    await log_in_by_passkey(auth, phone)
    await log_in_by_passkey(auth, phone)
    phone.count = 0

    copied = await log_in_by_passkey(auth, phone)

    assert (copied.status_code, copied.json()["code"]) == (403, "passkey_refused")


async def test_a_passkey_that_never_counts_logs_in_again_and_again(
    auth: Instance, alice: SignedInPerson
) -> None:
    synced = Passkey(origin=SITE, credential_id=b"synced", step=0)
    await add_passkey(alice, synced)

    assert {(await log_in_by_passkey(auth, synced)).status_code for _ in range(3)} == {200}


async def test_answers_that_are_not_from_our_page_are_refused(
    auth: Instance, alice: SignedInPerson, phone: Passkey
) -> None:
    for what, value in (
        ("origin", "https://evil.example"),
        ("host", "evil.example"),
        ("flags", PRESENT),
        ("handle", b"x" * 16),
        ("credential_id", b"unknown"),
    ):
        right = getattr(phone, what)
        setattr(phone, what, value)
        answer = await log_in_by_passkey(auth, phone)
        setattr(phone, what, right)

        assert (answer.status_code, answer.json()["code"]) == (403, "passkey_refused"), what

    assert (await log_in_by_passkey(auth, phone)).status_code == 200


async def test_a_passkey_is_added_once(
    alice: SignedInPerson, bob: SignedInPerson, phone: Passkey
) -> None:
    asked = (await alice.post("/v1/auth/passkeys/options")).json()
    made = Passkey(origin=SITE, credential_id=b"of bob").create(asked["options"])
    body = {"challenge_id": asked["challenge_id"], "credential": made, "name": "Mine"}

    not_asked = await bob.post("/v1/auth/passkeys", json=body)
    again = await add_passkey(alice, phone)
    elsewhere = await add_passkey(bob, phone)

    assert not_asked.status_code == 403
    assert {again.status_code, elsewhere.status_code} == {409}
    assert again.json()["code"] == "passkey_known"


async def test_a_removed_passkey_is_no_way_in(
    auth: Instance, alice: SignedInPerson, bob: SignedInPerson, phone: Passkey
) -> None:
    (shown,) = (await alice.get("/v1/auth/second-factors")).json()["passkeys"]
    path = f"/v1/auth/passkeys/{shown['id']}"

    by_bob = await bob.client.delete(path)
    by_alice = await alice.client.delete(path)

    assert (by_bob.status_code, by_alice.status_code) == (404, 204)
    assert (await log_in_by_passkey(auth, phone)).status_code == 403
    # It was the last second factor: the password is enough again, and the codes are gone.
    assert (await auth.log_in(alice.email)).status_code == 200
    assert await letters(auth, "second_factor_changed") == [alice.email] * 2
    assert await acts(auth, "passkey.removed") == ["done"]


async def test_a_disabled_account_is_not_entered_by_passkey(
    auth: Instance, alice: SignedInPerson, phone: Passkey
) -> None:
    await auth.database.execute("UPDATE account SET disabled_at = now() WHERE id = $1", alice.id)

    answer = await log_in_by_passkey(auth, phone)

    assert (answer.status_code, answer.json()["code"]) == (403, "account_disabled")


async def test_at_an_address_without_a_name_there_are_no_passkeys(town: Town) -> None:
    async with town.instance() as auth:
        alice = await auth.register("Alice")
        stranger = await auth.client()

        answers = [await stranger.post(OPTIONS), await alice.post("/v1/auth/passkeys/options")]

    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["code"] for answer in answers} == {"passkeys_unavailable"}


async def test_credentials_that_are_none_are_refused(auth: Instance) -> None:
    stranger = await auth.client()
    asked = (await stranger.post(OPTIONS)).json()
    response = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"}
    credential = {"id": "AA", "rawId": "AA", "type": "public-key", "response": response}

    for wrong, status in (
        (credential, 403),
        (credential | {"type": "password"}, 422),
        (credential | {"response": {}}, 422),
        (credential | {"rawId": None}, 422),
        ({}, 422),
    ):
        body = {"challenge_id": asked["challenge_id"], "credential": wrong}
        assert (await stranger.post("/v1/auth/login/passkey", json=body)).status_code == status

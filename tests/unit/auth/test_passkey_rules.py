"""Passkeys: whose answer is taken, and that nothing a stranger sends does any harm."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.contracts.ids import PersonId
from services.auth.core.factors.passkeys import (
    MAX_ID_BYTES,
    RelyingParty,
    challenge_from,
    creation_options,
    credential_id,
    is_handle,
    registered,
    request_options,
    signed,
)
from services.auth.core.factors.refusals import PasskeyRefused
from services.auth.model.passkeys import Passkey as Known
from tests.support.authenticator import PRESENT, VERIFIED, Passkey, decoded, encoded

ORIGIN = "https://chat.example.org"
PARTY = RelyingParty("chat.example.org", ORIGIN)
CHALLENGE = challenge_from("token")
OTHER_CHALLENGE = challenge_from("other")
HANDLE = UUID(int=7).bytes


def device(**differently: Any) -> Passkey:
    return Passkey(**({"origin": ORIGIN, "credential_id": b"id of a passkey"} | differently))


def asked_to_create(challenge: bytes = CHALLENGE) -> dict[str, Any]:
    return creation_options(
        PARTY, challenge=challenge, handle=HANDLE, name="alice@example.org", known=[]
    )


def asked_to_sign(challenge: bytes = CHALLENGE) -> dict[str, Any]:
    return request_options(PARTY, challenge=challenge, known=[])


def known(passkey: Passkey) -> Known:
    """Return a passkey as it is stored after it was added."""
    made = registered(passkey.create(asked_to_create()), PARTY, challenge=CHALLENGE)
    return Known(
        id=UUID(int=1),
        account_id=PersonId(UUID(bytes=HANDLE)),
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        transports=made.transports,
        name="Phone",
        created_at=0.0,
        last_used_at=None,
    )


class TestAdding:
    def test_a_passkey_is_added(self) -> None:
        made = registered(device().create(asked_to_create()), PARTY, challenge=CHALLENGE)

        assert made.credential_id == b"id of a passkey"
        assert made.transports == ("hybrid", "internal")
        assert made.sign_count == 0

    def test_browsers_are_asked_for_one_that_logs_in_by_itself(self) -> None:
        options = asked_to_create()

        assert options["rp"]["id"] == "chat.example.org"
        assert options["attestation"] == "none"
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert decoded(options["user"]["id"]) == HANDLE
        assert decoded(options["challenge"]) == CHALLENGE

    def test_one_that_is_known_is_not_made_again(self) -> None:
        one = known(device())

        options = creation_options(
            PARTY, challenge=CHALLENGE, handle=HANDLE, name="Alice", known=[one]
        )

        (excluded,) = options["excludeCredentials"]
        assert decoded(excluded["id"]) == one.credential_id

    @pytest.mark.parametrize(
        "wrong",
        [
            device(origin="https://evil.example"),
            device(origin="http://chat.example.org"),
            device(origin="https://chat.example.org:8443"),
            device(origin="https://chat.example.org.evil.example"),
            device(host="evil.example"),
            device(flags=PRESENT),
            device(flags=VERIFIED),
            device(credential_id=b"x" * (MAX_ID_BYTES + 1)),
        ],
        ids=["page", "plain", "port", "suffix", "host", "unverified", "absent", "long"],
    )
    def test_what_a_browser_of_ours_would_not_make_is_refused(self, wrong: Passkey) -> None:
        credential = wrong.create(asked_to_create())

        with pytest.raises(PasskeyRefused):
            registered(credential, PARTY, challenge=CHALLENGE)

    def test_an_answer_to_another_question_is_refused(self) -> None:
        credential = device().create(asked_to_create(OTHER_CHALLENGE))

        with pytest.raises(PasskeyRefused):
            registered(credential, PARTY, challenge=CHALLENGE)

    def test_a_proof_does_not_pass_for_a_new_passkey(self) -> None:
        passkey = device()
        passkey.create(asked_to_create())

        with pytest.raises(PasskeyRefused):
            registered(passkey.get(asked_to_sign()), PARTY, challenge=CHALLENGE)


class TestProving:
    def test_a_passkey_signs(self) -> None:
        passkey = device()
        one = known(passkey)

        count = signed(passkey.get(asked_to_sign()), PARTY, challenge=CHALLENGE, passkey=one)

        assert count == 1

    def test_a_passkey_that_does_not_count_signs(self) -> None:
        passkey = device(step=0)
        one = known(passkey)

        assert signed(passkey.get(asked_to_sign()), PARTY, challenge=CHALLENGE, passkey=one) == 0

    @pytest.mark.parametrize(
        ("what", "value"),
        [
            ("origin", "https://evil.example"),
            ("host", "evil.example"),
            ("flags", PRESENT),
            ("flags", VERIFIED),
            ("key", device().key),
        ],
    )
    def test_what_is_wrong_with_an_answer_refuses_it(self, what: str, value: object) -> None:
        passkey = device()
        one = known(passkey)
        setattr(passkey, what, value)

        with pytest.raises(PasskeyRefused):
            signed(passkey.get(asked_to_sign()), PARTY, challenge=CHALLENGE, passkey=one)

    def test_an_answer_to_another_question_is_refused(self) -> None:
        passkey = device()
        one = known(passkey)
        credential = passkey.get(asked_to_sign(OTHER_CHALLENGE))

        with pytest.raises(PasskeyRefused):
            signed(credential, PARTY, challenge=CHALLENGE, passkey=one)

    def test_a_changed_signature_is_refused(self) -> None:
        passkey = device()
        one = known(passkey)
        credential = passkey.get(asked_to_sign())
        signature = bytearray(decoded(credential["response"]["signature"]))
        signature[-1] ^= 1
        credential["response"]["signature"] = encoded(bytes(signature))

        with pytest.raises(PasskeyRefused):
            signed(credential, PARTY, challenge=CHALLENGE, passkey=one)

    def test_an_answer_names_its_account_or_none(self) -> None:
        passkey = device()
        known(passkey)
        credential = passkey.get(asked_to_sign())
        nameless = credential | {"response": credential["response"] | {"userHandle": None}}

        assert is_handle(credential, HANDLE)
        assert is_handle(nameless, HANDLE)
        assert not is_handle(credential, UUID(int=8).bytes)
        assert credential_id(credential) == b"id of a passkey"


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        ["https://chat.example.org", "https://chat.example.org:8443", "http://localhost:8000"],
    )
    def test_browsers_offer_passkeys_at_names_over_tls(self, url: str) -> None:
        party = RelyingParty.at(url)

        assert party is not None
        assert party.origin == url
        assert ":" not in party.host

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:8000", "https://192.0.2.1", "https://[::1]", "http://chat.lan"]
    )
    def test_browsers_offer_none_elsewhere(self, url: str) -> None:
        assert RelyingParty.at(url) is None


PASSKEY = device()
ADDED = PASSKEY.create(asked_to_create())
KNOWN = known(PASSKEY)
PROOF = PASSKEY.get(asked_to_sign())
PARTS = st.sampled_from(["clientDataJSON", "attestationObject", "authenticatorData", "signature"])
JUNK = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=80).map(encoded),
    st.just(encoded(json.dumps([]).encode())),
    st.just(encoded(json.dumps({"type": "webauthn.get"}).encode())),
)


@settings(max_examples=150, deadline=None)
@given(part=PARTS, junk=JUNK)
def test_junk_in_any_part_is_refused(part: str, junk: str) -> None:
    def broken(credential: dict[str, Any]) -> dict[str, Any]:
        return credential | {"response": credential["response"] | {part: junk}}

    if part in ADDED["response"]:
        with pytest.raises(PasskeyRefused):
            registered(broken(ADDED), PARTY, challenge=CHALLENGE)
    if part in PROOF["response"]:
        with pytest.raises(PasskeyRefused):
            signed(broken(PROOF), PARTY, challenge=CHALLENGE, passkey=KNOWN)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 160), bit=st.integers(0, 7))
def test_no_changed_bit_of_a_new_passkey_does_harm(place: int, bit: int) -> None:
    statement = bytearray(decoded(ADDED["response"]["attestationObject"]))
    statement[place % len(statement)] ^= 1 << bit
    response = ADDED["response"] | {"attestationObject": encoded(bytes(statement))}

    # Some bits, like those of the key, may be anything; then its owner cannot use it, no more.
    try:
        registered(ADDED | {"response": response}, PARTY, challenge=CHALLENGE)
    except PasskeyRefused:
        return


@settings(max_examples=50, deadline=None)
@given(key=st.binary(max_size=100))
def test_a_stored_key_that_is_none_proves_nothing(key: bytes) -> None:
    with pytest.raises(PasskeyRefused):
        signed(PROOF, PARTY, challenge=CHALLENGE, passkey=replace(KNOWN, public_key=key))

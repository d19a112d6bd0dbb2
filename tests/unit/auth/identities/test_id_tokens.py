"""What a signed token must say to prove anything to us."""

from typing import Any

import pytest

from services.auth.core.identities.id_tokens import ALGORITHMS, check_claims, shown
from services.auth.core.identities.refusals import IdentityInvalid
from services.auth.model.identities import Identity

NOW = 1_700_000_000.0
ISSUER = "https://id.example.org"
ALICE = Identity(ISSUER, "alice")

CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": "hubbub",
    "sub": "alice",
    "nonce": "n-1",
    "iat": NOW - 2,
    "exp": NOW + 300,
}


def check(**changed: Any) -> Identity:
    claims = {name: value for name, value in (CLAIMS | changed).items() if value is not ...}
    return check_claims(claims, issuer=ISSUER, client_id="hubbub", nonce="n-1", now=NOW)


def test_a_token_for_this_log_in_says_who_it_is() -> None:
    assert check() == ALICE


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_each_claim_is_needed(name: str) -> None:
    with pytest.raises(IdentityInvalid) as refusal:
        check(**{name: ...})

    assert refusal.value.reason == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("iss", "https://id.example.org/"),
        ("iss", "https://evil.example.org"),
        ("aud", "another-client"),
        ("aud", ["another-client"]),
        ("aud", []),
        ("aud", "hubbub2"),
        ("nonce", "n-2"),
        ("nonce", ""),
        ("nonce", ["n-1"]),
        ("exp", NOW - 61),
        ("exp", "never"),
        ("exp", True),
        ("iat", NOW + 61),
        ("iat", NOW - 700),
        ("nbf", NOW + 61),
        ("nbf", None),
        ("sub", ""),
        ("sub", 7),
        ("sub", "a" * 256),
        ("sub", "alice\n"),
        ("azp", "another-client"),
    ],
)
def test_a_wrong_claim_is_refused(name: str, value: object) -> None:
    with pytest.raises(IdentityInvalid) as refusal:
        check(**{name: value})

    assert refusal.value.reason == name


def test_clocks_may_be_a_minute_apart() -> None:
    assert check(exp=NOW - 59, iat=NOW + 59, nbf=NOW + 59) == ALICE


def test_a_token_for_several_says_who_asked_for_it() -> None:
    assert check(aud=["hubbub", "wiki"], azp="hubbub") == ALICE

    with pytest.raises(IdentityInvalid):
        check(aud=["hubbub", "wiki"])
    with pytest.raises(IdentityInvalid):
        check(aud=["hubbub", "wiki"], azp="wiki")


def test_no_signature_that_we_or_anybody_could_make_is_taken() -> None:
    assert not {"none", "HS256", "HS384", "HS512"} & set(ALGORITHMS)


@pytest.mark.parametrize(("said", "is_verified"), [(True, True), ("true", True), (False, False)])
def test_an_address_is_verified_when_the_provider_says_so(
    said: object, *, is_verified: bool
) -> None:
    told = shown(ALICE, {"email": "a@example.org", "email_verified": said}, trusts_email=False)

    assert (told.email, told.is_verified) == ("a@example.org", is_verified)


@pytest.mark.parametrize("said", [{}, {"email_verified": 1}, {"email_verified": "yes"}])
def test_silence_about_an_address_is_no_proof_unless_the_provider_is_trusted(
    said: dict[str, object],
) -> None:
    claims = {"email": "a@example.org"} | said

    assert not shown(ALICE, claims, trusts_email=False).is_verified
    assert shown(ALICE, claims, trusts_email=True).is_verified


def test_no_address_is_never_verified() -> None:
    assert not shown(ALICE, {"email_verified": True}, trusts_email=True).is_verified


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": " Alice ", "given_name": "Al"}, "Alice"),
        ({"given_name": "Alice", "family_name": "Archer"}, "Alice Archer"),
        ({"family_name": "Archer", "preferred_username": "aa"}, "Archer"),
        ({"preferred_username": "aa"}, "aa"),
        ({"name": ["Alice"]}, None),
        ({}, None),
    ],
)
def test_the_fullest_name_is_taken(claims: dict[str, object], name: str | None) -> None:
    assert shown(ALICE, claims, trusts_email=False).name == name

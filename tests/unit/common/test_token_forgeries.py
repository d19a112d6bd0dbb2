"""Every forged or misused token is refused, and each in the way its bearer can act upon."""

import json

import pytest

from libs.common.errors import Unauthorized
from libs.common.tokens.service import ServiceTokens, ServiceVerifier
from libs.common.tokens.signed import MAX_TOKEN_BYTES, TokenExpired, UnknownKey
from tests.support.clock import SetClock
from tests.unit.common.forging import (
    KEY,
    LIFE_S,
    NOW,
    SESSION,
    STRANGER,
    claims,
    encode,
    forge,
    forge_hmac,
    forge_unsigned,
    header,
    verifier,
    without,
)

GENUINE = forge(header(), claims())


def refuse(token: str) -> Unauthorized:
    """Return the refusal; fails when the token is taken."""
    with pytest.raises(Unauthorized) as refusal:
        verifier().verify(token, NOW)
    return refusal.value


def test_the_forge_makes_good_tokens_when_asked_for_one() -> None:
    assert verifier().verify(GENUINE, NOW).session_id == SESSION


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", ""])
def test_an_unsigned_token_is_refused(alg: str) -> None:
    assert refuse(forge_unsigned(header(alg=alg), claims())).code == "unauthenticated"


def test_a_signature_cannot_be_left_out() -> None:
    refuse(forge_unsigned(header(), claims()))


@pytest.mark.parametrize("alg", ["HS256", "Ed25519"])
def test_the_public_key_is_no_shared_secret(alg: str) -> None:
    x = KEY.public.to_jwk()["x"].encode()

    for secret in (x, KEY.public.to_pem().encode()):
        refuse(forge_hmac(header(alg=alg), claims(), secret=secret))


@pytest.mark.parametrize(
    "alg", ["EdDSA", "Ed448", "ES256", "RS256", "ed25519", 1, None, ["Ed25519"]]
)
def test_another_algorithm_is_refused_even_with_a_good_signature(alg: object) -> None:
    refuse(forge(header(alg=alg), claims()))


@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_a_header_without_one_of_its_members_is_refused(name: str) -> None:
    refuse(forge(without(header(), name), claims()))


@pytest.mark.parametrize(
    "typ", ["JWT", "refresh+jwt", "svc+jwt", "AT+JWT", "at+jwt ", "application/at+jwt", "", None, 1]
)
def test_a_token_of_another_kind_is_refused(typ: object) -> None:
    refuse(forge(header(typ=typ), claims()))


@pytest.mark.parametrize(
    "extra",
    [
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/cert"},
        {"x5c": ["MII="]},
        {"jwk": STRANGER.public.to_jwk()},
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"b64": False, "crit": ["b64"]},
        {"b64": True},
        {"cty": "JWT"},
        {"zip": "DEF"},
    ],
    ids="+".join,
)
def test_a_header_that_says_more_is_refused(extra: dict[str, object]) -> None:
    refuse(forge(header(**extra), claims()))


def test_a_key_that_comes_with_the_token_is_not_used() -> None:
    jwk = STRANGER.public.to_jwk()

    refuse(forge(header(kid=STRANGER.kid, jwk=jwk), claims(), key=STRANGER))


def test_a_key_nobody_knows_is_said_to_be_unknown() -> None:
    assert isinstance(refuse(forge(header(kid=STRANGER.kid), claims(), key=STRANGER)), UnknownKey)


def test_another_key_under_a_known_id_is_refused() -> None:
    assert not isinstance(refuse(forge(header(), claims(), key=STRANGER)), UnknownKey)


@pytest.mark.parametrize(
    "kid",
    ["../../../../dev/null", "/dev/null", "' OR 1=1 --", "http://evil.example/", "", "a" * 65, 7],
)
def test_a_key_id_is_only_ever_looked_up(kid: object) -> None:
    refuse(forge(header(kid=kid), claims()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"iss": "https://chat.example/"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["hubbub"]},
        {"aud": ["hubbub", "another"]},
        {"aud": "hubbub-guest"},
        {"sub": "alice"},
        {"sub": None},
        {"sid": "1"},
        {"jti": 1},
        {"exp": str(int(NOW) + 60)},
        {"exp": NOW + 60.5},
        {"exp": None},
        {"exp": True},
        {"kind": "system"},
        {"kind": "owner"},
        {"kind": "guest"},
        {"kind": "guest", "aud": "hubbub-guest"},
        {"room": str(SESSION)},
        {"name": "a" * 65},
        {"name": ""},
    ],
    ids=str,
)
def test_a_wrong_claim_is_refused(wrong: dict[str, object]) -> None:
    assert refuse(forge(header(), claims(**wrong))).code == "unauthenticated"


@pytest.mark.parametrize("name", sorted(claims()))
def test_no_claim_may_be_missing(name: str) -> None:
    assert refuse(forge(header(), without(claims(), name))).code == "unauthenticated"


def test_an_expired_token_is_told_so() -> None:
    with pytest.raises(TokenExpired) as refusal:
        verifier().verify(GENUINE, NOW + LIFE_S)

    assert refusal.value.code == "token_expired"


def test_an_expired_forgery_is_not_told_why() -> None:
    expired = claims(exp=int(NOW) - 1)

    assert refuse(forge(header(), expired, key=STRANGER)).code == "unauthenticated"


def test_a_token_of_the_future_is_refused() -> None:
    assert refuse(forge(header(), claims(nbf=int(NOW) + 1))).code == "unauthenticated"


@pytest.mark.parametrize("size", [MAX_TOKEN_BYTES + 1, 10_000_000])
def test_a_token_of_any_size_is_refused_at_once(size: int) -> None:
    refuse("a" * size)
    refuse("." * size)


@pytest.mark.parametrize(
    "head",
    [
        {"alg": "Ed25519", "kid": KEY.kid, "typ": "at+jwt", "pad": "x" * 2000},
        b'{"alg":' + b"[" * 2900,
        b"\xff\xfe",
        b"",
        b"7",
        b'"alg"',
        b"[]",
        b"null",
        b'{"alg":"Ed25519"',
    ],
    ids=lambda head: str(head)[:12],
)
def test_a_header_that_is_none_is_refused(head: object) -> None:
    refuse(forge(head, claims()))


@pytest.mark.parametrize("body", [b"", b"7", b"[]", b"null", b"{", b"\xff", b"[" * 2000])
def test_a_payload_that_is_none_is_refused(body: bytes) -> None:
    refuse(forge(header(), body))


def test_a_doubled_header_member_counts_as_its_last() -> None:
    doubled = json.dumps(header()).replace('"typ"', '"typ": "at+jwt", "typ"')

    assert verifier().verify(forge(doubled.encode(), claims()), NOW).session_id == SESSION
    refuse(forge(doubled[:-1].encode() + b', "typ": "JWT"}', claims()))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        f"{GENUINE}.",
        f".{GENUINE}",
        f"{GENUINE}.{encode({})}",
        f" {GENUINE}",
        f"{GENUINE}\n",
        f"{GENUINE}=",
        f"{GENUINE}\x00",
        f"Bearer {GENUINE}",
        GENUINE.replace(".", "․"),
        GENUINE.replace("e", "е", 1),
        GENUINE.replace("A", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"),
        f"{GENUINE}\N{ZERO WIDTH SPACE}",
        f"\N{RIGHT-TO-LEFT OVERRIDE}{GENUINE}",
        f"{GENUINE}\ud800",
    ],
    ids=ascii,
)
def test_a_token_is_taken_letter_by_letter(token: str) -> None:
    refuse(token)


def test_every_single_changed_letter_is_noticed() -> None:
    for place in range(len(GENUINE)):
        other = "A" if GENUINE[place] != "A" else "B"
        refuse(GENUINE[:place] + other + GENUINE[place + 1 :])


def test_a_token_of_a_service_opens_no_public_door() -> None:
    token = ServiceTokens("hubbub", KEY, clock=SetClock(NOW)).mint("hubbub")

    refuse(token)


def test_a_token_of_a_person_opens_no_internal_door() -> None:
    door = ServiceVerifier("hubbub", callers={"auth": [KEY.public]}, leeway_s=0)

    with pytest.raises(Unauthorized):
        door.verify(GENUINE, NOW)

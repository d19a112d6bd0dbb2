"""Keys are made, kept, rotated with overlap and published."""

import subprocess

import pytest
from joserfc.jwk import OKPKey

from libs.common.tokens.jwks import read_jwks
from libs.common.tokens.keys import PublicKey, SigningKey, SigningKeys
from tests.unit.common.forging import KEY, NOW

LEAD_S = 600
OVERLAP_S = 960


def published(keys: SigningKeys, now: float) -> list[str]:
    return [key["kid"] for key in keys.jwks(now)["keys"]]


def two_keys() -> tuple[SigningKeys, SigningKey, SigningKey]:
    keys = SigningKeys.generate(NOW, lead_s=LEAD_S, overlap_s=OVERLAP_S).rotated(NOW + 100)
    return keys, keys.keys[0], keys.keys[1]


def test_the_first_key_signs_at_once() -> None:
    keys = SigningKeys.generate(NOW, lead_s=LEAD_S, overlap_s=OVERLAP_S)

    assert keys.current(NOW) is keys.keys[0]


def test_a_new_key_is_published_before_it_signs() -> None:
    keys, old, new = two_keys()

    assert published(keys, NOW + 100) == [old.kid, new.kid]
    assert keys.current(NOW + 100 + LEAD_S - 1) is old
    assert keys.current(NOW + 100 + LEAD_S) is new


def test_an_old_key_verifies_until_its_last_token_has_expired() -> None:
    keys, old, new = two_keys()
    retired = NOW + 100 + LEAD_S

    assert published(keys, retired + OVERLAP_S - 1) == [old.kid, new.kid]
    assert published(keys, retired + OVERLAP_S) == [new.kid]


def test_rotation_drops_keys_that_nobody_needs() -> None:
    keys, _, new = two_keys()

    later = keys.rotated(NOW + 100_000)

    assert later.keys[0] is new
    assert len(later.keys) == 2


def test_rotating_twice_in_a_row_loses_no_key_that_may_still_be_needed() -> None:
    keys, old, new = two_keys()

    again = keys.rotated(NOW + 101)

    assert again.keys[:2] == (old, new)
    assert again.current(NOW + 101 + LEAD_S) is again.keys[2]


def test_keys_come_back_from_where_they_are_kept() -> None:
    keys, _, _ = two_keys()

    back = SigningKeys.from_bytes(keys.to_bytes(), lead_s=LEAD_S, overlap_s=OVERLAP_S)

    assert [(key.kid, key.created) for key in back.keys] == [
        (key.kid, key.created) for key in keys.keys
    ]
    assert back.jwks(NOW) == keys.jwks(NOW)
    assert back.current(NOW).to_pem() == keys.current(NOW).to_pem()


@pytest.mark.parametrize(
    "stored", [b"", b"[]", b"{}", b'[{"created": 1, "pem": "x"}]', b'[{"created": 1}]']
)
def test_what_is_no_key_set_is_refused(stored: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several kinds of ValueError
        SigningKeys.from_bytes(stored, lead_s=LEAD_S, overlap_s=OVERLAP_S)


def test_the_public_document_holds_no_secret() -> None:
    keys, _, _ = two_keys()

    for key in keys.jwks(NOW)["keys"]:
        assert set(key) == {"kty", "crv", "x", "kid", "use", "alg"}


def test_keys_do_not_show_their_secret() -> None:
    secret = KEY.jose.as_dict(private=True)["d"]

    assert isinstance(secret, str)
    assert secret not in repr(SigningKeys.generate(NOW, lead_s=1, overlap_s=1))
    assert secret not in repr(KEY)


def test_the_public_document_is_read_back() -> None:
    assert list(read_jwks(as_json(KEY))) == [KEY.kid]


def as_json(key: SigningKey) -> bytes:
    x = key.public.to_jwk()["x"]
    return f'{{"keys": [{{"kty": "OKP", "crv": "Ed25519", "x": "{x}"}}]}}'.encode()


def test_a_key_that_openssl_made_signs_and_verifies() -> None:
    private = subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True
    ).stdout
    public = subprocess.run(
        ["openssl", "pkey", "-pubout"], check=True, capture_output=True, input=private
    ).stdout

    assert SigningKey.from_pem(private.decode()).kid == PublicKey.from_pem(public.decode()).kid


def test_a_key_of_another_curve_is_refused() -> None:
    pem = OKPKey.generate_key("Ed448").as_pem(private=True).decode()

    with pytest.raises(ValueError, match="Ed448"):
        SigningKey.from_pem(pem)


def test_the_two_halves_of_a_key_are_not_mixed_up() -> None:
    with pytest.raises(ValueError, match="cannot sign"):
        SigningKey.from_pem(KEY.public.to_pem())
    with pytest.raises(ValueError, match="private"):
        PublicKey.from_pem(KEY.to_pem())

"""Codes of authenticator apps: the right ones, each once."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from services.auth.core.factors.totp import (
    SEED_BYTES,
    STEP_S,
    code_at,
    is_code,
    seed_from,
    shown,
    step_of,
    uri,
)

SEED = b"12345678901234567890"
NOON = 1_700_000_010.0
STEP = int(NOON // STEP_S)
NEVER = -1


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    # RFC 6238, appendix B, of which six digits are the last six of eight.
    assert code_at(SEED, at // STEP_S) == code


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_off_by_one_step(steps: int) -> None:
    code = code_at(SEED, STEP + steps)

    assert step_of(SEED, code, now=NOON, after=NEVER) == STEP + steps


@pytest.mark.parametrize("steps", [-100, -2, 2, 100])
def test_a_code_of_another_time_is_wrong(steps: int) -> None:
    code = code_at(SEED, STEP + steps)

    assert step_of(SEED, code, now=NOON, after=NEVER) is None


def test_a_code_is_not_good_twice() -> None:
    code = code_at(SEED, STEP)

    assert step_of(SEED, code, now=NOON, after=STEP) is None


def test_a_code_of_a_step_before_the_last_used_one_is_wrong() -> None:
    code = code_at(SEED, STEP - 1)

    assert step_of(SEED, code, now=NOON, after=STEP) is None


def test_the_next_code_is_good_after_a_used_one() -> None:
    code = code_at(SEED, STEP + 1)

    assert step_of(SEED, code, now=NOON, after=STEP) == STEP + 1


def test_the_code_of_another_seed_is_wrong() -> None:
    code = code_at(seed_from("another"), STEP)

    assert step_of(SEED, code, now=NOON, after=NEVER) is None


@pytest.mark.parametrize("text", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "12 456", "-12345"])
def test_what_is_not_six_digits_is_no_code(text: str) -> None:
    assert not is_code(text)


def test_a_seed_has_160_bits_of_its_token() -> None:
    assert len(seed_from("token")) == SEED_BYTES
    assert seed_from("token") != seed_from("other")


def test_the_uri_says_whose_codes_these_are() -> None:
    parts = urlsplit(uri(SEED, issuer="chat.example.org", name="alice+x y@example.org"))

    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path == "/chat.example.org:alice%2Bx%20y@example.org"
    assert parse_qs(parts.query) == {
        "secret": [shown(SEED)],
        "issuer": ["chat.example.org"],
        "digits": ["6"],
        "period": ["30"],
    }


def test_the_seed_is_shown_without_padding() -> None:
    assert base64.b32decode(shown(SEED)) == SEED
    assert "=" not in shown(SEED)

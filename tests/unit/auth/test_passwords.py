"""What may be a password."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import Invalid
from services.auth.core.passwords import MAX_CHARS, MIN_CHARS, check_new, composed
from services.auth.core.top_passwords import top_passwords


def reason_against(password: str) -> str | None:
    """Return why Alice may not have this password, or None when she may."""
    try:
        check_new(composed(password), email="Alice.Liddell@example.org", name="Alice Liddell")
    except Invalid as refusal:
        return (refusal.fields or {}).get("password")
    return None


@pytest.mark.parametrize(
    "password",
    [
        "x7 Kq9!z",
        "correct horse battery staple",
        "пароль-для-Алисы",
        "🦊🦊🦊🦊🐻🐻🐻🐻",
        "\t  tabs  \t",
        "x" * 7 + "\x01",
    ],
)
def test_any_characters_make_a_password(password: str) -> None:
    assert reason_against(password) is None


def test_length_is_counted_in_characters_not_in_bytes() -> None:
    assert reason_against("é" * MIN_CHARS) is None
    assert reason_against("🦊" * MAX_CHARS) is None


@pytest.mark.parametrize("length", [0, 1, MIN_CHARS - 1, MAX_CHARS + 1, 10_000])
def test_a_short_or_long_password_is_refused(length: int) -> None:
    assert reason_against("é" * length) == "must have 8 to 128 characters"


@pytest.mark.parametrize(
    "password", ["alice liddell", "ALICE.LIDDELL@EXAMPLE.ORG", "Alice.Liddell"]
)
def test_ones_own_name_or_address_is_refused(password: str) -> None:
    assert reason_against(password) == "must not be your name or e-mail address"


@pytest.mark.parametrize(
    "password",
    ["password", "PASSWORD", "12345678", "qwerty123", "iloveyou", "Sunshine1", "aaaaaaaa"],
)
def test_the_first_guesses_are_refused(password: str) -> None:
    assert reason_against(password) == "is one of the most used passwords: choose another"


def test_a_refusal_does_not_repeat_the_password() -> None:
    assert "sunshine" not in (reason_against("sunshine1") or "")


def test_there_are_a_thousand_first_guesses_that_length_alone_would_let_pass() -> None:
    assert len(top_passwords()) > 1_000
    assert all(len(password) >= MIN_CHARS for password in top_passwords())
    assert all(password == password.casefold() for password in top_passwords())


def test_two_spellings_of_a_letter_make_one_password() -> None:
    assert composed("a\u030angstro\u0308m") == composed("\u00e5ngstr\u00f6m")


@given(st.text())
def test_composing_loses_nothing(text: str) -> None:
    assert unicodedata.normalize("NFD", composed(text)) == unicodedata.normalize("NFD", text)

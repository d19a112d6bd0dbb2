"""E-mail addresses: which are taken, and which count as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.core.accounts import clean_email, email_key


@pytest.mark.parametrize(
    "address",
    [
        "alice@example.org",
        "alice+chat@sub.example.org",
        "o'brien.jr@example.org",
        "ålice@exämple.org",
        "用户@例子.公司",
        "a@b.c",
    ],
)
def test_an_address_is_taken_as_it_is(address: str) -> None:
    assert clean_email(address) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alice",
        "alice@",
        "@example.org",
        "alice@localhost",
        "alice@example..org",
        "alice@-example.org",
        "alice@example-.org",
        "alice@example.org.",
        ".alice@example.org",
        "al..ice@example.org",
        "alice bob@example.org",
        '"alice"@example.org',
        "alice@example.org\nbcc: bob@example.org",
        "alice@exa\u200bmple.org",
        "alice\u202e@example.org",
        "alice\u3164@example.org",
        "alice@exam_ple.org",
        "alice<script>@example.org",
        "a" * 65 + "@example.org",
        "alice@" + "a" * 64 + ".org",
        "alice@" + ".".join(["a" * 60] * 5),
        "alice\ud800@example.org",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be an e-mail address"):
        clean_email(text)


def test_blanks_around_an_address_do_not_count() -> None:
    assert clean_email("  alice@example.org\n") == "alice@example.org"


def test_an_address_is_shown_as_it_was_written() -> None:
    assert clean_email("Alice@Example.ORG") == "Alice@Example.ORG"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alice@Example.ORG", "alice@example.org"),
        ("a\u030alice@example.org", "\u00e5lice@example.org"),
        ("STRASSE@example.org", "straße@example.org"),
        (" alice@example.org ", "alice@example.org"),
    ],
)
def test_two_spellings_of_one_address_have_one_key(one: str, other: str) -> None:
    assert email_key(one) == email_key(other)


def test_different_addresses_have_different_keys() -> None:
    assert email_key("alice@example.org") != email_key("bob@example.org")


@given(st.text())
def test_any_text_has_a_key_and_a_key_is_its_own_key(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)


@given(st.text())
def test_an_address_that_was_taken_is_taken_again_unchanged(text: str) -> None:
    try:
        address = clean_email(text)
    except ValueError:
        return
    assert clean_email(address) == address

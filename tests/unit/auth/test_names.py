"""Display names: readable, and no two letters that cannot be told apart from nothing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.core.accounts import MAX_NAME_CHARS, clean_name, name_key


@pytest.mark.parametrize(
    "name",
    ["Alice", "Ålice Ö'Brien-Łuk", "李小龙", "علي", "दीपिका", "A", "🦊", "x" * MAX_NAME_CHARS],
)
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize("name", ["", "   ", "\u3000", "x" * (MAX_NAME_CHARS + 1)])
def test_an_empty_or_long_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 64 characters"):
        clean_name(name)


@pytest.mark.parametrize(
    "mark",
    [
        "\0",
        "\n",
        "\x1b[31m",
        "\x7f",
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\u00ad",
        "\u2028",
        "\u3164",
        "\u2800",
        "\ue000",
        "\ud800",
        "\U000e0041",
    ],
)
def test_a_name_with_an_invisible_character_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="invisible"):
        clean_name(f"Al{mark}ice")


def test_a_name_is_kept_in_composed_form() -> None:
    assert clean_name("A\u030alice") == "\u00c5lice"


def test_blanks_around_a_name_do_not_count() -> None:
    assert clean_name(" Alice ") == "Alice"


def test_a_name_is_found_without_regard_to_case() -> None:
    assert name_key("STRASSE") == name_key("Straße")


@given(st.text())
def test_a_name_that_was_taken_is_taken_again_unchanged(text: str) -> None:
    try:
        name = clean_name(text)
    except ValueError:
        return
    assert clean_name(name) == name
    assert unicodedata.is_normalized("NFC", name)

"""How people are found by what somebody remembers of their name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.core.accounts import MAX_NAME_CHARS
from services.auth.model.cursors import SearchCursor
from services.auth.model.searching import (
    MAX_KEY_BYTES,
    MAX_WORD_BYTES,
    MAX_WORDS,
    folded,
    search_of,
    words_of,
)
from tests.unit.auth.test_cursors import SOMEBODY

MAX_CURSOR_CHARS = 512

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=MAX_NAME_CHARS)


def finds(typed: str, name: str) -> bool:
    """Say whether a search finds somebody of this name, by the rule that the store asks for."""
    search = search_of(typed)
    is_begun = folded(name).startswith(search.key)
    words = words_of(name)
    return is_begun or (
        bool(search.words)
        and all(any(word.startswith(typed) for word in words) for typed in search.words)
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Anybody"),
        ("anna", "Anna Karenina"),
        ("ANNA", "anna"),
        ("kar", "Anna Karenina"),
        ("kar ann", "Anna Karenina"),
        ("karenina anna", "Anna Karenina"),
        ("  anna   kar ", "Anna Karenina"),
        ("ali", "Åli"),
        ("Åli", "Ali"),
        ("zoe", "Zoë"),
        ("muller", "Jürgen Müller"),
        ("mueller", "Jürgen Müller"),
        ("juergen", "Jürgen Müller"),
        ("strasse", "Straße"),
        ("obrien", "Pat O'Brien"),
        ("o'br", "Pat O\u2019Brien"),
        ("brien", "Pat O'Brien"),
        ("luc", "Jean-Luc Picard"),
        ("jean luc", "Jean-Luc Picard"),
        ("dat", "Nguyễn Văn Đạt"),
        ("istanbul", "İSTANBUL"),
        ("soren", "Søren"),
        ("елка", "Ёлка"),
        ("ﾔﾏﾀﾞ", "ヤマダ"),
        ("小明", "王小明"),
        ("民秀", "金民秀"),
        ("민수", "김민수"),
        ("🦊", "Bob 🦊"),
        ("(bob", "Bob"),
        ("c++", "C++ Club"),
    ],
)
def test_somebody_is_found(typed: str, name: str) -> None:
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nna", "Anna"),
        ("anna bob", "Anna"),
        ("annak", "Anna Karenina"),
        ("%", "Anna"),
        ("_", "Anna"),
        ("*", "Anna"),
        ("' OR 1=1 --", "Anna"),
        ("anna@example.org", "Anna"),
    ],
)
def test_somebody_else_is_not_found(typed: str, name: str) -> None:
    assert not finds(typed, name)


def test_what_begins_a_name_is_told_from_what_begins_a_later_word() -> None:
    assert words_of("Anna Müller") == {"anna": True, "muller": False, "mueller": False}


def test_the_longest_word_comes_first_as_it_is_the_rarest() -> None:
    assert search_of("a karenina anna a").words == ("karenina", "anna", "a")


def test_a_search_of_many_words_is_cut() -> None:
    assert len(search_of("a b c d e f g h i j k").words) == MAX_WORDS


@given(names)
def test_everybody_is_found_by_their_whole_name(name: str) -> None:
    assert finds(name, name)


@given(names, names)
def test_a_search_is_the_same_in_capitals(typed: str, name: str) -> None:
    """Except where a language has no way back, as from "ß"."""
    assert finds(typed, name) == finds(typed.casefold(), name)


@given(names)
def test_what_is_kept_fits_into_an_index_and_a_cursor(name: str) -> None:
    key, words = folded(name), words_of(name)

    assert len(key.encode()) <= MAX_KEY_BYTES
    assert all(0 < len(word.encode()) <= MAX_WORD_BYTES for word in words)
    for word in [None, *words]:
        assert len(SearchCursor(word, key, SOMEBODY).write()) <= MAX_CURSOR_CHARS


def test_a_character_that_stands_for_eighteen_does_not_make_a_name_too_long() -> None:
    assert len(folded("\ufdfa" * MAX_NAME_CHARS).encode()) <= MAX_KEY_BYTES

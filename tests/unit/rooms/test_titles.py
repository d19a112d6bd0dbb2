"""What a room may be called, and which titles are the same."""

import pytest

from libs.common.lookalikes.marks import MAX_MARKS
from services.rooms.core.titles import clean_title, clean_topic, title_key


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Books", "Books"),
        ("  Books ", "Books"),
        ("Old \u00a0\u2003 books", "Old books"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("x" * 80, "x" * 80),
        ("e\u0301" * 80, "\u00e9" * 80),
        ("Книги 📚", "Книги 📚"),
    ],
)
def test_a_title_is_shown_composed_and_with_single_blanks(raw: str, shown: str) -> None:
    assert clean_title(raw) == shown


@pytest.mark.parametrize(
    "unseen",
    [
        "\x00",
        "\t",
        "\n",
        "\x7f",
        "\u0085",
        "\u200b",
        "\u200d",
        "\u200e",
        "\u202e",
        "\u2066",
        "\u2028",
        "\u3164",
        "\ue000",
        "\U000e0041",
    ],
)
def test_what_nobody_sees_is_refused(unseen: str) -> None:
    for clean in (clean_title, clean_topic):
        with pytest.raises(ValueError, match="control or invisible"):
            clean(f"Bo{unseen}oks")


def test_marks_do_not_pile_up_over_the_lines_around() -> None:
    for clean in (clean_title, clean_topic):
        assert clean("Bo" + "\u0301" * MAX_MARKS)
        with pytest.raises(ValueError, match="pile up"):
            clean("Bo" + "\u0301" * (MAX_MARKS + 1))


@pytest.mark.parametrize("raw", ["", "  ", "x" * 81])
def test_a_title_has_1_to_80_characters(raw: str) -> None:
    with pytest.raises(ValueError, match="1 to 80"):
        clean_title(raw)


def test_a_topic_may_be_empty_and_has_at_most_250_characters() -> None:
    assert (clean_topic(" "), clean_topic("x" * 250)) == ("", "x" * 250)
    with pytest.raises(ValueError, match="at most 250"):
        clean_topic("x" * 251)


@pytest.mark.parametrize(
    ("one", "other"),
    [("BOOKS", "books"), ("Straße", "STRASSE"), ("Cafe\u0301", "CAFÉ"), ("ΣΊΣΥΦΟΣ", "σίσυφος")],
)
def test_titles_that_differ_in_case_or_composition_are_the_same(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_a_key_is_its_own_key() -> None:
    assert title_key(title_key("İstanbul")) == title_key("İstanbul")


def test_letters_that_look_alike_do_not_mix_within_a_word() -> None:
    with pytest.raises(ValueError, match="alphabets"):
        clean_title("\u0410nnouncements")

    assert clean_title("Чай & tea 茶") == "Чай & tea 茶"

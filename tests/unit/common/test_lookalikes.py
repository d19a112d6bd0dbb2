"""Texts that look alike, and words that mix scripts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.lookalikes.scripts import is_mixed, scripts_of
from libs.common.lookalikes.skeletons import skeleton, skeletons


def are_alike(one: str, other: str) -> bool:
    return bool(skeletons(one) & skeletons(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "\u0440\u0430\u0443\u0440\u0430l"),
        ("Scope", "\u0405\u0441\u043e\u0440\u0435"),
        ("mary", "rnary"),
        ("l0g", "log"),
        ("Ill", "lll"),
        ("HELLO", "hello"),
        ("ﬁne", "fine"),
        ("a b-c", "abc"),
        ("\u212bke", "\u00c5ke"),
        # One looks like "ALICE", which is read as the other.
        ("ALlCE", "Alice"),
        ("AL1CE", "Alice"),
        ("\u0410\u04c0\u0406\u0421\u0415", "Alice"),
        ("Ali\u0307ce", "Alice"),
        ("AL\u0130CE", "Alice"),
        ("\u1d00\u029f\u026a\u1d04\u1d07", "Alice"),
        ("Dora\U00016fe4", "Dora"),
        ("\u0639\u0644\u0640\u064a", "\u0639\u0644\u064a"),
    ],
)
def test_they_look_alike(one: str, other: str) -> None:
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alice", "Alicia"), ("Ana", "Anna"), ("Jose", "José"), ("", "..."), ("a", "b")],
)
def test_they_do_not_look_alike(one: str, other: str) -> None:
    assert not are_alike(one, other)


@given(st.text())
def test_every_text_with_a_letter_or_digit_looks_like_itself(text: str) -> None:
    plain = unicodedata.normalize("NFKC", text)

    assert all(unicodedata.category(char)[0] in "LMN" for one in skeletons(text) for char in one)
    assert are_alike(text, plain) is bool(skeletons(text))


@given(st.text())
def test_a_skeleton_has_no_further_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@pytest.mark.parametrize(
    ("word", "scripts"),
    [
        ("Alice", {"Latin"}),
        ("42!", set()),
        ("e\u0301", {"Latin"}),
        ("Али", {"Cyrillic"}),
        ("漢かカ", {"Han", "Hiragana", "Katakana"}),
        ("\U0001f98a", set()),
    ],
)
def test_a_word_has_scripts(word: str, scripts: set[str]) -> None:
    assert scripts_of(word) == scripts


@pytest.mark.parametrize("word", ["\u0430lice", "Alic\u0395", "Αли", "عрab", "abcкמ"])
def test_a_mix_that_deceives_is_found(word: str) -> None:
    assert is_mixed(word)


@pytest.mark.parametrize("word", ["Alice", "Аня", "Ωμέγα", "東京Tower", "한국어ko", "abcשלום"])
def test_a_mix_that_people_write_is_fine(word: str) -> None:
    assert not is_mixed(word)

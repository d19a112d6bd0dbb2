"""Recovery codes: as people copy and type them."""

import re
from collections.abc import Callable

import pytest

from services.auth.core.factors.recovery import code_from, hashed, hashes, is_code, plain


def test_a_code_has_four_groups_that_are_easy_to_copy() -> None:
    assert re.fullmatch(r"[a-z2-7]{4}(-[a-z2-7]{4}){3}", code_from("token"))


def test_two_tokens_make_two_codes() -> None:
    assert code_from("one") != code_from("other")


@pytest.mark.parametrize("change", [str.upper, lambda code: code.replace("-", " "), plain])
def test_how_a_code_is_typed_does_not_matter(change: Callable[[str], str]) -> None:
    code = code_from("token")

    assert hashed(change(code)) == hashed(code)


def test_nothing_that_is_stored_is_the_code() -> None:
    code = code_from("token")

    (stored,) = hashes([code])

    assert plain(code).encode() not in stored


@pytest.mark.parametrize("text", ["", "123456", "a" * 15, "a" * 17, "1" * 16, "ä" * 16])
def test_what_has_another_form_is_no_recovery_code(text: str) -> None:
    assert not is_code(text)


def test_a_code_has_the_form_of_one() -> None:
    assert is_code(plain(code_from("token")))

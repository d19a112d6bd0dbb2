"""How API tokens look, and what is told from that alone."""

import hashlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.errors import Unauthorized
from libs.common.tokens.api_tokens import PATTERN, composed, hashed, is_api_token

LETTERS = string.ascii_letters + string.digits + "-_"
SECRET = "s" * 43
TOKEN = composed(SECRET)


def test_a_token_says_what_it_is() -> None:
    assert TOKEN.startswith("hbt_")
    assert is_api_token(TOKEN)
    assert not is_api_token("eyJ.e30.c2ln")


def test_what_chance_gives_makes_a_whole_token() -> None:
    token = composed(SystemChance(SystemClock()).token())

    assert PATTERN.fullmatch(token)
    assert hashed(token) == hashlib.sha256(token.encode()).digest()


@given(at=st.integers(4, len(TOKEN) - 1), letter=st.sampled_from(LETTERS))
def test_a_mistyped_token_is_refused_without_asking_anybody(at: int, letter: str) -> None:
    mistyped = TOKEN[:at] + letter + TOKEN[at + 1 :]

    if mistyped == TOKEN:
        return
    with pytest.raises(Unauthorized):
        hashed(mistyped)


@pytest.mark.parametrize(
    "text", ["", "hbt_", TOKEN[:-1], TOKEN + "A", TOKEN + "\n", TOKEN.upper(), f"hbt_{SECRET}é"]
)
def test_what_has_another_form_is_no_token(text: str) -> None:
    with pytest.raises(Unauthorized):
        hashed(text)

"""How long an account rests after wrong passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import TooMany
from services.auth.core.attempts import AttemptRule
from services.auth.model.attempts import Attempts

NOON = 1_700_000_000.0
RULE = AttemptRule(free=5, first_s=1.0, max_s=30.0, forget_s=900.0)
NONE = Attempts(0, 0.0)


def pause_after(count: int, *, age_s: float = 0.0) -> float:
    """Return how long the account still rests `age_s` after so many attempts, in seconds."""
    try:
        RULE.count(Attempts(count, NOON), NOON + age_s)
    except TooMany as refusal:
        return round((refusal.retry_after_ms or 0) / 1000, 1)
    return 0.0


def test_the_first_attempts_are_free() -> None:
    attempts = NONE
    for _ in range(5):
        attempts = RULE.count(attempts, NOON)

    assert attempts == Attempts(5, NOON)


def test_the_pause_doubles_up_to_its_limit() -> None:
    assert [pause_after(count) for count in range(4, 13)] == [0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_nobody_is_locked_out_for_longer_than_the_limit() -> None:
    assert pause_after(1_000_000) == 30.0


def test_after_the_pause_one_attempt_is_counted() -> None:
    assert RULE.count(Attempts(7, NOON), NOON + 4.0) == Attempts(8, NOON + 4.0)


def test_an_attempt_that_comes_too_soon_says_how_long_to_wait() -> None:
    with pytest.raises(TooMany) as refusal:
        RULE.count(Attempts(7, NOON), NOON + 1.0)

    assert refusal.value.retry_after_ms == 3_001


def test_an_old_count_is_forgotten() -> None:
    assert RULE.count(Attempts(100, NOON), NOON + 900.0) == Attempts(1, NOON + 900.0)


def test_a_clock_that_was_set_back_does_not_stretch_the_pause() -> None:
    assert RULE.count(Attempts(100, NOON), NOON - 3_600.0) == Attempts(1, NOON - 3_600.0)


@given(st.integers(0, 10**9), st.floats(0, 10**6))
def test_a_wait_never_exceeds_the_limit(count: int, age_s: float) -> None:
    assert 0 <= pause_after(count, age_s=age_s) <= 30.0

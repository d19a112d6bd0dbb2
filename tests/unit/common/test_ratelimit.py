"""A limit lets a burst through at once and then so many a second, and says how long to wait."""

from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.errors import TooMany
from libs.common.ratelimit import OLDEST_LOOKED_AT, Bucket, Limit, RateLimiter

NOW = 1_700_000_000.0


def wait_ms(bucket: Bucket, now: float) -> int:
    """Return how long the next take has to wait; 0 when it was let through."""
    try:
        bucket.take(now)
    except TooMany as refusal:
        return refusal.retry_after_ms or -1
    return 0


def test_a_burst_goes_through_at_once_and_no_more() -> None:
    bucket = Bucket(Limit(per_s=10, burst=3))

    assert [wait_ms(bucket, NOW) for _ in range(4)] == [0, 0, 0, 100]


def test_a_refused_take_costs_nothing() -> None:
    bucket = Bucket(Limit(per_s=10, burst=1))
    bucket.take(NOW)

    assert [wait_ms(bucket, NOW) for _ in range(3)] == [100, 100, 100]


def test_the_wait_shrinks_as_time_passes() -> None:
    bucket = Bucket(Limit(per_s=1, burst=1))
    bucket.take(NOW)

    assert wait_ms(bucket, NOW + 0.75) == 250
    assert wait_ms(bucket, NOW + 1) == 0


def test_a_slow_limit_waits_in_whole_minutes() -> None:
    bucket = Bucket(Limit(per_s=1 / 60, burst=1))
    bucket.take(NOW)

    assert wait_ms(bucket, NOW) == 60_000


def test_time_off_does_not_save_up_more_than_a_burst() -> None:
    bucket = Bucket(Limit(per_s=10, burst=2))
    bucket.take(NOW)

    assert [wait_ms(bucket, NOW + 3600) for _ in range(3)] == [0, 0, 100]


@pytest.mark.parametrize(("per_s", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_a_limit_that_lets_nothing_through_is_a_mistake(per_s: float, burst: int) -> None:
    with pytest.raises(ValueError, match="through"):
        Limit(per_s=per_s, burst=burst)


limits = st.builds(
    Limit,
    per_s=st.floats(0.01, 10_000, allow_nan=False),
    burst=st.integers(1, 500),
)


@given(limits, st.floats(0, 2e9))
def test_exactly_the_burst_goes_through_at_any_time_of_day(limit: Limit, now: float) -> None:
    bucket = Bucket(limit)

    for _ in range(limit.burst):
        bucket.take(now)

    with pytest.raises(TooMany):
        bucket.take(now)


@given(limits, st.floats(0, 2e9))
def test_who_waits_as_long_as_told_is_let_through(limit: Limit, now: float) -> None:
    bucket = Bucket(limit)
    for _ in range(limit.burst):
        bucket.take(now)

    bucket.take(now + wait_ms(bucket, now) / 1000)


@given(limits, st.lists(st.floats(0, 10), min_size=1, max_size=200))
def test_never_more_than_the_rate_and_one_burst(limit: Limit, pauses: list[float]) -> None:
    bucket, now, taken = Bucket(limit), NOW, 0

    for pause in pauses:
        now += pause
        taken += wait_ms(bucket, now) == 0

    assert taken <= ceil((now - NOW) * limit.per_s * (1 + 1e-6) + 1e-2) + limit.burst


def test_each_key_has_its_own_bucket() -> None:
    limiter = RateLimiter(Limit(per_s=1, burst=1), max_keys=10)
    limiter.take("alice", NOW)

    limiter.take("bob", NOW)

    with pytest.raises(TooMany):
        limiter.take("alice", NOW)


def test_a_full_limiter_forgets_who_has_nothing_to_be_forgiven() -> None:
    limiter = RateLimiter(Limit(per_s=1, burst=2), max_keys=2)
    limiter.take("alice", NOW)
    limiter.take("bob", NOW + 10)

    limiter.take("charlie", NOW + 10)

    assert (len(limiter), limiter.forgiven) == (2, 0)
    limiter.take("bob", NOW + 10)
    with pytest.raises(TooMany):
        limiter.take("bob", NOW + 10)


def test_when_all_are_in_use_the_one_that_is_full_soonest_is_forgiven() -> None:
    limiter = RateLimiter(Limit(per_s=1, burst=2), max_keys=2)
    limiter.take("alice", NOW)
    limiter.take("alice", NOW)
    limiter.take("bob", NOW)

    limiter.take("charlie", NOW)

    assert (len(limiter), limiter.forgiven) == (2, 1)
    with pytest.raises(TooMany):
        limiter.take("alice", NOW)


def test_a_key_that_is_refused_is_not_kept_alive_by_trying() -> None:
    limiter = RateLimiter(Limit(per_s=1, burst=1), max_keys=OLDEST_LOOKED_AT * 2)
    limiter.take("alice", NOW)
    with pytest.raises(TooMany):
        limiter.take("alice", NOW)

    for number in range(OLDEST_LOOKED_AT * 2):
        limiter.take(number, NOW + 0.5)

    limiter.take("alice", NOW + 0.5)
    assert limiter.forgiven == 2


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), max_size=300))
def test_a_limiter_never_holds_more_keys_than_it_may(takes: list[tuple[int, float]]) -> None:
    limiter, now = RateLimiter(Limit(per_s=2, burst=3), max_keys=7), NOW

    for key, pause in takes:
        now += pause
        try:
            limiter.take(key, now)
        except TooMany:
            continue

    assert len(limiter) <= 7


def test_to_look_takes_nothing() -> None:
    limiter = RateLimiter(Limit(1, 1), max_keys=9)
    limiter.check("Alice", 0.0)
    limiter.take("Alice", 0.0)

    with pytest.raises(TooMany):
        limiter.check("Alice", 0.5)
    limiter.check("Bob", 0.5)
    limiter.check("Alice", 1.0)
    limiter.take("Alice", 1.0)

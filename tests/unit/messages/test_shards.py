"""Which instance serves which shard, and when that changes."""

from collections.abc import Sequence
from itertools import chain

import pytest
from pydantic import ValidationError

from libs.common.claims import Standing
from services.messages.core.shards import (
    Outlook,
    ours,
    outlook,
    owner,
    to_hand_over,
    to_take,
)
from services.messages.settings import MessagesSettings

SETTLE_S = 5.0


def looked(*looks: tuple[float, Standing]) -> Outlook:
    """Return the outlook after looks at these times."""
    seen: Outlook | None = None
    for now, standing in looks:
        seen = outlook(seen, standing, now=now, settle_s=SETTLE_S)
    assert seen is not None
    return seen


@pytest.mark.parametrize(
    ("live", "shards", "shared"),
    [
        ((0,), 4, [[0, 1, 2, 3]]),
        ((0, 1), 4, [[0, 2], [1, 3]]),
        ((0, 1, 2), 8, [[0, 3, 6], [1, 4, 7], [2, 5]]),
        ((1, 4), 3, [[0, 2], [1]]),
        ((0, 1, 2), 2, [[0], [1], []]),
    ],
)
def test_the_living_take_turns(
    live: tuple[int, ...], shards: int, shared: Sequence[Sequence[int]]
) -> None:
    assert [ours(Standing(one, live), shards) for one in live] == shared


@pytest.mark.parametrize("instances", range(1, 10))
@pytest.mark.parametrize("shards", [1, 2, 8, 13])
def test_every_shard_has_one_owner_and_nobody_has_two_more_than_another(
    instances: int, shards: int
) -> None:
    live = tuple(range(3, 3 + instances))

    shared = [ours(Standing(one, live), shards) for one in live]

    assert sorted(chain.from_iterable(shared)) == list(range(shards))
    assert max(map(len, shared)) - min(map(len, shared)) <= 1
    assert all(owner(shard, live) in live for shard in range(shards))


def test_without_a_standing_nothing_is_ours() -> None:
    assert ours(None, 8) == []


def test_the_first_look_counts_at_once() -> None:
    assert looked((0, Standing(1, (0, 1)))).agreed == Standing(1, (0, 1))


@pytest.mark.parametrize(("now", "live"), [(14, (0,)), (15, (0, 1)), (20, (0, 1))])
def test_who_comes_counts_when_nothing_has_changed_for_a_while(
    now: float, live: tuple[int, ...]
) -> None:
    seen = looked((0, Standing(0, (0,))), (10, Standing(0, (0, 1))), (now, Standing(0, (0, 1))))

    assert seen.agreed.live == live


def test_who_is_back_soon_was_never_away() -> None:
    both, alone = Standing(0, (0, 1)), Standing(0, (0,))

    seen = looked((0, both), (10, alone), (14, both), (16, alone), (18, both), (30, both))

    assert seen.agreed == both


def test_who_stays_away_is_not_counted_any_more() -> None:
    both, alone = Standing(0, (0, 1)), Standing(0, (0,))

    assert looked((0, both), (10, alone), (15, alone)).agreed == alone


def test_another_ordinal_of_our_own_counts_at_once() -> None:
    seen = looked((0, Standing(0, (0, 1))), (10, Standing(1, (0, 1))))

    assert seen.agreed == Standing(1, (0, 1))


def test_ours_are_taken_at_once_and_others_when_it_is_time() -> None:
    absent = {0: 3.0, 1: 3.0, 2: 3.0, 3: 9.0}

    assert to_take(absent, [1, 3], now=2.9) == [1, 3]
    assert to_take(absent, [1, 3], now=3.0) == [1, 3, 0, 2]


def test_what_is_consumed_is_not_taken_again() -> None:
    assert to_take({}, [0, 1], now=10) == []


@pytest.mark.parametrize(
    ("serving", "handed_over"), [([], []), ([0, 2], []), ([0, 1, 2], [1]), ([3, 1], [1, 3])]
)
def test_what_we_serve_and_another_owns_is_handed_over(
    serving: list[int], handed_over: list[int]
) -> None:
    assert to_hand_over(serving, looked((0, Standing(0, (0, 1))))) == handed_over


def test_nothing_is_handed_over_to_the_dead() -> None:
    seen = looked((0, Standing(0, (0, 1))), (10, Standing(0, (0,))))

    assert to_hand_over([0, 1], seen) == []


def test_nothing_is_handed_over_to_who_has_just_come() -> None:
    seen = looked((0, Standing(0, (0,))), (10, Standing(0, (0, 1))))

    assert to_hand_over([0, 1], seen) == []


def test_a_claim_that_would_end_before_it_is_renewed_is_refused() -> None:
    with pytest.raises(ValidationError, match="MESSAGES_CLAIM_LEASE_S"):
        MessagesSettings(look_s=2, hand_over_s=3, claim_lease_s=5)

"""How fast a room and its members may write."""

from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from libs.common.errors import TooMany
from libs.common.ratelimit import Limit
from services.messages.core.pace import (
    MAX_REMEMBERED,
    Pace,
    SlowMode,
    go_on,
    take_room,
    take_turn,
)
from tests.unit.messages.builders import ALICE, BOB, CHARLIE

S = 1_000_000_000
LIMIT = Limit(per_s=10, burst=2)


def test_a_room_fills_up_again() -> None:
    pace = take_room(take_room(Pace(), limit=LIMIT, now_ns=S), limit=LIMIT, now_ns=S)

    with pytest.raises(TooMany) as refusal:
        take_room(pace, limit=LIMIT, now_ns=S)

    assert refusal.value.retry_after_ms == 100
    take_room(pace, limit=LIMIT, now_ns=S + S // 10)


def test_each_member_of_a_slow_room_has_their_own_turn() -> None:
    pace = take_turn(Pace(), ALICE.id, slow_mode_s=10, now_ns=0)

    pace = take_turn(pace, BOB.id, slow_mode_s=10, now_ns=S)

    with pytest.raises(SlowMode) as refusal:
        take_turn(pace, ALICE.id, slow_mode_s=10, now_ns=S)
    assert (refusal.value.code, refusal.value.retry_after_ms) == ("slow_mode", 9000)


def test_a_turn_that_was_refused_does_not_count() -> None:
    pace = take_turn(Pace(), ALICE.id, slow_mode_s=10, now_ns=0)

    with pytest.raises(SlowMode):
        take_turn(pace, ALICE.id, slow_mode_s=10, now_ns=9 * S)

    take_turn(pace, ALICE.id, slow_mode_s=10, now_ns=10 * S)


def test_a_crowd_is_remembered_only_so_far() -> None:
    people = [PersonId(UUID(int=number)) for number in range(MAX_REMEMBERED + 1)]
    pace = Pace()

    for at, person_id in enumerate(people):
        pace = take_turn(pace, person_id, slow_mode_s=3600, now_ns=at)

    assert len(pace.wrote_at_ns) == MAX_REMEMBERED
    take_turn(pace, people[0], slow_mode_s=3600, now_ns=S)
    with pytest.raises(SlowMode):
        take_turn(pace, people[1], slow_mode_s=3600, now_ns=S)


def test_who_is_the_same_as_before_waits_as_long_as_before() -> None:
    pace = take_turn(Pace(), BOB.id, slow_mode_s=10, now_ns=0)

    pace = go_on(pace, CHARLIE.id, formerly=BOB.id)

    with pytest.raises(SlowMode):
        take_turn(pace, BOB.id, slow_mode_s=10, now_ns=9 * S)
    with pytest.raises(SlowMode):
        take_turn(pace, CHARLIE.id, slow_mode_s=10, now_ns=9 * S)
    take_turn(pace, CHARLIE.id, slow_mode_s=10, now_ns=10 * S)


def test_who_wrote_nothing_before_waits_for_nobody() -> None:
    pace = take_turn(Pace(), ALICE.id, slow_mode_s=10, now_ns=0)

    assert go_on(pace, CHARLIE.id, formerly=BOB.id) is pace


def test_who_comes_again_is_not_remembered_longer_than_others() -> None:
    people = [PersonId(UUID(int=number)) for number in range(MAX_REMEMBERED)]
    pace = Pace()
    for at, person_id in enumerate(people):
        pace = take_turn(pace, person_id, slow_mode_s=3600, now_ns=at)

    pace = go_on(pace, BOB.id, formerly=people[1])

    assert list(pace.wrote_at_ns)[:3] == [people[1], BOB.id, people[2]]
    assert len(pace.wrote_at_ns) == MAX_REMEMBERED

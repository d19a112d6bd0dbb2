"""Newcomers are counted in windows of a minute, and too many of them shut the door."""

from dataclasses import replace

import pytest

from services.rooms.core.floods import WINDOW_S, RoomLocked, check_door, joined, locked_until
from services.rooms.model import Rush
from tests.unit.rooms.houses import LOBBY

NOW = 1_700_000_000.0


def test_the_first_to_come_begins_a_window() -> None:
    assert joined(None, now=NOW) == Rush(NOW, 1)


def test_those_within_a_minute_of_the_first_are_counted_together() -> None:
    rush = joined(joined(None, now=NOW), now=NOW + WINDOW_S - 0.001)

    assert rush == Rush(NOW, 2)


def test_a_minute_after_the_first_a_new_window_begins() -> None:
    assert joined(Rush(NOW, 99), now=NOW + WINDOW_S) == Rush(NOW + WINDOW_S, 1)


@pytest.mark.parametrize(("count", "until"), [(1, None), (10, None), (11, NOW + 300)])
def test_the_door_shuts_after_more_than_may_come(count: int, until: float | None) -> None:
    rush = Rush(NOW - 30, count)

    assert locked_until(rush, max_joins=10, lock_s=300, now=NOW) == until


def test_an_open_door_lets_everybody_in() -> None:
    check_door(LOBBY, now=NOW)


def test_a_door_that_a_flood_shut_says_when_it_opens() -> None:
    shut = replace(LOBBY, locked_until=NOW + 1.5)

    with pytest.raises(RoomLocked) as refused:
        check_door(shut, now=NOW)

    assert refused.value.body()["retry_after_ms"] == 1_500
    check_door(shut, now=NOW + 1.5)


def test_a_door_that_somebody_locked_says_nothing_of_the_kind() -> None:
    with pytest.raises(RoomLocked) as refused:
        check_door(replace(LOBBY, is_locked=True, locked_until=NOW + 1), now=NOW)

    assert "retry_after_ms" not in refused.value.body()

"""Rooms open, close and go by the clock, are turned by hand, put away and brought back."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import Invalid
from libs.common.permissions.schedule import state_at
from services.rooms.core.schedule import (
    RoomArchived,
    archived,
    begun,
    may_come_back,
    purge_at,
    rescheduled,
    restored,
    shut_until,
    turned,
    unarchived,
)
from services.rooms.model import Room

NOW = 1_000_000.0
HOUR = 3_600.0
DAY_S = 86_400

OPEN, READ_ONLY = RoomState.OPEN, RoomState.READ_ONLY
SCHEDULED, CLOSED, DELETED = RoomState.SCHEDULED, RoomState.CLOSED, RoomState.DELETED


def room(state: RoomState = OPEN, **changes: Any) -> Room:
    """Return a guest room without hours, unless told otherwise."""
    values: dict[str, Any] = {
        "id": RoomId(UUID(int=1)),
        "kind": RoomKind.GUEST,
        "state": state,
        "title": "Hour",
        "title_key": "hour",
        "topic": "",
        "slow_mode_s": 0,
        "owner_id": PersonId(UUID(int=2)),
        "version": 1,
        "member_count": 1,
        "created_at": NOW - HOUR,
        "updated_at": NOW - HOUR,
    }
    return Room(**(values | changes))


@pytest.mark.parametrize(
    ("state", "opens_at", "closes_at", "becomes"),
    [
        (SCHEDULED, None, None, SCHEDULED),
        (SCHEDULED, NOW + 1, None, SCHEDULED),
        (SCHEDULED, NOW, None, OPEN),
        (SCHEDULED, NOW - 1, NOW + 1, OPEN),
        (SCHEDULED, NOW - 2, NOW, CLOSED),
        (OPEN, None, None, OPEN),
        (OPEN, None, NOW + 1, OPEN),
        (OPEN, None, NOW, CLOSED),
        (READ_ONLY, NOW - 1, NOW + 1, READ_ONLY),
        (READ_ONLY, None, NOW - 1, CLOSED),
        (CLOSED, None, NOW + 1, CLOSED),
        (DELETED, NOW - 1, NOW + 1, DELETED),
    ],
)
def test_a_room_is_what_its_times_say_before_anybody_wrote_it_down(
    state: RoomState, opens_at: float | None, closes_at: float | None, becomes: RoomState
) -> None:
    due = room(state, opens_at=opens_at, closes_at=closes_at)

    assert state_at(due, now=NOW) is becomes


# New rooms


@pytest.mark.parametrize(
    ("opens_at", "state"), [(None, OPEN), (NOW - 1, OPEN), (NOW, OPEN), (NOW + 1, SCHEDULED)]
)
def test_a_new_room_is_scheduled_if_it_opens_later(
    opens_at: float | None, state: RoomState
) -> None:
    assert begun(room(opens_at=opens_at), now=NOW).state is state


@pytest.mark.parametrize(
    ("opens_at", "closes_at"),
    [(None, NOW), (None, NOW - 1), (NOW + 2, NOW + 2), (NOW + 2, NOW + 1)],
)
def test_a_new_room_closes_later_than_now_and_than_it_opens(
    opens_at: float | None, closes_at: float
) -> None:
    with pytest.raises(Invalid) as refusal:
        begun(room(opens_at=opens_at, closes_at=closes_at), now=NOW)

    assert refusal.value.fields is not None
    assert set(refusal.value.fields) == {"closes_at"}


# Other hours


@pytest.mark.parametrize(
    ("was", "opens_at", "closes_at", "becomes"),
    [
        (room(closes_at=NOW + 1), None, NOW + HOUR, OPEN),
        (room(closes_at=NOW + 1), None, None, OPEN),
        (room(READ_ONLY, closes_at=NOW + 1), None, NOW + HOUR, READ_ONLY),
        (room(CLOSED, closes_at=NOW - 1), None, NOW + HOUR, OPEN),
        (room(CLOSED, closes_at=NOW - 1), None, None, OPEN),
        (room(OPEN), NOW + 1, None, SCHEDULED),
        (room(SCHEDULED, opens_at=NOW + 1), NOW, None, OPEN),
        (room(SCHEDULED, opens_at=NOW + 1), None, None, OPEN),
        (room(OPEN), None, NOW - 1, CLOSED),
    ],
)
def test_a_room_follows_its_new_hours(
    was: Room, opens_at: float | None, closes_at: float | None, becomes: RoomState
) -> None:
    now = rescheduled(was, opens_at=opens_at, closes_at=closes_at, now=NOW)

    assert (now.state, now.opens_at, now.closes_at) == (becomes, opens_at, closes_at)


def test_the_same_hours_change_nothing() -> None:
    was = room(CLOSED, closes_at=NOW - 1)

    assert rescheduled(was, opens_at=None, closes_at=NOW - 1, now=NOW) == was


def test_a_room_does_not_close_before_it_opens() -> None:
    with pytest.raises(Invalid):
        rescheduled(room(), opens_at=NOW + 2, closes_at=NOW + 1, now=NOW)


@pytest.mark.parametrize("kind", [RoomKind.DIRECT, RoomKind.GROUP])
def test_rooms_that_are_nobodys_have_no_hours(kind: RoomKind) -> None:
    with pytest.raises(Invalid):
        rescheduled(room(kind=kind), opens_at=None, closes_at=NOW + 1, now=NOW)
    with pytest.raises(Invalid):
        turned(room(kind=kind), CLOSED, now=NOW)

    assert turned(room(kind=kind), READ_ONLY, now=NOW).state is READ_ONLY


# By hand


@pytest.mark.parametrize(
    ("was", "state", "opens_at", "closes_at"),
    [
        (room(SCHEDULED, opens_at=NOW + 9, closes_at=NOW + 99), OPEN, NOW, NOW + 99),
        (room(SCHEDULED, opens_at=NOW + 9), READ_ONLY, NOW, None),
        (room(SCHEDULED, opens_at=NOW + 9, closes_at=NOW + 99), CLOSED, None, NOW),
        (room(OPEN, opens_at=NOW - 9, closes_at=NOW + 99), CLOSED, NOW - 9, NOW),
        (room(OPEN, closes_at=NOW + 99), READ_ONLY, None, NOW + 99),
        (room(CLOSED, opens_at=NOW - 9, closes_at=NOW - 1), OPEN, NOW - 9, None),
        (room(CLOSED, closes_at=NOW - 1), READ_ONLY, None, None),
    ],
)
def test_the_times_follow_who_opens_or_closes_a_room(
    was: Room, state: RoomState, opens_at: float | None, closes_at: float | None
) -> None:
    now = turned(was, state, now=NOW)

    assert (now.state, now.opens_at, now.closes_at) == (state, opens_at, closes_at)
    assert state_at(now, now=NOW) is state


def test_a_room_is_not_turned_to_what_it_is() -> None:
    was = room(CLOSED, closes_at=NOW - 5)

    assert turned(was, CLOSED, now=NOW) == was


# The archive, and the end


@pytest.mark.parametrize("state", [OPEN, READ_ONLY, CLOSED])
def test_a_room_comes_out_of_the_archive_as_it_went_in(state: RoomState) -> None:
    was = room(state)

    put_away = archived(was, now=NOW)

    assert (put_away.state, put_away.archived_at) == (CLOSED, NOW)
    assert archived(put_away, now=NOW + 1) == put_away
    assert unarchived(put_away, now=NOW + 2) == was
    assert unarchived(was, now=NOW) == was


def test_a_room_whose_time_ran_out_in_the_archive_comes_back_closed() -> None:
    put_away = archived(room(closes_at=NOW + 1), now=NOW)

    assert unarchived(put_away, now=NOW + 1).state is CLOSED


def test_what_is_in_the_archive_is_neither_opened_nor_given_hours() -> None:
    put_away = archived(room(), now=NOW)

    with pytest.raises(RoomArchived):
        turned(put_away, OPEN, now=NOW)
    with pytest.raises(RoomArchived):
        rescheduled(put_away, opens_at=None, closes_at=NOW + 1, now=NOW)


def deleted(was: Room) -> Room:
    before = was.state_before if was.archived_at is not None else was.state
    return replace(was, state=DELETED, state_before=before, deleted_at=NOW)


@pytest.mark.parametrize("was", [room(), room(READ_ONLY), room(SCHEDULED, opens_at=NOW + 9)])
def test_a_deleted_room_comes_back_as_it_was(was: Room) -> None:
    assert restored(deleted(was), now=NOW) == was


def test_a_room_that_was_deleted_in_the_archive_comes_back_into_it() -> None:
    put_away = archived(room(READ_ONLY), now=NOW)

    back = restored(deleted(put_away), now=NOW)

    assert back == put_away
    assert unarchived(back, now=NOW).state is READ_ONLY


def test_a_room_that_would_have_opened_meanwhile_comes_back_open() -> None:
    was = room(SCHEDULED, opens_at=NOW + 9)

    assert restored(deleted(was), now=NOW + 9).state is OPEN


@pytest.mark.parametrize(
    ("was", "goes_at"),
    [
        (room(), None),
        (room(closes_at=NOW + 9, purge_after_s=60), None),
        (room(CLOSED, closes_at=NOW), None),
        (room(CLOSED, closes_at=NOW, purge_after_s=60), NOW + 60),
        (room(CLOSED, purge_after_s=60), None),
        (room(DELETED, deleted_at=NOW), NOW + DAY_S),
        (room(DELETED, deleted_at=NOW, closes_at=NOW, purge_after_s=60), NOW + 60),
        (room(DELETED, deleted_at=NOW, closes_at=NOW, purge_after_s=2 * DAY_S), NOW + DAY_S),
    ],
)
def test_a_room_goes_for_good_at_the_first_of_its_ends(was: Room, goes_at: float | None) -> None:
    assert purge_at(was, delete_grace_s=DAY_S) == goes_at


@pytest.mark.parametrize(
    ("was", "may"),
    [
        (room(DELETED, deleted_at=NOW - DAY_S), True),
        (room(DELETED, deleted_at=NOW - DAY_S - 1), False),
        (room(DELETED, deleted_at=NOW, closes_at=NOW - 61, purge_after_s=60), False),
        (room(DELETED, deleted_at=NOW, kind=RoomKind.PUBLIC), True),
        (room(DELETED, deleted_at=NOW, kind=RoomKind.GROUP), False),
        (room(), False),
    ],
)
def test_a_deleted_room_may_come_back_until_it_goes_for_good(was: Room, may: bool) -> None:
    assert may_come_back(was, delete_grace_s=DAY_S, now=NOW) is may


@pytest.mark.parametrize(
    ("locked_until", "until"), [(None, None), (NOW, None), (NOW - 1, None), (NOW + 1, NOW + 1)]
)
def test_a_door_that_a_flood_has_shut_opens_by_itself(
    locked_until: float | None, until: float | None
) -> None:
    assert shut_until(room(locked_until=locked_until), now=NOW) == until

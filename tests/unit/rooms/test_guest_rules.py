"""How guest rooms are found, and when they take somebody."""

from dataclasses import replace
from uuid import UUID

import pytest
from pydantic import TypeAdapter, ValidationError

from libs.common.chance import SystemChance
from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.permissions.rules import RoomNotOpen
from services.rooms.core.guests import (
    LETTERS,
    SLUG_LETTERS,
    Slug,
    check_open,
    device_hash,
    new_slug,
)
from services.rooms.model import Room
from tests.support.clock import TEN_O_CLOCK, SetClock

HOUR_S = 3_600.0
DEVICE = "0123456789abcdef"

WORKSHOP = Room(
    id=RoomId(UUID(int=1)),
    kind=RoomKind.GUEST,
    state=RoomState.OPEN,
    title="Workshop",
    title_key="workshop",
    topic="",
    slow_mode_s=0,
    owner_id=PersonId(UUID(int=2)),
    version=2,
    member_count=1,
    created_at=TEN_O_CLOCK,
    updated_at=TEN_O_CLOCK,
)


def test_a_link_ends_with_letters_that_nobody_confuses() -> None:
    chance = SystemChance(SetClock())

    slugs = {new_slug(chance.token()) for _ in range(200)}

    assert len(slugs) == 200
    assert {len(slug) for slug in slugs} == {SLUG_LETTERS}
    assert set("".join(slugs)) == set(LETTERS)


def test_links_are_known_by_their_letters() -> None:
    adapter = TypeAdapter(Slug)

    assert all(adapter.validate_python(letter * SLUG_LETTERS) for letter in LETTERS)
    for wrong in ("", "abcdefghjkm", "abcdefghjkmno", "Abcdefghjkmn", "abcdefghjkm\n"):
        with pytest.raises(ValidationError):
            adapter.validate_python(wrong)


def test_the_letters_are_thirty_two_so_that_each_is_as_likely() -> None:
    assert len(set(LETTERS)) == len(LETTERS) == 32
    assert not set("0o1l") & set(LETTERS)


@pytest.mark.parametrize("state", [RoomState.OPEN, RoomState.READ_ONLY])
def test_guests_come_into_a_room_that_is_open(state: RoomState) -> None:
    check_open(replace(WORKSHOP, state=state), now=TEN_O_CLOCK)


@pytest.mark.parametrize("state", [RoomState.CLOSED, RoomState.DELETED])
def test_nobody_comes_into_a_room_that_is_over(state: RoomState) -> None:
    with pytest.raises(RoomNotOpen):
        check_open(replace(WORKSHOP, state=state), now=TEN_O_CLOCK)


def test_the_hour_decides_whether_or_not_the_room_was_turned() -> None:
    late = replace(WORKSHOP, closes_at=TEN_O_CLOCK)
    early = replace(WORKSHOP, state=RoomState.SCHEDULED, opens_at=TEN_O_CLOCK)

    check_open(early, now=TEN_O_CLOCK)
    check_open(late, now=TEN_O_CLOCK - 0.001)
    with pytest.raises(RoomNotOpen):
        check_open(early, now=TEN_O_CLOCK - 0.001)
    with pytest.raises(RoomNotOpen):
        check_open(late, now=TEN_O_CLOCK)


def test_a_device_is_another_in_every_room() -> None:
    here, there = RoomId(UUID(int=1)), RoomId(UUID(int=2))

    assert device_hash(here, DEVICE) == device_hash(here, DEVICE)
    assert device_hash(here, DEVICE) != device_hash(there, DEVICE)
    assert device_hash(here, None) is None

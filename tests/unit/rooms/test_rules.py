"""The rules of rooms that are about rooms alone."""

from contextlib import nullcontext
from dataclasses import replace
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from libs.common.errors import Invalid
from libs.common.permissions.case import Action
from services.rooms.core.rules import (
    RoomFull,
    check_room_left,
    decide,
    direct_key,
    direct_kind,
    exactly,
)
from services.rooms.model import Room, SeenRoom
from tests.support.clock import TEN_O_CLOCK

ALICE, BOB, CHARLIE = (PersonId(UUID(int=number, version=4)) for number in (1, 2, 3))

ATTIC = Room(
    id=RoomId(UUID(int=7, version=4)),
    kind=RoomKind.PRIVATE,
    state=RoomState.OPEN,
    title="Attic",
    title_key="attic",
    topic="",
    slow_mode_s=0,
    owner_id=ALICE,
    version=2,
    member_count=3,
    created_at=TEN_O_CLOCK,
    updated_at=TEN_O_CLOCK,
)


def card(system_role: SystemRole = SystemRole.MEMBER) -> PersonCard:
    return PersonCard(
        id=BOB,
        kind=PersonKind.USER,
        name="Bob",
        system_role=system_role,
        is_disabled=False,
        version=1,
    )


@pytest.mark.parametrize(
    ("system_role", "role", "is_allowed"),
    [
        (SystemRole.MEMBER, None, False),
        (SystemRole.MEMBER, RoomRole.MEMBER, False),
        (SystemRole.MEMBER, RoomRole.ADMIN, True),
        (SystemRole.ADMIN, None, True),
    ],
)
def test_a_role_in_the_system_counts_in_every_room(
    system_role: SystemRole, role: RoomRole | None, is_allowed: bool
) -> None:
    decision = decide(Action.CHANGE_ROOM, SeenRoom(ATTIC, role), card(system_role), now=TEN_O_CLOCK)

    assert decision.is_allowed is is_allowed


def test_a_room_takes_as_many_members_as_allowed() -> None:
    check_room_left(ATTIC, max_members=4)

    with pytest.raises(RoomFull):
        check_room_left(ATTIC, max_members=3)


@pytest.mark.parametrize(
    ("own", "of_any", "is_full"), [(3, 4, True), (4, 4, False), (9, 4, False), (9, 3, True)]
)
def test_a_room_takes_no_more_than_it_and_any_room_may_have(
    own: int, of_any: int, is_full: bool
) -> None:
    room = replace(ATTIC, max_members=own)

    with pytest.raises(RoomFull) if is_full else nullcontext():
        check_room_left(room, max_members=of_any)


def test_a_room_whose_time_has_come_is_open_before_anybody_wrote_it_down() -> None:
    room = replace(ATTIC, state=RoomState.SCHEDULED, opens_at=TEN_O_CLOCK)
    seen = SeenRoom(room, RoomRole.MEMBER)

    assert decide(Action.POST, seen, card(), now=TEN_O_CLOCK).is_allowed
    assert decide(Action.POST, seen, card(), now=TEN_O_CLOCK - 1).rule == "not_open"


def test_a_room_whose_time_is_over_takes_nobody_in() -> None:
    seen = SeenRoom(replace(ATTIC, closes_at=TEN_O_CLOCK), None)

    decision = decide(Action.JOIN, seen, card(), now=TEN_O_CLOCK, is_invited=True)

    assert decision.rule == "closed_to_newcomers"


@pytest.mark.parametrize(
    ("standing", "action", "rule"),
    [
        (SeenRoom(ATTIC, None, is_banned=True), Action.SEE, "banned"),
        (SeenRoom(ATTIC, RoomRole.MEMBER, muted_until=TEN_O_CLOCK + 1), Action.POST, "muted"),
        (SeenRoom(ATTIC, RoomRole.MEMBER, muted_until=TEN_O_CLOCK), Action.POST, "role"),
        (
            SeenRoom(replace(ATTIC, kind=RoomKind.DIRECT), RoomRole.MEMBER, is_blocked=True),
            Action.REACT,
            "blocked",
        ),
    ],
)
def test_what_binds_somebody_decides(standing: SeenRoom, action: Action, rule: str) -> None:
    assert decide(action, standing, card(), now=TEN_O_CLOCK).rule == rule


def test_the_people_of_a_direct_room_are_each_named_once() -> None:
    assert exactly(BOB, [CHARLIE, ALICE, CHARLIE, BOB], max_people=3) == [ALICE, BOB, CHARLIE]


@pytest.mark.parametrize("others", [[], [BOB], [ALICE, CHARLIE]])
def test_too_few_people_and_too_many_are_refused(others: list[PersonId]) -> None:
    with pytest.raises(Invalid) as refusal:
        exactly(BOB, others, max_people=2)

    assert refusal.value.fields is not None
    assert list(refusal.value.fields) == ["user_ids"]


def test_two_are_direct_and_more_are_a_group() -> None:
    assert direct_kind([ALICE, BOB]) is RoomKind.DIRECT
    assert direct_kind([ALICE, BOB, CHARLIE]) is RoomKind.GROUP


def test_the_same_people_have_the_same_key_in_whatever_order() -> None:
    assert direct_key([ALICE, BOB]) == direct_key([BOB, ALICE])


def test_other_people_have_another_key() -> None:
    keys = {
        direct_key(people)
        for people in ([ALICE, BOB], [ALICE, CHARLIE], [BOB, CHARLIE], [ALICE, BOB, CHARLIE])
    }

    assert len(keys) == 4

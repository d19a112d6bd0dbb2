"""What rooms tells of rooms and members, and what becomes of it in the log."""

from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.commands import PostMessage, ProjectMember, ProjectRoom
from libs.common.contracts.frames import MemberShown, PersonShown, RoomShown
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from services.messages.core.projection import RoomNeverTold
from services.messages.model.changes import Known
from services.messages.model.log import EntryKind
from services.messages.model.rooms import Member
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import (
    ALICE,
    BOB,
    CHARLIE,
    LOBBY,
    asked,
    decided,
    entries,
    known,
    only,
    room,
    said,
)

OPEN = {"kind": RoomKind.PRIVATE, "state": RoomState.OPEN, "title": "Lobby", "topic": ""}


def told_of_room(version: int, *, slow_mode_s: int = 0, **changes: Any) -> ProjectRoom:
    return ProjectRoom(version, **(OPEN | changes), slow_mode_s=slow_mode_s)


def test_the_first_news_of_a_room_begins_its_log() -> None:
    nothing = Known(None, {ALICE.id: None}, is_complete=True)

    decision = decided(nothing, asked(ALICE, told_of_room(1)))

    begun = decision.change.room
    assert begun is not None
    assert (begun.id, begun.head_seq, begun.version, begun.title) == (LOBBY, 0, 1, "Lobby")
    assert begun.epoch
    assert decision.change.based_on is None


def test_a_room_can_be_begun_and_used_in_one_batch() -> None:
    nothing = Known(None, {ALICE.id: None}, is_complete=True)

    decision = decided(
        nothing,
        asked(ALICE, told_of_room(1)),
        asked(ALICE, ProjectMember(2, ALICE, RoomRole.OWNER)),
        asked(ALICE, PostMessage("first")),
    )

    assert entries(decision) == [(1, EntryKind.JOINED), (2, EntryKind.MESSAGE)]


def test_a_change_of_the_room_is_an_entry() -> None:
    decision = decided(known(), asked(ALICE, told_of_room(4, title="Hall", slow_mode_s=5)))

    [entry] = decision.change.entries
    assert entry.kind is EntryKind.ROOM_UPDATED
    assert entry.detail == RoomShown(
        kind=RoomKind.PRIVATE, state=RoomState.OPEN, title="Hall", topic="", slow_mode_s=5
    )
    assert only(decision) == {"seq": 6}


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        (RoomState.SCHEDULED, RoomState.OPEN, EntryKind.ROOM_OPENED),
        (RoomState.SCHEDULED, RoomState.CLOSED, EntryKind.ROOM_CLOSED),
        (RoomState.OPEN, RoomState.CLOSED, EntryKind.ROOM_CLOSED),
        (RoomState.CLOSED, RoomState.OPEN, EntryKind.ROOM_UPDATED),
        (RoomState.OPEN, RoomState.READ_ONLY, EntryKind.ROOM_UPDATED),
        (RoomState.CLOSED, RoomState.DELETED, EntryKind.ROOM_DELETED),
        (RoomState.DELETED, RoomState.OPEN, EntryKind.ROOM_UPDATED),
    ],
)
def test_a_room_that_opens_or_closes_says_so(
    was: RoomState, now: RoomState, kind: EntryKind
) -> None:
    decision = decided(known(room(state=was)), asked(ALICE, told_of_room(4, state=now)))

    assert entries(decision) == [(6, kind)]


def test_other_hours_and_a_locked_door_are_told_as_they_are() -> None:
    hours: dict[str, Any] = {
        "opens_at": 1_700_000_000.0,
        "closes_at": 1_700_003_600.0,
        "is_locked": True,
    }

    decision = decided(known(), asked(ALICE, told_of_room(4, **hours)))

    [entry] = decision.change.entries
    assert entry.kind is EntryKind.ROOM_UPDATED
    assert isinstance(entry.detail, RoomShown)
    assert entry.detail.opens_at == "2023-11-14T22:13:20.000Z"
    assert entry.detail.closes_at == "2023-11-14T23:13:20.000Z"
    assert entry.detail.is_locked


def test_who_comes_too_late_for_the_hour_does_not_write_whatever_the_state() -> None:
    late = known(room(closes_at=TEN_O_CLOCK))
    early = known(room(state=RoomState.SCHEDULED, opens_at=TEN_O_CLOCK))

    assert only(decided(late, asked(ALICE, PostMessage("wait")))) == "room_not_open"
    assert entries(decided(early, asked(BOB, PostMessage("at last")))) == [(6, EntryKind.MESSAGE)]


def test_nobody_writes_to_who_has_blocked_them() -> None:
    direct = known(room(kind=RoomKind.DIRECT))
    block = ProjectMember(4, BOB, RoomRole.MEMBER, is_blocked=True)

    decision = decided(direct, asked(BOB, block), asked(BOB, PostMessage("please")))

    assert said(decision)[1] == "blocked"


def test_a_guest_who_comes_in_again_waits_for_their_turn_as_before() -> None:
    slow = known(room(kind=RoomKind.GUEST, slow_mode_s=10))
    dora, again = guest(31), guest(32)

    decision = decided(
        slow,
        asked(dora, ProjectMember(4, dora, RoomRole.GUEST)),
        asked(dora, PostMessage("one")),
        asked(dora, ProjectMember(5, dora, None)),
        asked(again, ProjectMember(6, again, RoomRole.GUEST, formerly=dora.id)),
        asked(again, PostMessage("two")),
    )

    assert said(decision)[-1] == "slow_mode"


def guest(number: int) -> Person:
    return Person(PersonKind.GUEST, PersonId(UUID(int=number, version=4)), "Dora")


def test_a_version_that_changes_nothing_is_only_remembered() -> None:
    decision = decided(known(), asked(ALICE, told_of_room(4)))

    assert not decision.change.entries
    assert decision.change.room is not None
    assert decision.change.room.version == 4


@pytest.mark.parametrize("version", [1, 3])
def test_old_news_changes_nothing(version: int) -> None:
    decision = decided(
        known(),
        asked(ALICE, told_of_room(version, title="Hall")),
        asked(ALICE, ProjectMember(version, BOB, None)),
    )

    assert said(decision) == [{"seq": None}, {"seq": None}]
    assert decision.change.room == room()
    assert not decision.change.members


def test_a_deleted_room_is_written_to_no_more() -> None:
    decision = decided(
        known(),
        asked(ALICE, told_of_room(4, state=RoomState.DELETED)),
        asked(ALICE, PostMessage("anybody?")),
    )

    assert entries(decision) == [(6, EntryKind.ROOM_DELETED)]
    assert said(decision) == [{"seq": 6}, "not_found"]


def test_somebody_who_joins_may_write_at_once() -> None:
    decision = decided(
        known(),
        asked(CHARLIE, ProjectMember(4, CHARLIE, RoomRole.MEMBER)),
        asked(CHARLIE, PostMessage("hello")),
    )

    assert entries(decision) == [(6, EntryKind.JOINED), (7, EntryKind.MESSAGE)]
    assert decision.change.members == {CHARLIE.id: Member(CHARLIE, RoomRole.MEMBER)}
    assert decision.change.entries[0].detail == MemberShown(
        person=PersonShown(kind=PersonKind.USER, id=CHARLIE.id, name="Charlie"),
        role=RoomRole.MEMBER,
    )


@pytest.mark.parametrize(
    ("departure", "reason"),
    [
        (Departure.LEFT, Departure.LEFT),
        (Departure.REMOVED, Departure.REMOVED),
        (None, Departure.LEFT),
    ],
)
def test_somebody_who_left_may_not_write(departure: Departure | None, reason: Departure) -> None:
    decision = decided(
        known(),
        asked(ALICE, ProjectMember(4, BOB, None, departure)),
        asked(BOB, PostMessage("wait")),
    )

    [entry] = decision.change.entries
    assert entry.kind is EntryKind.LEFT
    assert isinstance(entry.detail, MemberShown)
    assert entry.detail.reason is reason
    assert decision.change.members == {BOB.id: None}
    assert len(decision.aside) == 1


def test_a_ban_is_final() -> None:
    decision = decided(
        known(),
        asked(ALICE, ProjectMember(4, BOB, None, Departure.BANNED)),
        asked(BOB, PostMessage("wait")),
    )

    assert said(decision)[1] == "not_found"
    assert decision.change.members == {BOB.id: Member(BOB, None, is_banned=True)}


@pytest.mark.parametrize(("kind", "count"), [(RoomKind.PUBLIC, 1), (RoomKind.PRIVATE, 0)])
def test_who_listens_from_outside_is_taken_out_by_a_ban(kind: RoomKind, count: int) -> None:
    ban = ProjectMember(4, CHARLIE, None, Departure.BANNED)
    again = ProjectMember(5, CHARLIE, None, Departure.BANNED)

    decision = decided(known(room(kind=kind)), asked(ALICE, ban), asked(ALICE, again))

    assert len(decision.change.entries) == count


def test_lifting_a_ban_is_seen_by_nobody() -> None:
    upon = known()
    upon.members[CHARLIE.id] = Member(CHARLIE, None, is_banned=True)

    decision = decided(upon, asked(ALICE, ProjectMember(4, CHARLIE, None)))

    assert not decision.change.entries
    assert decision.change.members == {CHARLIE.id: None}


@pytest.mark.parametrize(
    "change",
    [
        ProjectMember(4, BOB, RoomRole.ADMIN),
        ProjectMember(4, BOB, RoomRole.MEMBER, None, 2e9),
        ProjectMember(4, Person(PersonKind.USER, BOB.id, "Robert"), RoomRole.MEMBER),
    ],
)
def test_a_changed_member_is_an_entry(change: ProjectMember) -> None:
    decision = decided(known(), asked(ALICE, change))

    assert entries(decision) == [(6, EntryKind.UPDATED)]


def test_an_unchanged_member_is_not() -> None:
    decision = decided(known(), asked(ALICE, ProjectMember(4, BOB, RoomRole.MEMBER)))

    assert not decision.change.entries
    assert decision.change.room is not None
    assert decision.change.room.version == 4


def test_a_member_of_a_room_never_told_of_is_a_mistake() -> None:
    nothing = Known(None, {BOB.id: None}, is_complete=True)

    with pytest.raises(RoomNeverTold):
        decided(nothing, asked(ALICE, ProjectMember(2, BOB, RoomRole.MEMBER)))


def test_who_came_and_went_in_one_batch_hears_only_the_end() -> None:
    decision = decided(
        known(),
        asked(CHARLIE, ProjectMember(4, CHARLIE, RoomRole.MEMBER)),
        asked(ALICE, ProjectMember(5, CHARLIE, None, Departure.REMOVED)),
    )

    assert [entry.kind for entry in decision.moved] == [EntryKind.LEFT]
    assert entries(decision) == [(6, EntryKind.JOINED), (7, EntryKind.LEFT)]

"""A room that is gone for good: what the command comes to in the log."""

from libs.common.contracts.commands import PostMessage, PurgeRoom
from libs.common.contracts.rooms import RoomState
from services.messages.model.changes import Known
from services.messages.model.log import EntryKind
from tests.unit.messages.builders import (
    ALICE,
    BOB,
    asked,
    decided,
    entries,
    is_nothing_written,
    known,
    only,
    room,
    said,
)


def test_a_deleted_room_is_marked_and_nobody_hears_more_of_it() -> None:
    decision = decided(known(room(state=RoomState.DELETED)), asked(ALICE, PurgeRoom(4)))

    assert decision.change.is_purged
    assert not decision.change.entries
    assert decision.change.room is not None
    assert decision.change.room.version == 4


def test_whoever_is_still_in_the_room_leaves_it_first() -> None:
    decision = decided(known(), asked(ALICE, PurgeRoom(4)))

    assert entries(decision) == [(6, EntryKind.ROOM_DELETED)]
    assert decision.change.is_purged


def test_nothing_is_written_behind_the_end() -> None:
    decision = decided(known(), asked(ALICE, PurgeRoom(4)), asked(BOB, PostMessage("wait")))

    assert said(decision)[1] == "not_found"


def test_old_news_of_a_purge_changes_nothing() -> None:
    decision = decided(known(), asked(ALICE, PurgeRoom(3)))

    assert not decision.change.is_purged
    assert not decision.change.entries


def test_a_room_of_which_nothing_is_left_is_left_alone() -> None:
    nothing = Known(None, {ALICE.id: None}, is_complete=True)

    decision = decided(nothing, asked(ALICE, PurgeRoom(4)))

    assert only(decision) == "not_found"
    assert is_nothing_written(decision)

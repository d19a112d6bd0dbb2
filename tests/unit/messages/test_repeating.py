"""Commands that come again, come late, or come before the news of their sender."""

from typing import Any

import pytest

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    MarkRead,
    Payload,
    PostMessage,
    ProjectMember,
    ProjectRoom,
    RemoveReaction,
)
from libs.common.contracts.ids import Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.messages.model.changes import Known
from services.messages.model.rooms import Absence, Member
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import (
    ALICE,
    BOB,
    CHARLIE,
    HELLO,
    asked,
    decided,
    entries,
    is_nothing_written,
    known,
    message,
    only,
    positions,
    room,
    said,
)

PARTY = "\U0001f389"


def afterwards(decision: Any, *messages: Any) -> Known:
    """Return what is known once a decision was written, as the store reads it."""
    change = decision.change
    after = known(change.room, *messages, outcomes=dict(change.outcomes))
    after.members.update(change.members)
    return after


@pytest.mark.parametrize(
    "payload",
    [
        PostMessage("hello"),
        EditMessage(HELLO, "hello, all"),
        DeleteMessage(HELLO),
        AddReaction(HELLO, PARTY),
        RemoveReaction(HELLO, PARTY),
    ],
)
def test_a_repeat_hears_the_first_outcome_and_is_told_again(payload: Payload) -> None:
    upon = known(None, message(), emoji={})
    command = asked(BOB, payload, command_id="c-1")
    first = decided(upon, command)

    again = decided(afterwards(first, message()), command)

    expected = dict(only(first))
    if "duplicate" in expected:
        expected["duplicate"] = True
    assert only(again) == expected
    assert is_nothing_written(again)
    assert list(again.again.values()) == first.change.entries


def test_a_repeat_in_the_same_batch_is_told_once() -> None:
    command = asked(BOB, PostMessage("hello"), command_id="m-1")

    decision = decided(known(), command, command)

    assert [answer["duplicate"] for answer in said(decision)] == [False, True]
    assert len(decision.change.entries) == 1
    assert not decision.again


def test_the_same_id_for_something_else_is_a_conflict() -> None:
    first = decided(known(), asked(BOB, PostMessage("hello"), command_id="m-1"))

    decision = decided(afterwards(first), asked(BOB, PostMessage("goodbye"), command_id="m-1"))

    assert only(decision) == "idempotency_conflict"


def test_ids_of_two_people_have_nothing_to_do_with_each_other() -> None:
    decision = decided(
        known(),
        asked(ALICE, PostMessage("hello"), command_id="m-1"),
        asked(BOB, PostMessage("hello"), command_id="m-1"),
    )

    assert len(decision.change.entries) == 2


def test_a_repeat_is_answered_even_if_it_would_be_refused_now() -> None:
    command = asked(BOB, PostMessage("hello"), command_id="m-1")
    upon = afterwards(decided(known(), command))
    upon.members[BOB.id] = Member(BOB, RoomRole.MEMBER, muted_until=TEN_O_CLOCK + 60)

    decision = decided(upon, command)

    assert only(decision)["duplicate"] is True


def test_a_command_that_is_late_is_not_obeyed() -> None:
    late = TEN_O_CLOCK - 0.001

    decision = decided(
        known(),
        asked(BOB, PostMessage("hello"), deadline=late),
        asked(BOB, MarkRead(Seq(3)), deadline=late),
    )

    assert said(decision) == ["timeout", "timeout"]
    assert is_nothing_written(decision)


def test_a_late_command_that_was_done_in_time_is_answered() -> None:
    first = decided(known(), asked(BOB, PostMessage("hello"), command_id="m-1"))
    late = asked(BOB, PostMessage("hello"), command_id="m-1", deadline=TEN_O_CLOCK - 1)

    assert only(decided(afterwards(first), late))["duplicate"] is True


def test_facts_are_never_late() -> None:
    told = ProjectMember(4, CHARLIE, RoomRole.MEMBER)

    decision = decided(known(), asked(ALICE, told, deadline=0.0))

    assert len(decision.change.entries) == 1


@pytest.mark.parametrize(
    "payload",
    [PostMessage(""), PostMessage("x", reply_to=HELLO), EditMessage(HELLO, "x"), MarkRead(Seq(1))],
)
def test_memory_is_never_enough_to_refuse_upon(payload: Payload) -> None:
    upon = known(is_complete=False)
    upon.members[BOB.id] = None if isinstance(payload, MarkRead) else upon.members[BOB.id]

    assert decided(upon, asked(BOB, payload)).is_unsure


def test_memory_is_enough_to_accept_upon() -> None:
    decision = decided(known(is_complete=False), asked(BOB, PostMessage("hello")))

    assert not decision.is_unsure
    assert len(decision.change.entries) == 1


def test_commands_of_somebody_unknown_wait_and_nobody_elses_do() -> None:
    early = [asked(CHARLIE, PostMessage("hi")), asked(CHARLIE, MarkRead(Seq(1)))]
    hello = asked(BOB, PostMessage("hello"))

    decision = decided(known(), early[0], hello, early[1])

    assert positions(decision.aside) == positions(early)
    assert [reply.asked for reply in decision.replies] == [hello]


def test_commands_to_an_unknown_room_wait() -> None:
    nothing = Known(None, {BOB.id: None}, is_complete=True)
    command = asked(BOB, PostMessage("hello"))

    assert decided(nothing, command).aside == [command]


def test_what_comes_after_a_waiting_command_waits_even_if_it_could_be_obeyed() -> None:
    before = asked(CHARLIE, PostMessage("one"))
    news = asked(CHARLIE, ProjectMember(4, CHARLIE, RoomRole.MEMBER))
    after = asked(CHARLIE, PostMessage("two"))

    decision = decided(known(), before, news, after)

    assert decision.aside == [before, after]
    assert [entry.kind for entry in decision.change.entries] == ["member_joined"]


@pytest.mark.parametrize(
    ("absence", "code"),
    [
        (Absence(None, is_late=False), "not_found"),
        (Absence(RoomKind.PUBLIC, is_late=False), "not_member"),
        (Absence(None, is_late=True), "unavailable"),
    ],
)
def test_what_rooms_said_ends_the_waiting(absence: Absence, code: str) -> None:
    nothing = Known(None, {BOB.id: None}, is_complete=True, absences={BOB.id: absence})

    assert only(decided(nothing, asked(BOB, PostMessage("hello")))) == code


def test_a_repeat_of_a_joining_is_told_to_the_person_only_while_it_is_true() -> None:
    joining = asked(CHARLIE, ProjectMember(4, CHARLIE, RoomRole.MEMBER), command_id="v4")
    first = decided(known(), joining)
    assert [entry.seq for entry in first.moved] == [6]

    again = decided(afterwards(first), joining)
    assert [entry.seq for entry in again.moved] == [6]

    left = afterwards(first)
    left.members[CHARLIE.id] = None
    assert decided(left, joining).moved == []


def test_a_new_room_is_begun_once() -> None:
    nothing = Known(None, {ALICE.id: None}, is_complete=True)
    told = ProjectRoom(1, RoomKind.PRIVATE, RoomState.OPEN, "Lobby", "", 0)

    decision = decided(nothing, asked(ALICE, told), asked(ALICE, told))

    assert decision.change.room is not None
    assert (decision.change.room.version, decision.change.room.head_seq) == (1, 0)
    assert entries(decision) == []
    assert len(decision.change.outcomes) == 2


def test_a_decision_never_changes_what_it_was_made_upon() -> None:
    upon = known(None, message(), emoji={(HELLO, BOB.id): frozenset({PARTY})})
    before = (upon.room, dict(upon.members), dict(upon.messages), dict(upon.emoji))

    decided(
        upon,
        asked(ALICE, ProjectMember(4, BOB, None)),
        asked(ALICE, ProjectRoom(5, RoomKind.PUBLIC, RoomState.CLOSED, "Hall", "", 5)),
        asked(ALICE, DeleteMessage(HELLO)),
        asked(ALICE, PostMessage("bye")),
    )

    assert (upon.room, upon.members, upon.messages, upon.emoji) == before
    assert upon.room == room()

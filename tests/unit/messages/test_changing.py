"""Editing and deleting messages, putting emoji on them, marking them read."""

from uuid import UUID

import pytest

from libs.common.contracts.commands import (
    AddReaction,
    DeleteMessage,
    EditMessage,
    MarkRead,
    PostMessage,
    RemoveReaction,
)
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import Person, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.messages.model.log import EntryKind, PastVersion
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
    known,
    message,
    only,
    refusal,
    room,
    said,
)

PARTY, HEART, ROCKET, CAT = "\U0001f389", "\u2764\ufe0f", "\U0001f680", "\U0001f408"


def test_an_edit_makes_a_new_rev_and_keeps_the_old_one() -> None:
    decision = decided(known(None, message()), asked(BOB, EditMessage(HELLO, "hello, all")))

    assert only(decision) == {"seq": 6, "rev": 2}
    edited = decision.change.messages[Seq(4)]
    assert (edited.content, edited.rev, edited.edited_at) == ("hello, all", 2, TEN_O_CLOCK)
    assert decision.change.past == [PastVersion(Seq(4), 1, "hello", TEN_O_CLOCK - 60)]
    assert entries(decision) == [(6, EntryKind.EDITED)]


def test_each_edit_of_a_batch_keeps_what_it_replaced() -> None:
    decision = decided(
        known(None, message()),
        asked(BOB, EditMessage(HELLO, "two")),
        asked(BOB, EditMessage(HELLO, "three", expected_rev=2)),
    )

    assert [past.content for past in decision.change.past] == ["hello", "two"]
    assert decision.change.messages[Seq(4)].content == "three"
    shown = [entry.message.content for entry in decision.change.entries if entry.message]
    assert shown == ["two", "three"]


def test_an_edit_of_another_rev_than_expected_is_a_conflict() -> None:
    decision = decided(
        known(None, message(rev=3)), asked(BOB, EditMessage(HELLO, "mine", expected_rev=2))
    )

    assert only(decision) == "conflict"


def test_a_message_can_be_edited_in_the_batch_that_brought_it() -> None:
    post = asked(BOB, PostMessage("tpyo"))
    first = decided(known(), post).change.entries[0].message
    assert first is not None

    decision = decided(known(), post, asked(BOB, EditMessage(first.id, "typo")))

    assert entries(decision) == [(6, EntryKind.MESSAGE), (7, EntryKind.EDITED)]
    assert decision.change.messages[Seq(6)].content == "typo"


@pytest.mark.parametrize(
    ("person", "code"), [(ALICE, "forbidden"), (CHARLIE, "not_found"), (BOB, None)]
)
def test_nobody_but_its_author_edits_a_message(person: Person, code: str | None) -> None:
    upon = known(None, message(), absences={CHARLIE.id: Absence(None, is_late=False)})

    decision = decided(upon, asked(person, EditMessage(HELLO, "changed")))

    assert only(decision) == code or (code is None and decision.change.messages)


@pytest.mark.parametrize("wanted", [EditMessage(HELLO, "x"), AddReaction(HELLO, PARTY)])
def test_what_was_deleted_is_not_there_any_more(wanted: EditMessage | AddReaction) -> None:
    upon = known(None, message(deleted_at=TEN_O_CLOCK, deleted_seq=Seq(5), content=""))

    assert only(decided(upon, asked(BOB, wanted))) == "not_found"


@pytest.mark.parametrize(
    "wanted",
    [
        EditMessage(HELLO, "x"),
        DeleteMessage(HELLO),
        AddReaction(HELLO, PARTY),
        RemoveReaction(HELLO, PARTY),
    ],
)
def test_messages_of_other_rooms_are_not_there(
    wanted: EditMessage | DeleteMessage | AddReaction | RemoveReaction,
) -> None:
    assert only(decided(known(), asked(BOB, wanted))) == "not_found"


def test_an_edit_mentions_anew() -> None:
    upon = known(None, message(mentions=(ALICE.id,)))

    decision = decided(upon, asked(BOB, EditMessage(HELLO, "never mind")))

    assert decision.change.messages[Seq(4)].mentions == ()


@pytest.mark.parametrize("person", [BOB, ALICE])
def test_its_author_and_hosts_delete_a_message(person: Person) -> None:
    decision = decided(
        known(None, message(mentions=(ALICE.id,))), asked(person, DeleteMessage(HELLO))
    )

    assert only(decision) == {"seq": 6}
    deleted = decision.change.messages[Seq(4)]
    assert (deleted.content, deleted.mentions) == ("", ())
    assert (deleted.deleted_at, deleted.deleted_seq) == (TEN_O_CLOCK, 6)


def test_other_members_delete_nothing_of_others() -> None:
    upon = known(None, message(author=ALICE))

    assert only(decided(upon, asked(BOB, DeleteMessage(HELLO)))) == "forbidden"


def test_deleting_again_answers_with_the_first_deletion() -> None:
    decision = decided(
        known(None, message()),
        asked(BOB, DeleteMessage(HELLO)),
        asked(ALICE, DeleteMessage(HELLO)),
    )

    assert said(decision) == [{"seq": 6}, {"seq": 6}]
    assert entries(decision) == [(6, EntryKind.DELETED)]


def test_the_muted_may_take_back_what_they_wrote() -> None:
    upon = known(None, message(), emoji={(HELLO, BOB.id): frozenset({PARTY})})
    upon.members[BOB.id] = Member(BOB, RoomRole.MEMBER, muted_until=float("inf"))

    decision = decided(
        upon,
        asked(BOB, RemoveReaction(HELLO, PARTY)),
        asked(BOB, AddReaction(HELLO, PARTY)),
        asked(BOB, EditMessage(HELLO, "x")),
        asked(BOB, DeleteMessage(HELLO)),
    )

    assert said(decision) == [{"changed": True, "seq": 6}, "muted", "muted", {"seq": 7}]


def test_an_emoji_counts_once_for_each_person() -> None:
    decision = decided(
        known(None, message()),
        asked(BOB, AddReaction(HELLO, PARTY)),
        asked(BOB, AddReaction(HELLO, PARTY)),
        asked(ALICE, AddReaction(HELLO, PARTY)),
    )

    assert said(decision) == [
        {"changed": True, "seq": 6}, {"changed": False}, {"changed": True, "seq": 7}
    ]  # fmt: skip
    assert decision.change.reactions == {
        (4, BOB.id, PARTY): 6,
        (4, ALICE.id, PARTY): 7,
    }


def test_taking_an_emoji_away_and_putting_it_back_leaves_it_there() -> None:
    upon = known(None, message(), emoji={(HELLO, BOB.id): frozenset({PARTY})})

    decision = decided(
        upon,
        asked(BOB, RemoveReaction(HELLO, PARTY)),
        asked(BOB, RemoveReaction(HELLO, PARTY)),
        asked(BOB, AddReaction(HELLO, PARTY)),
    )

    assert [answer["changed"] for answer in said(decision)] == [True, False, True]
    assert decision.change.reactions == {(4, BOB.id, PARTY): 7}


def test_one_person_puts_only_so_many_emoji_on_a_message() -> None:
    upon = known(None, message(), emoji={(HELLO, BOB.id): frozenset({PARTY, HEART, ROCKET})})

    decision = decided(
        upon, asked(BOB, AddReaction(HELLO, CAT)), asked(ALICE, AddReaction(HELLO, CAT))
    )

    assert said(decision) == ["limit_exceeded", {"changed": True, "seq": 6}]


def test_an_emoji_must_be_one() -> None:
    decision = decided(known(None, message()), asked(BOB, AddReaction(HELLO, "lol")))

    assert refusal(decision).fields == {"emoji": "must be one emoji"}


def test_a_read_cursor_stops_at_the_head() -> None:
    decision = decided(
        known(),
        asked(BOB, MarkRead(Seq(99))),
        asked(ALICE, MarkRead(Seq(3))),
        asked(ALICE, MarkRead(Seq(2))),
    )

    assert said(decision) == [{"read_seq": 5}, {"read_seq": 3}, {"read_seq": 3}]
    assert decision.change.reads == {BOB.id: 5, ALICE.id: 3}
    assert not decision.change.entries
    assert not decision.change.outcomes


def test_a_read_cursor_reaches_what_came_in_the_same_batch() -> None:
    decision = decided(known(), asked(ALICE, PostMessage("new")), asked(BOB, MarkRead(Seq(6))))

    assert decision.change.reads == {BOB.id: 6}


@pytest.mark.parametrize(
    ("kind", "state", "code"),
    [
        (RoomKind.PUBLIC, RoomState.OPEN, "not_member"),
        (RoomKind.PRIVATE, RoomState.OPEN, "not_found"),
        (RoomKind.PUBLIC, RoomState.DELETED, "not_found"),
    ],
)
def test_only_members_have_a_read_cursor(kind: RoomKind, state: RoomState, code: str) -> None:
    upon = known(room(kind=kind, state=state), absences={CHARLIE.id: Absence(kind, is_late=False)})

    assert only(decided(upon, asked(CHARLIE, MarkRead(Seq(3))))) == code


@pytest.mark.parametrize(
    ("kind", "code"), [(RoomKind.PUBLIC, "forbidden"), (RoomKind.PRIVATE, "not_found")]
)
def test_the_banned_have_no_read_cursor(kind: RoomKind, code: str) -> None:
    upon = known(room(kind=kind))
    upon.members[CHARLIE.id] = Member(CHARLIE, None, is_banned=True)

    assert only(decided(upon, asked(CHARLIE, MarkRead(Seq(3))))) == code


def test_a_keeper_of_the_system_who_is_banned_has_none_either() -> None:
    upon = known(system_roles={CHARLIE.id: SystemRole.OWNER})
    upon.members[CHARLIE.id] = Member(CHARLIE, None, is_banned=True)

    assert only(decided(upon, asked(CHARLIE, MarkRead(Seq(3))))) == "not_found"


def test_an_unknown_message_is_not_found_even_for_its_maker() -> None:
    nowhere = MessageId(UUID(int=99, version=4))

    assert only(decided(known(), asked(ALICE, DeleteMessage(nowhere)))) == "not_found"

"""Writing a message: who may, what it may hold, what comes of it."""

from typing import Any
from uuid import UUID

import pytest

from libs.common.contracts.commands import PostMessage
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import Person, PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.messages.core.pace import Pace
from services.messages.model.log import EntryKind
from services.messages.model.rooms import Absence, Member
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import (
    ALICE,
    BOB,
    CHARLIE,
    HELLO,
    around,
    asked,
    decided,
    entries,
    is_nothing_written,
    known,
    message,
    only,
    refusal,
    room,
    said,
)

NOWHERE = MessageId(UUID(int=99, version=4))


def test_a_message_takes_the_next_seq_and_is_acknowledged() -> None:
    decision = decided(known(), asked(BOB, PostMessage("hello"), command_id="m-1"))

    [entry] = decision.change.entries
    assert (entry.seq, entry.kind, entry.actor, entry.at) == (6, "message", BOB, TEN_O_CLOCK)
    assert entry.message is not None
    assert entry.message.content == "hello"
    assert entry.message.client_msg_id == "m-1"
    assert only(decision) == {
        "message_id": entry.message.id,
        "seq": 6,
        "ts": "2023-11-14T22:13:20.000Z",
        "duplicate": False,
    }
    assert decision.change.room is not None
    assert decision.change.room.head_seq == 6


def test_messages_of_one_batch_are_numbered_in_their_order() -> None:
    texts = [f"message {number}" for number in range(5)]

    decision = decided(known(), *(asked(BOB, PostMessage(text)) for text in texts))

    written = [(one.seq, one.message.content) for one in decision.change.entries if one.message]
    assert written == list(zip(range(6, 11), texts, strict=True))


@pytest.mark.parametrize(
    ("member", "changes", "code"),
    [
        (Member(CHARLIE, None, is_banned=True), {}, "not_found"),
        (Member(CHARLIE, None, is_banned=True), {"kind": RoomKind.PUBLIC}, "forbidden"),
        (Member(CHARLIE, RoomRole.MEMBER), {"state": RoomState.DELETED}, "not_found"),
        (Member(CHARLIE, RoomRole.MEMBER), {"state": RoomState.CLOSED}, "room_not_open"),
        (Member(CHARLIE, RoomRole.MEMBER), {"state": RoomState.SCHEDULED}, "room_not_open"),
        (Member(CHARLIE, RoomRole.MEMBER), {"state": RoomState.READ_ONLY}, "room_read_only"),
        (Member(CHARLIE, RoomRole.MEMBER, muted_until=TEN_O_CLOCK + 1), {}, "muted"),
        (Member(CHARLIE, RoomRole.MEMBER, muted_until=TEN_O_CLOCK - 1), {}, None),
        (Member(CHARLIE, RoomRole.GUEST), {}, None),
        (Member(CHARLIE, RoomRole.ADMIN), {"state": RoomState.READ_ONLY}, None),
    ],
)
def test_the_rules_of_the_room_decide(
    member: Member, changes: dict[str, Any], code: str | None
) -> None:
    upon = known(room(**changes))
    upon.members[CHARLIE.id] = member

    decision = decided(upon, asked(CHARLIE, PostMessage("hello")))

    if code is None:
        assert entries(decision) == [(6, EntryKind.MESSAGE)]
    else:
        assert only(decision) == code
        assert is_nothing_written(decision)


def test_a_mute_says_until_when() -> None:
    upon = known()
    upon.members[BOB.id] = Member(BOB, RoomRole.MEMBER, muted_until=TEN_O_CLOCK + 60)

    decision = decided(upon, asked(BOB, PostMessage("hello")))

    assert refusal(decision).until == "2023-11-14T22:14:20.000Z"


def test_a_keeper_of_the_system_needs_no_membership() -> None:
    upon = known(system_roles={CHARLIE.id: SystemRole.ADMIN})

    decision = decided(upon, asked(CHARLIE, PostMessage("order, please")))

    assert entries(decision) == [(6, EntryKind.MESSAGE)]


@pytest.mark.parametrize(
    ("kind", "code"), [(RoomKind.PUBLIC, "not_member"), (RoomKind.PRIVATE, "not_found")]
)
def test_an_outsider_learns_only_of_public_rooms(kind: RoomKind, code: str) -> None:
    upon = known(room(kind=kind), absences={CHARLIE.id: Absence(kind, is_late=False)})

    decision = decided(upon, asked(CHARLIE, PostMessage("hello")))

    assert only(decision) == code


def test_a_guest_learns_of_no_other_room() -> None:
    guest = Person(PersonKind.GUEST, CHARLIE.id, "Charlie")
    upon = known(
        room(kind=RoomKind.PUBLIC),
        absences={CHARLIE.id: Absence(RoomKind.PUBLIC, is_late=False)},
    )

    decision = decided(upon, asked(guest, PostMessage("hello")))

    assert only(decision) == "not_found"


@pytest.mark.parametrize("content", ["", "x" * 4001, "nul\0", "bell\a", "return\r", "\ud800"])
def test_a_content_that_cannot_be_kept_is_refused(content: str) -> None:
    command = asked(BOB, PostMessage("as it was sent"))
    bad = type(command)(
        command.place, command.command, PostMessage(content), command.content_hash, False
    )

    decision = decided(known(), bad)

    assert only(decision) == "invalid"
    assert set(refusal(decision).fields or ()) == {"content"}


@pytest.mark.parametrize("content", ["x" * 4000, "\U0001f600" * 4000, "a\tb\nc", " "])
def test_a_content_within_the_limits_is_kept_as_it_is(content: str) -> None:
    decision = decided(known(), asked(BOB, PostMessage(content)))

    [entry] = decision.change.entries
    assert entry.message is not None
    assert entry.message.content == content


def test_replies_and_threads_stay_in_the_room() -> None:
    upon = known(None, message())

    decision = decided(
        upon,
        asked(BOB, PostMessage("yes", reply_to=HELLO)),
        asked(BOB, PostMessage("more", thread_root=HELLO)),
        asked(BOB, PostMessage("what?", reply_to=NOWHERE)),
        asked(BOB, PostMessage("where?", thread_root=NOWHERE)),
    )

    assert [answer if isinstance(answer, str) else "ok" for answer in said(decision)] == [
        "ok", "ok", "invalid", "invalid"
    ]  # fmt: skip
    first, second = (entry.message for entry in decision.change.entries)
    assert first is not None
    assert second is not None
    assert (first.reply_to, second.thread_root) == (HELLO, HELLO)


def test_a_thread_has_no_thread_in_it() -> None:
    upon = known(None, message(thread_root=NOWHERE))

    decision = decided(upon, asked(BOB, PostMessage("deeper", thread_root=HELLO)))

    assert refusal(decision).fields == {"thread_root": "must not be in a thread itself"}


def test_one_may_reply_to_what_was_deleted_meanwhile() -> None:
    upon = known(None, message(deleted_at=TEN_O_CLOCK, deleted_seq=Seq(5), content=""))

    decision = decided(upon, asked(BOB, PostMessage("oh", reply_to=HELLO)))

    assert entries(decision) == [(6, EntryKind.MESSAGE)]


def test_only_other_members_are_mentioned() -> None:
    text = f"<@{ALICE.id}> and <@{CHARLIE.id}> and <@{ALICE.id}> and <@{BOB.id}>"

    decision = decided(known(), asked(BOB, PostMessage(text)))

    [entry] = decision.change.entries
    assert entry.message is not None
    assert entry.message.mentions == (ALICE.id,)


def test_nobody_mentions_a_crowd() -> None:
    crowd = " ".join(f"<@00000000-0000-4000-8000-{number:012x}>" for number in range(51))

    decision = decided(known(), asked(BOB, PostMessage(crowd)))

    assert refusal(decision).fields == {"content": "must mention at most 50 people"}


def test_a_room_takes_a_burst_and_then_one_at_a_time() -> None:
    flood = [asked(BOB, PostMessage("spam")) for _ in range(61)]

    decision = decided(known(), *flood)

    assert len(decision.change.entries) == 60
    last = decision.replies[-1].said
    assert not isinstance(last, dict)
    assert said(decision)[-1] == "rate_limited"
    assert getattr(last, "retry_after_ms", None) == 34


def test_what_was_refused_takes_nothing_of_the_pace() -> None:
    before = Pace(full_at_ns=int(TEN_O_CLOCK * 1e9))

    decision = decided(known(), asked(BOB, PostMessage("")), pace=before)

    assert decision.pace == before


def test_slow_mode_lets_each_member_write_now_and_then_and_hosts_always() -> None:
    upon = known(room(slow_mode_s=10))
    first = decided(upon, asked(BOB, PostMessage("one")))
    later = around(now=TEN_O_CLOCK + 4)

    second = decided(
        upon,
        asked(BOB, PostMessage("two")),
        asked(ALICE, PostMessage("slowly, Bob")),
        asked(ALICE, PostMessage("please")),
        pace=first.pace,
        circumstances=later,
    )

    assert said(second)[0] == "slow_mode"
    waits = second.replies[0].said
    assert getattr(waits, "retry_after_ms", None) == 6000
    assert len(second.change.entries) == 2
    third = decided(
        upon,
        asked(BOB, PostMessage("three")),
        pace=second.pace,
        circumstances=around(now=TEN_O_CLOCK + 10),
    )
    assert entries(third) == [(6, EntryKind.MESSAGE)]

"""Entries as clients see them, live and replayed."""

import json
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from libs.common.contracts.frames import MemberShown, PersonShown, RoomShown
from libs.common.contracts.ids import MessageId, Seq
from libs.common.contracts.people import RoomRole
from libs.common.contracts.rooms import Departure, RoomKind, RoomState
from services.messages.core.frames import (
    FRAMES,
    departure,
    event,
    frame,
    personal,
    receipt,
    removal,
)
from services.messages.model.log import Entry, EntryKind, Message
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import ALICE, BOB, HELLO, LOBBY, message, room

TIME = "2023-11-14T22:13:20.000Z"
BOB_SHOWN = {"kind": "user", "id": str(BOB.id), "name": "Bob"}
JOINED = MemberShown(person=PersonShown.of(BOB), role=RoomRole.MEMBER)
LEFT = MemberShown(person=PersonShown.of(BOB), reason=Departure.REMOVED)
HALL = RoomShown(kind=RoomKind.PUBLIC, state=RoomState.OPEN, title="Hall", topic="", slow_mode_s=0)


def entry(kind: EntryKind, about: Message | None = None, detail: Any = None) -> Entry:
    return Entry(LOBBY, Seq(6), kind, TEN_O_CLOCK, BOB, about, detail)


def shown(one: Entry) -> dict[str, Any]:
    """Return a frame's data, having checked what all frames have."""
    written = json.loads(frame(one).encode())
    assert written["type"] == one.kind
    assert (written["room_id"], written["seq"], written["ts"]) == (str(LOBBY), 6, TIME)
    return dict(written["data"])


def test_a_message_shows_what_it_has_and_nothing_empty() -> None:
    said = message(seq=Seq(6), created_at=TEN_O_CLOCK)

    assert shown(entry(EntryKind.MESSAGE, said)) == {
        "id": str(HELLO),
        "author": BOB_SHOWN,
        "content": "hello",
        "format": "markdown",
        "created_at": TIME,
        "rev": 1,
        "attachments": [],
        "mentions": [],
        "client_msg_id": "m-0",
    }


def test_a_message_shows_its_links_and_its_past() -> None:
    other = MessageId(UUID(int=22, version=4))
    said = message(
        reply_to=other, thread_root=other, mentions=(ALICE.id,), rev=3, edited_at=TEN_O_CLOCK
    )

    data = shown(entry(EntryKind.MESSAGE, said))

    assert (data["reply_to"], data["thread_root"]) == (str(other), str(other))
    assert (data["mentions"], data["rev"], data["edited_at"]) == ([str(ALICE.id)], 3, TIME)


def test_replayed_entries_hold_nothing_of_a_deleted_message() -> None:
    gone = message(content="", deleted_at=TEN_O_CLOCK, deleted_seq=Seq(9), rev=2, edited_at=1.0)

    posted = shown(entry(EntryKind.MESSAGE, gone))
    edited = shown(entry(EntryKind.EDITED, gone, 2))

    assert (posted["content"], posted["deleted_at"]) == ("", TIME)
    assert (edited["content"], edited["deleted_at"]) == ("", TIME)


def test_an_edit_shows_the_present_content() -> None:
    now = message(content="hello, all", rev=3, edited_at=TEN_O_CLOCK)

    assert shown(entry(EntryKind.EDITED, now, 2)) == {
        "id": str(HELLO),
        "content": "hello, all",
        "rev": 3,
        "by": str(BOB.id),
        "edited_at": TIME,
    }


def test_a_deletion_says_who_and_when() -> None:
    gone = message(content="", deleted_at=TEN_O_CLOCK)

    assert shown(entry(EntryKind.DELETED, gone)) == {
        "id": str(HELLO), "by": str(BOB.id), "deleted_at": TIME
    }  # fmt: skip


@pytest.mark.parametrize("kind", [EntryKind.REACTED, EntryKind.UNREACTED])
def test_a_reaction_shows_who_reacted_how(kind: EntryKind) -> None:
    assert shown(entry(kind, message(), "\U0001f389")) == {
        "message_id": str(HELLO), "person": BOB_SHOWN, "emoji": "\U0001f389"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "detail", "data"),
    [
        (EntryKind.JOINED, JOINED, {"person": BOB_SHOWN, "role": "member"}),
        (EntryKind.UPDATED, JOINED, {"person": BOB_SHOWN, "role": "member"}),
        (EntryKind.LEFT, LEFT, {"person": BOB_SHOWN, "reason": "removed"}),
        (EntryKind.ROOM_UPDATED, HALL, HALL.model_dump(mode="json", exclude_none=True)),
        (EntryKind.ROOM_OPENED, HALL, HALL.model_dump(mode="json", exclude_none=True)),
        (EntryKind.ROOM_CLOSED, HALL, HALL.model_dump(mode="json", exclude_none=True)),
        (EntryKind.ROOM_DELETED, HALL, HALL.model_dump(mode="json", exclude_none=True)),
    ],
)
def test_members_and_rooms_are_shown_as_they_were_kept(
    kind: EntryKind, detail: Any, data: dict[str, Any]
) -> None:
    assert shown(entry(kind, detail=detail)) == data


def test_every_kind_of_entry_has_a_frame() -> None:
    assert FRAMES.keys() == set(EntryKind)


def test_an_entry_about_nothing_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="is about a message"):
        frame(entry(EntryKind.EDITED, detail=2))


def test_a_departure_takes_that_person_out_and_a_deleted_room_everybody() -> None:
    assert departure(entry(EntryKind.LEFT, detail=LEFT)) == (str(BOB.id), "removed")
    assert departure(entry(EntryKind.ROOM_DELETED, detail=HALL)) == ("*", "deleted")
    assert departure(entry(EntryKind.MESSAGE, message())) == (None, None)


def test_an_event_carries_the_frame_as_it_goes_out() -> None:
    one = entry(EntryKind.LEFT, detail=LEFT)

    sent = event(one)

    assert (sent.room_id, sent.seq, sent.detach, sent.reason) == (
        LOBBY, 6, str(BOB.id), "removed"
    )  # fmt: skip
    assert sent.frame == frame(one).encode()


def test_who_joined_is_shown_the_room() -> None:
    told = personal(entry(EntryKind.JOINED, detail=JOINED), room(title="Hall"))

    assert told is not None
    assert (told.person_id, told.kind, told.room_id) == (BOB.id, "room_added", LOBBY)
    assert json.loads(told.frame)["data"] == {
        "room_id": str(LOBBY), "kind": "private", "title": "Hall", "topic": "", "role": "member"
    }  # fmt: skip


def test_who_left_is_told_why() -> None:
    told = personal(entry(EntryKind.LEFT, detail=LEFT), room())

    assert told is not None
    assert told.kind == "room_removed"
    assert json.loads(told.frame)["data"] == {"room_id": str(LOBBY), "reason": "removed"}


def test_other_entries_are_nobodys_own() -> None:
    assert personal(entry(EntryKind.UPDATED, detail=JOINED), room()) is None


def test_a_deleted_room_is_taken_from_its_members() -> None:
    told = removal(BOB.id, LOBBY, reason="deleted", at=TEN_O_CLOCK)

    assert json.loads(told.frame)["data"]["reason"] == "deleted"


def test_a_receipt_is_a_signal_of_its_person() -> None:
    signal = receipt(LOBBY, BOB.id, Seq(7), now=TEN_O_CLOCK)

    assert (signal.room_id, signal.kind, signal.person_id) == (LOBBY, "receipt", BOB.id)
    assert json.loads(signal.frame)["data"] == {"person_id": str(BOB.id), "read_seq": 7}


def test_live_and_replayed_frames_of_an_untouched_message_are_the_same_bytes() -> None:
    live = entry(EntryKind.MESSAGE, message(created_at=TEN_O_CLOCK + 0.123456))
    stored = structs.replace(live, at=live.at)

    assert frame(live).encode() == frame(stored).encode()

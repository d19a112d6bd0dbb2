"""Cursors come back as they were, and nothing else is taken for one."""

import base64
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.errors import Invalid
from services.rooms.core.cursors import (
    IdCursor,
    MemberCursor,
    RoomCursor,
    read_cursor,
    write_cursor,
)

ROOM = RoomId(UUID(int=7, version=4))
ALICE = PersonId(UUID(int=1, version=4))
FIRST = RoomCursor("mine")


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_cursor_comes_back_as_it_was() -> None:
    room, block = RoomCursor("mine", "größe ✓", ROOM), IdCursor("blocks", ALICE)
    member = MemberCursor(ROOM, 2, "bob", ALICE)

    assert read_cursor(write_cursor(room), first=FIRST) == room
    assert read_cursor(write_cursor(member), first=MemberCursor(ROOM)) == member
    assert read_cursor(write_cursor(block), first=IdCursor("blocks")) == block


@pytest.mark.parametrize("place", [-2, 4, 2**40])
def test_a_place_that_no_role_has_is_not_ours(place: int) -> None:
    cursor = encoded(f'["{ROOM}",{place},"bob","{ALICE}"]')

    with pytest.raises(Invalid):
        read_cursor(cursor, first=MemberCursor(ROOM))


def test_without_a_cursor_the_list_starts_at_its_first() -> None:
    assert read_cursor(None, first=FIRST) is FIRST


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "é",
        "====",
        encoded("[]"),
        encoded('["mine"]'),
        encoded(f'["public","","{ROOM}"]'),
        encoded(f'["mine","\\u0000","{ROOM}"]'),
        encoded(f'["mine","\\ud800","{ROOM}"]'),
        encoded(f'["mine","","{ROOM}",1]'),
        encoded(f'["mine", "", "{ROOM}"]'),
        encoded('["mine","","7"]'),
        encoded(f'["mine","","{ROOM}"]') + "=",
        encoded("[" * 10_000),
        write_cursor(MemberCursor(ROOM, 2, "bob", ALICE)),
    ],
)
def test_what_is_not_a_cursor_of_this_list_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_cursor(text, first=FIRST)

    assert refusal.value.fields == {"cursor": "is not valid"}


def test_a_cursor_of_another_rooms_members_is_refused() -> None:
    cursor = write_cursor(MemberCursor(ROOM, 2, "bob", ALICE))

    with pytest.raises(Invalid):
        read_cursor(cursor, first=MemberCursor(RoomId(UUID(int=8, version=4))))

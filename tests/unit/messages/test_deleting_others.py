"""Who takes back what others wrote."""

import pytest

from libs.common.contracts.commands import DeleteMessage, EditMessage
from libs.common.contracts.people import Person, PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind
from services.messages.model.log import EntryKind
from services.messages.model.rooms import Absence, Member
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
    room,
)


@pytest.mark.parametrize("role", [RoomRole.ADMIN, RoomRole.OWNER])
@pytest.mark.parametrize(
    "author_role", [RoomRole.GUEST, RoomRole.MEMBER, RoomRole.ADMIN, RoomRole.OWNER, None]
)
def test_hosts_delete_what_anybody_wrote_be_they_equals_or_gone(
    role: RoomRole, author_role: RoomRole | None
) -> None:
    kind = PersonKind.GUEST if author_role is RoomRole.GUEST else PersonKind.USER
    author = Person(kind, CHARLIE.id, "Charlie")
    upon = known(None, message(author=author))
    upon.members[CHARLIE.id] = None if author_role is None else Member(author, author_role)
    upon.members[BOB.id] = Member(BOB, role)

    decision = decided(upon, asked(BOB, DeleteMessage(HELLO)))

    assert entries(decision) == [(6, EntryKind.DELETED)]


def test_a_guest_deletes_nothing_of_others() -> None:
    guest = Person(PersonKind.GUEST, CHARLIE.id, "Charlie")
    upon = known(room(kind=RoomKind.GUEST), message())
    upon.members[CHARLIE.id] = Member(guest, RoomRole.GUEST)

    assert only(decided(upon, asked(guest, DeleteMessage(HELLO)))) == "forbidden"


def test_a_keeper_of_the_system_deletes_what_owners_wrote() -> None:
    upon = known(None, message(author=ALICE), system_roles={CHARLIE.id: SystemRole.ADMIN})

    assert entries(decided(upon, asked(CHARLIE, DeleteMessage(HELLO)))) == [(6, EntryKind.DELETED)]


def test_a_keeper_of_the_system_who_is_no_member_hears_why_not() -> None:
    upon = known(
        None,
        message(author=ALICE),
        system_roles={CHARLIE.id: SystemRole.ADMIN},
        absences={CHARLIE.id: Absence(RoomKind.PRIVATE, is_late=False)},
    )

    assert only(decided(upon, asked(CHARLIE, EditMessage(HELLO, "x")))) == "forbidden"

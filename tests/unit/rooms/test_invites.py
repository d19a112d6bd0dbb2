"""Codes of invitations, and when an invitation is good."""

from dataclasses import replace
from uuid import UUID

import pytest

from libs.common.contracts.people import RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState
from services.rooms.core.invites import CODE_CHARS, Codes, hashed, is_good, link
from services.rooms.model import Invite, Inviter
from tests.unit.rooms.houses import ALICE, LOBBY, card

NOW = 1_700_000_000.0
SECRET = "only-for-a-test-and-longer-than-that"
RANDOM = "a-token-of-256-bits-that-nobody-can-guess"
ID = UUID(int=9, version=4)

INVITE = Invite(
    id=ID,
    room_id=LOBBY.id,
    code_hash=hashed("code"),
    role=RoomRole.MEMBER,
    max_uses=2,
    uses=1,
    made_by=ALICE.id,
    made_at=NOW - 60,
    expires_at=NOW + 60,
)
OWNER = Inviter(ALICE, RoomRole.OWNER)


def test_a_code_is_made_again_from_the_id_and_the_secret() -> None:
    codes = Codes(SECRET)
    code = codes.new(ID, random=RANDOM)

    assert codes.again(replace(INVITE, code_hash=hashed(code))) == code
    assert len(code) == CODE_CHARS
    assert codes.new(UUID(int=10, version=4), random=RANDOM) != code


@pytest.mark.parametrize("secret", [None, "another-one-that-is-just-as-long-as-it"])
def test_without_its_secret_a_code_is_not_made_again(secret: str | None) -> None:
    code = Codes(SECRET).new(ID, random=RANDOM)

    assert Codes(secret).again(replace(INVITE, code_hash=hashed(code))) is None


def test_without_a_secret_codes_are_random_and_as_long() -> None:
    assert Codes(None).new(ID, random=RANDOM) == RANDOM[:CODE_CHARS]


def test_a_code_is_never_taken_for_an_id() -> None:
    with pytest.raises(ValueError, match="badly formed"):
        UUID(Codes(SECRET).new(ID, random=RANDOM))


def test_a_link_leads_to_the_page_that_accepts_it() -> None:
    assert link("https://chat.test", "abc") == "https://chat.test/invite/abc"


def test_an_invitation_is_good_until_it_expires() -> None:
    assert is_good(INVITE, OWNER, LOBBY, now=NOW)
    assert is_good(INVITE, OWNER, LOBBY, now=NOW + 59.9)
    assert not is_good(INVITE, OWNER, LOBBY, now=NOW + 60)


def test_an_invitation_that_has_ended_is_not_good() -> None:
    assert not is_good(replace(INVITE, is_ended=True), OWNER, LOBBY, now=NOW)


@pytest.mark.parametrize(
    ("maker", "given", "expected"),
    [
        (RoomRole.OWNER, RoomRole.ADMIN, True),
        (RoomRole.ADMIN, RoomRole.ADMIN, False),
        (RoomRole.ADMIN, RoomRole.MEMBER, True),
        (RoomRole.MEMBER, RoomRole.MEMBER, False),
        (None, RoomRole.MEMBER, False),
    ],
)
@pytest.mark.parametrize("kind", [RoomKind.PUBLIC, RoomKind.PRIVATE, RoomKind.GUEST])
def test_an_invitation_is_as_good_as_its_makers_right(
    maker: RoomRole | None, given: RoomRole, expected: bool, kind: RoomKind
) -> None:
    invite, room = replace(INVITE, role=given), replace(LOBBY, kind=kind)

    assert is_good(invite, Inviter(ALICE, maker), room, now=NOW) is expected


def test_who_looks_after_the_system_invites_from_outside() -> None:
    olga = Inviter(card(3, "Olga", system_role=SystemRole.OWNER), None)

    assert is_good(replace(INVITE, role=RoomRole.ADMIN), olga, LOBBY, now=NOW)


def test_an_invitation_of_somebody_who_was_shut_out_is_not_good() -> None:
    disabled = ALICE.model_copy(update={"is_disabled": True})

    assert not is_good(INVITE, Inviter(disabled, RoomRole.OWNER), LOBBY, now=NOW)


def test_an_invitation_to_a_room_that_is_gone_is_not_good() -> None:
    gone = replace(LOBBY, state=RoomState.DELETED)

    assert not is_good(INVITE, OWNER, gone, now=NOW)

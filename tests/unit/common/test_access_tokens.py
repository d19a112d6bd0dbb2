"""What auth mints is what everybody else reads, and only those read it whom it is for."""

from uuid import UUID

import msgspec
import pytest
from joserfc import jws

from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import Unauthorized
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import MAX_TOKEN_BYTES, TokenExpired
from tests.unit.common.forging import (
    ALICE,
    AUDIENCES,
    GUEST,
    KEY,
    LIFE_S,
    NOW,
    ROOM,
    SESSION,
    KeyRing,
    minter,
    verifier,
)


def test_a_user_is_known_by_the_token() -> None:
    token = minter().mint(ALICE, SESSION, now=NOW)

    claims = verifier().verify(token, NOW)

    assert claims.person == ALICE
    assert claims.session_id == SESSION
    assert claims.room_id is None
    assert (claims.issued_at, claims.expires_at) == (int(NOW), int(NOW) + LIFE_S)


def test_the_header_names_kind_algorithm_and_key() -> None:
    token = minter().mint(ALICE, SESSION, now=NOW)

    header = jws.extract_compact(token.encode()).headers()

    assert header == {"alg": "Ed25519", "kid": KEY.kid, "typ": "at+jwt"}


def test_the_payload_carries_the_registered_claim_names() -> None:
    token = minter().mint(ALICE, SESSION, now=NOW)

    payload = msgspec.json.decode(jws.extract_compact(token.encode()).payload)

    assert set(payload) == {
        *("iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp", "kind", "name"),
    }


def test_no_two_tokens_have_the_same_id() -> None:
    tokens = minter()

    ids = {verifier().verify(tokens.mint(ALICE, SESSION, now=NOW), NOW).token_id for _ in range(10)}

    assert len(ids) == 10


def test_a_guest_is_bound_to_one_room() -> None:
    token = minter().mint(GUEST, SESSION, now=NOW, room_id=ROOM)

    claims = verifier().verify(token, NOW)

    assert claims.room_id == ROOM
    assert claims.audience == "hubbub-guest"


def test_who_admits_no_guests_refuses_their_tokens() -> None:
    token = minter().mint(GUEST, SESSION, now=NOW, room_id=ROOM)
    users_only = verifier(audiences={PersonKind.USER: AUDIENCES[PersonKind.USER]})

    with pytest.raises(Unauthorized):
        users_only.verify(token, NOW)


@pytest.mark.parametrize(
    ("person", "room_id"), [(ALICE, ROOM), (GUEST, None)], ids=["user", "guest"]
)
def test_guests_and_only_guests_get_a_room(person: Person, room_id: RoomId | None) -> None:
    with pytest.raises(ValueError, match="room"):
        minter().mint(person, SESSION, now=NOW, room_id=room_id)


def test_the_system_gets_no_token() -> None:
    system = Person(kind=PersonKind.SYSTEM, id=PersonId(ALICE.id), name="Hubbub")

    with pytest.raises(KeyError):
        minter().mint(system, SESSION, now=NOW)


@pytest.mark.parametrize("name", ["", "a" * 65])
def test_a_name_nobody_would_read_back_is_not_minted(name: str) -> None:
    with pytest.raises(ValueError, match="64"):
        minter().mint(msgspec.structs.replace(ALICE, name=name), SESSION, now=NOW)


@pytest.mark.parametrize("name", ["\N{PILE OF POO}" * 64, '"' * 64, "\x00" * 64, "é" * 64])
def test_every_name_of_64_characters_fits(name: str) -> None:
    named = msgspec.structs.replace(GUEST, name=name)

    token = minter().mint(named, SESSION, now=NOW, room_id=ROOM)

    assert len(token) < MAX_TOKEN_BYTES / 2
    assert verifier().verify(token, NOW).name == name


def test_leeway_forgives_clocks_that_differ() -> None:
    token = minter().mint(ALICE, SESSION, now=NOW)
    lenient = verifier(leeway_s=30)

    assert lenient.verify(token, NOW - 30).session_id == SESSION
    assert lenient.verify(token, NOW + LIFE_S + 29.9).session_id == SESSION
    with pytest.raises(Unauthorized):
        lenient.verify(token, NOW - 30.1)
    with pytest.raises(TokenExpired):
        lenient.verify(token, NOW + LIFE_S + 30)


@pytest.mark.parametrize("leeway_s", [-1, 60.1, 3600])
def test_nobody_may_be_too_lenient(leeway_s: float) -> None:
    with pytest.raises(ValueError, match="leeway_s"):
        verifier(leeway_s=leeway_s)


def test_a_rotated_key_signs_when_its_time_has_come() -> None:
    tokens = minter()
    tokens.keys = tokens.keys.rotated(NOW)
    old, new = (key.public for key in tokens.keys.keys)
    later = NOW + tokens.keys.lead_s
    assert (
        verifier(keys=KeyRing(old)).verify(tokens.mint(ALICE, SESSION, now=NOW), NOW).session_id
        == SESSION
    )
    assert (
        verifier(keys=KeyRing(new)).verify(tokens.mint(ALICE, SESSION, now=later), later).session_id
        == SESSION
    )


def test_a_token_of_an_ended_session_is_refused() -> None:
    revoked = RevokedSessions()
    revoked.add(SESSION, until=NOW + LIFE_S)
    token = minter().mint(ALICE, SESSION, now=NOW)

    with pytest.raises(SessionRevoked) as refusal:
        verifier(revoked=revoked).verify(token, NOW)

    assert (refusal.value.status, refusal.value.code) == (401, "session_revoked")


def test_other_sessions_of_the_same_person_go_on() -> None:
    revoked = RevokedSessions()
    revoked.add(SessionId(ROOM), until=NOW + LIFE_S)
    token = minter().mint(ALICE, SESSION, now=NOW)

    assert verifier(revoked=revoked).verify(token, NOW).session_id == SESSION


def test_after_a_flood_of_log_outs_old_tokens_want_a_refresh() -> None:
    revoked = RevokedSessions(max_sessions=1)
    old = minter().mint(ALICE, SESSION, now=NOW)
    fresh = minter().mint(ALICE, SESSION, now=NOW + 2)
    for number in range(3):
        revoked.add(SessionId(UUID(int=number)), until=NOW + LIFE_S + number)

    assert verifier(revoked=revoked).verify(fresh, NOW + 2).session_id == SESSION
    with pytest.raises(TokenExpired):
        verifier(revoked=revoked).verify(old, NOW + 2)


def test_an_ended_session_is_refused_for_as_long_as_leeway_would_let_it_in() -> None:
    revoked = RevokedSessions()
    revoked.add(SESSION, until=NOW + LIFE_S)
    token = minter().mint(ALICE, SESSION, now=NOW)
    late = NOW + LIFE_S + 59

    revoked.prune(late)

    with pytest.raises(SessionRevoked):
        verifier(revoked=revoked, leeway_s=60).verify(token, late)

"""The chain of refresh tokens: who gets a successor, and what ends the session."""

from dataclasses import replace
from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Unauthorized
from services.auth.core.sessions import (
    PREFIX,
    Ended,
    Exchange,
    Expired,
    RefreshChain,
    RefreshToken,
    Repeated,
    Reused,
    Rotated,
)
from services.auth.model.proofs import Method
from services.auth.model.sessions import Device, Session

NOON = 1_700_000_000.0
DAY_S = 86_400.0
ALICE = PersonId(UUID(int=1))
PHONE = Device("Firefox on Android", "192.0.2.1")
FIREFOX, CURL = b"f" * 32, b"c" * 32

CHAIN = RefreshChain(key=b"k" * 32, idle_s=7 * DAY_S, max_s=30 * DAY_S, grace_s=10.0)


def begun(*, chain: RefreshChain = CHAIN, session_id: int = 2) -> Rotated:
    return chain.begin(
        SessionId(UUID(int=session_id)),
        ALICE,
        device=PHONE,
        proved_by=(Method.PASSWORD,),
        client_hash=FIREFOX,
        now=NOON,
    )


def exchange(
    token: RefreshToken, session: Session, *, now: float, client: bytes = FIREFOX
) -> Exchange:
    return CHAIN.exchange(token, session, client_hash=client, now=now)


def rotated(before: Rotated, *, now: float) -> Rotated:
    after = exchange(before.token, before.session, now=now)
    assert isinstance(after, Rotated)
    return after


def test_the_newest_token_gets_a_successor() -> None:
    first = begun()

    second = rotated(first, now=NOON + 60)

    assert second.token != first.token
    assert second.session.generation == 1
    assert second.session.used_at == NOON + 60


def test_nothing_that_is_stored_opens_the_session() -> None:
    first = begun()

    assert first.token.mac not in first.session.token_hash
    assert first.session.token_hash == first.token.hashed()


def test_the_predecessor_gets_the_same_successor_for_a_moment() -> None:
    first = begun()
    second = rotated(first, now=NOON + 60)

    again = exchange(first.token, second.session, now=NOON + 70)

    assert again == Repeated(second.session, second.token)


def test_the_predecessor_ends_the_session_after_that_moment() -> None:
    first = begun()
    second = rotated(first, now=NOON + 60)

    assert exchange(first.token, second.session, now=NOON + 70.1) == Reused(second.session)


def test_the_predecessor_of_another_client_ends_the_session_at_once() -> None:
    first = begun()
    second = rotated(first, now=NOON + 60)

    stolen = exchange(first.token, second.session, now=NOON + 61, client=CURL)

    assert stolen == Reused(second.session)


def test_an_older_token_ends_the_session_even_within_that_moment() -> None:
    first = begun()
    third = rotated(rotated(first, now=NOON + 1), now=NOON + 2)

    assert exchange(first.token, third.session, now=NOON + 3) == Reused(third.session)


def test_a_browser_may_be_updated_between_two_refreshes() -> None:
    first = begun()

    after = exchange(first.token, first.session, now=NOON + 60, client=CURL)

    assert isinstance(after, Rotated)
    assert after.session.client_hash == CURL


def test_a_token_of_an_ended_session_is_told_so() -> None:
    first = begun()
    ended = replace(first.session, is_revoked=True)

    assert exchange(first.token, ended, now=NOON + 1) == Ended()


def test_each_refresh_starts_the_idle_time_anew() -> None:
    first = begun()
    second = rotated(first, now=NOON + 6 * DAY_S)

    assert first.session.expires_at == NOON + 7 * DAY_S
    assert second.session.expires_at == NOON + 13 * DAY_S


def test_no_refresh_takes_a_session_past_its_longest_life() -> None:
    link = begun()
    for day in range(5, 30, 5):
        link = rotated(link, now=NOON + day * DAY_S)

    assert link.session.expires_at == NOON + 30 * DAY_S
    with pytest.raises(Expired):
        exchange(link.token, link.session, now=NOON + 30 * DAY_S)


def test_an_unused_session_expires() -> None:
    first = begun()

    with pytest.raises(Expired):
        exchange(first.token, first.session, now=NOON + 7 * DAY_S)


@pytest.mark.parametrize("generation", [0, 1, 2, 3])
def test_a_token_that_was_never_issued_does_not_end_the_session(generation: int) -> None:
    second = rotated(begun(), now=NOON + 1)
    forged = RefreshToken(second.session.id, generation, b"?" * 32)

    with pytest.raises(Unauthorized):
        exchange(forged, second.session, now=NOON + 60)


def test_a_genuine_token_of_the_future_is_refused_after_a_restored_backup() -> None:
    first = begun()
    second = rotated(first, now=NOON + 1)

    with pytest.raises(Unauthorized):
        exchange(second.token, first.session, now=NOON + 2)


def test_a_token_of_one_session_is_worthless_in_another() -> None:
    mine, other = begun(), begun(session_id=3)
    moved = replace(mine.token, session_id=other.session.id)

    with pytest.raises(Unauthorized):
        exchange(moved, other.session, now=NOON)


def test_a_new_key_logs_nobody_out() -> None:
    before = begun(chain=replace(CHAIN, key=b"old" * 11))

    after = rotated(before, now=NOON + 60)

    assert rotated(after, now=NOON + 120).session.generation == 2


def test_a_lost_answer_of_the_old_key_is_refused_and_ends_nothing() -> None:
    old = replace(CHAIN, key=b"old" * 11)
    first = begun(chain=old)
    second = old.exchange(first.token, first.session, client_hash=FIREFOX, now=NOON + 1)
    assert isinstance(second, Rotated)

    with pytest.raises(Unauthorized):
        exchange(first.token, second.session, now=NOON + 2)


def test_the_same_successor_cannot_be_made_once_its_key_is_gone() -> None:
    first = begun()
    other = replace(CHAIN, key=b"new" * 11)
    second = other.exchange(first.token, first.session, client_hash=FIREFOX, now=NOON + 1)
    assert isinstance(second, Rotated)

    with pytest.raises(Unauthorized):
        exchange(first.token, second.session, now=NOON + 2)


def test_a_written_token_is_read_back() -> None:
    token = begun().token

    assert token.write().startswith(PREFIX)
    assert RefreshToken.read(token.write()) == token


@pytest.mark.parametrize(
    "text",
    ["", PREFIX, "x" * 74, PREFIX + "x" * 69, PREFIX + "x" * 71, PREFIX + "=" * 70, "é" * 74],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthorized):
        RefreshToken.read(text)

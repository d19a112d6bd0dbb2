"""Ended sessions are remembered for as long as their tokens could be shown, and no longer."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import SessionId
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import MAX_LEEWAY_S

NOW = 1_000.0


def session(number: int) -> SessionId:
    return SessionId(UUID(int=number))


def test_a_session_is_revoked_once_it_is_added() -> None:
    revoked = RevokedSessions()

    revoked.add(session(1), until=NOW)

    assert revoked.has(session(1))
    assert not revoked.has(session(2))


def test_a_session_is_forgotten_when_its_last_token_has_expired_for_every_verifier() -> None:
    revoked = RevokedSessions()
    revoked.add(session(1), until=NOW)

    revoked.prune(NOW + MAX_LEEWAY_S - 1)
    assert revoked.has(session(1))

    revoked.prune(NOW + MAX_LEEWAY_S)
    assert not revoked.has(session(1))
    assert len(revoked) == 0


def test_hearing_it_again_only_ever_extends_it() -> None:
    revoked = RevokedSessions()
    revoked.add(session(1), until=NOW)
    revoked.add(session(1), until=NOW + 500)
    revoked.add(session(1), until=NOW + 100)

    revoked.prune(NOW + 500)

    assert revoked.has(session(1))
    assert len(revoked) == 1


def test_pruning_does_not_count_as_a_flood() -> None:
    revoked = RevokedSessions()
    revoked.add(session(1), until=NOW)

    revoked.prune(NOW * 2)

    assert revoked.expired_until == 0


def test_when_full_the_one_that_ends_first_makes_room_and_its_time_is_remembered() -> None:
    revoked = RevokedSessions(max_sessions=2)
    revoked.add(session(1), until=NOW + 10)
    revoked.add(session(2), until=NOW + 5)

    revoked.add(session(3), until=NOW + 20)

    assert [revoked.has(session(number)) for number in (1, 2, 3)] == [True, False, True]
    assert revoked.expired_until == NOW + 5


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(1, 1000)), max_size=60), st.integers(1, 6))
def test_no_token_of_an_ended_session_ever_gets_through(
    ended: list[tuple[int, int]], max_sessions: int
) -> None:
    revoked = RevokedSessions(max_sessions=max_sessions)

    for number, until in ended:
        revoked.add(session(number), until=until)

    for number, until in ended:
        assert revoked.has(session(number)) or until <= revoked.expired_until
    assert len(revoked) <= max_sessions

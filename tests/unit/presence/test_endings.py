"""Leases are looked at when they may have ended, and at no other time."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import ConnectionId, PersonId
from services.presence.core.endings import Endings, Lease

ALICE = PersonId(UUID(int=1))


def lease(name: str, expires_at: float) -> Lease:
    return Lease(ALICE, ConnectionId(name), frozenset(), expires_at)


def move(endings: Endings, one: Lease, expires_at: float) -> None:
    one.expires_at = expires_at
    endings.put(one)


def test_a_lease_ends_once() -> None:
    endings, phone = Endings(), lease("phone", 45)
    endings.put(phone)

    assert endings.ended(44.9) == []
    assert endings.ended(45) == [phone]
    assert endings.ended(100) == []


def test_a_lease_that_is_renewed_ends_at_its_last_time() -> None:
    endings, phone = Endings(), lease("phone", 45)
    endings.put(phone)
    for now in (20, 40):
        move(endings, phone, now + 45)

    assert endings.ended(84) == []
    assert endings.ended(85) == [phone]


def test_a_lease_that_is_closed_ends_earlier() -> None:
    endings, phone = Endings(), lease("phone", 45)
    endings.put(phone)
    move(endings, phone, 13)

    assert endings.ended(13) == [phone]
    assert endings.ended(45) == []


def test_a_lease_that_is_opened_again_lives_on() -> None:
    endings, phone = Endings(), lease("phone", 45)
    endings.put(phone)
    move(endings, phone, 13)
    move(endings, phone, 57)

    assert endings.ended(50) == []
    assert endings.ended(57) == [phone]


moves = st.tuples(st.integers(0, 3), st.integers(0, 20), st.integers(0, 10))


@given(st.lists(moves, max_size=40))
def test_whatever_is_moved_ends_when_its_time_has_come(
    steps: list[tuple[int, int, int]],
) -> None:
    endings, now = Endings(), 0
    leases: dict[int, Lease] = {}

    for number, ahead, pause in steps:
        one = leases.setdefault(number, lease(str(number), now + ahead))
        move(endings, one, now + ahead)
        now += pause
        due = [name for name, one in leases.items() if one.expires_at <= now]

        assert {int(one.connection) for one in endings.ended(now)} == set(due)
        for name in due:
            del leases[name]

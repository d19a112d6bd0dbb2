"""The rules of the client: once each, in order, and when to come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub_client.core import ComeBack, Repeats, RoomLog, Unacked, come_back, delay_s
from hubbub_client.frames import Cursor, Frame, Refused

ROOM = "0190b5a0-0000-7000-8000-00000000000a"


def event(seq: int) -> Frame:
    return Frame("message", room_id=ROOM, seq=seq)


def seqs(events: list[Frame]) -> list[int | None]:
    return [event.seq for event in events]


def test_the_next_event_is_ready_at_once() -> None:
    log = RoomLog(Cursor("e", 3))

    assert seqs(log.offer(event(4))) == [4]
    assert log.cursor == Cursor("e", 4)


def test_an_event_seen_before_is_dropped() -> None:
    log = RoomLog(Cursor("e", 3))

    assert log.offer(event(3)) == []


def test_an_event_that_is_too_early_waits_for_the_one_before_it() -> None:
    log = RoomLog(Cursor("e", 3))

    assert log.offer(event(5)) == []
    assert log.is_missing_some
    assert seqs(log.offer(event(4))) == [4, 5]
    assert not log.is_missing_some


def test_after_a_gap_the_log_goes_on_from_its_end() -> None:
    log = RoomLog(Cursor("old", 3))
    log.offer(event(9))

    log.skip_to(Cursor("new", 8))

    assert seqs(log.offer(event(9))) == [9]
    assert log.cursor == Cursor("new", 9)


@given(st.permutations(range(1, 30)), st.lists(st.integers(1, 29)))
def test_whatever_the_order_each_event_comes_once_and_in_order(
    order: list[int], repeats: list[int]
) -> None:
    log = RoomLog(Cursor("e", 0))
    seen: list[int | None] = []

    for seq in [*order, *repeats]:
        seen += seqs(log.offer(event(seq)))

    assert seen == list(range(1, 30))


def test_unanswered_commands_stay_in_their_order() -> None:
    unacked = Unacked()
    for ref in ("1", "2", "3"):
        unacked.add(ref, "send_message", {"n": ref})

    assert unacked.answered("2")
    assert not unacked.answered("2")

    assert [ref for ref, _, _ in unacked] == ["1", "3"]


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        (1006, "", ComeBack.BACKOFF),
        (1012, "", ComeBack.AT_ONCE),
        (1013, "", ComeBack.LATER),
        (4401, "expired", ComeBack.AT_ONCE),
        (4401, "revoked", ComeBack.LOG_IN),
        (4403, "", ComeBack.NEVER),
        (4410, "", ComeBack.AT_ONCE),
        (4999, "", ComeBack.BACKOFF),
    ],
)
def test_a_close_code_says_whether_to_come_back(code: int, reason: str, expected: ComeBack) -> None:
    assert come_back(code, reason) is expected


def refused(code: str, *, retryable: bool, after_ms: int | None = None) -> Refused:
    return Refused({"code": code, "retryable": retryable, "retry_after_ms": after_ms})


def test_a_refusal_that_may_pass_is_repeated_with_growing_waits() -> None:
    repeats = Repeats()

    pauses = [repeats.pause_s(refused("unavailable", retryable=True)) for _ in range(7)]

    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_the_server_says_when_to_repeat() -> None:
    assert Repeats().pause_s(refused("rate_limited", retryable=False, after_ms=250)) == 0.25


def test_a_refusal_for_good_is_final() -> None:
    assert Repeats().pause_s(refused("not_member", retryable=False)) is None


def test_the_servers_own_mistake_is_repeated_once() -> None:
    repeats = Repeats()

    first = repeats.pause_s(refused("internal", retryable=True))
    meanwhile = repeats.pause_s(refused("unavailable", retryable=True))
    second = repeats.pause_s(refused("internal", retryable=True))

    assert (first, meanwhile, second) == (1, 2, None)


@pytest.mark.parametrize(("attempt", "longest"), [(0, 1), (1, 2), (2, 4), (5, 30), (50, 30)])
def test_the_wait_doubles_up_to_half_a_minute(attempt: int, longest: float) -> None:
    assert delay_s(attempt, lambda _low, high: high) == longest
    assert delay_s(attempt, lambda low, _high: low) == longest / 2

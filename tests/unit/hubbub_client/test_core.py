"""The rules of the client: once each, in order, and when to come back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub_client.core import (
    ComeBack,
    Repeats,
    Returns,
    RoomLog,
    Unacked,
    come_back,
    delay_s,
)
from hubbub_client.frames import Cursor, Frame, Refused

ROOM = "0190b5a0-0000-7000-8000-00000000000a"


def event(seq: int) -> Frame:
    return Frame("message", room_id=ROOM, seq=seq)


def shortest(low: float, _high: float) -> float:
    return low


def longest(_low: float, high: float) -> float:
    return high


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
        (4429, "", ComeBack.MUCH_LATER),
        (4410, "", ComeBack.AT_ONCE),
        (4999, "", ComeBack.BACKOFF),
    ],
)
def test_a_close_code_says_whether_to_come_back(code: int, reason: str, expected: ComeBack) -> None:
    assert come_back(code, reason) is expected


def refused(code: str, *, retryable: bool, after_ms: int | None = None) -> Refused:
    return Refused({"code": code, "retryable": retryable, "retry_after_ms": after_ms})


def test_a_refusal_that_may_pass_is_repeated_every_two_seconds_at_the_latest() -> None:
    repeats = Repeats()

    pauses = [repeats.pause_s(refused("unavailable", retryable=True), longest) for _ in range(7)]

    assert pauses == [1, 2, 2, 2, 2, 2, 2]


def test_those_refused_together_do_not_repeat_together() -> None:
    refusal = refused("unavailable", retryable=True)

    assert Repeats().pause_s(refusal, shortest) == 0.5
    assert Repeats().pause_s(refusal, longest) == 1


def test_the_server_says_when_to_repeat() -> None:
    refusal = refused("rate_limited", retryable=False, after_ms=250)

    assert Repeats().pause_s(refusal, longest) == 0.25


def test_a_refusal_for_good_is_final() -> None:
    assert Repeats().pause_s(refused("not_member", retryable=False), longest) is None


def test_the_servers_own_mistake_is_repeated_once() -> None:
    repeats = Repeats()

    first = repeats.pause_s(refused("internal", retryable=True), longest)
    meanwhile = repeats.pause_s(refused("unavailable", retryable=True), longest)
    second = repeats.pause_s(refused("internal", retryable=True), longest)

    assert (first, meanwhile, second) == (1, 2, None)


@pytest.mark.parametrize(("attempt", "most"), [(0, 1), (1, 2), (2, 4), (5, 30), (50, 30)])
def test_the_wait_doubles_up_to_a_limit(attempt: int, most: float) -> None:
    assert delay_s(attempt, longest, max_s=30) == most
    assert delay_s(attempt, shortest, max_s=30) == most / 2


def waits(returns: Returns, *, ready_for_s: float, times: int) -> list[float]:
    """Return the waits after as many connections that were cut `ready_for_s` after `ready`."""
    found = []
    for start in range(1_000, 1_000 * (times + 1), 1_000):
        returns.ready(start)
        found.append(returns.wait_s(ComeBack.BACKOFF, start + ready_for_s))
    return found


def test_a_network_that_fails_every_few_seconds_does_not_keep_a_client_away() -> None:
    assert waits(Returns(longest), ready_for_s=5, times=6) == [1, 1, 1, 1, 1, 1]


def test_a_server_that_falls_when_its_clients_are_back_sees_them_less_and_less_often() -> None:
    assert waits(Returns(longest), ready_for_s=4, times=6) == [1, 2, 4, 8, 16, 30]


def test_a_server_that_lets_nobody_in_is_asked_less_and_less_often() -> None:
    returns = Returns(longest)

    assert [returns.wait_s(ComeBack.BACKOFF, 60 * n) for n in range(6)] == [1, 2, 4, 8, 16, 30]


def test_what_lasted_once_is_forgotten_at_the_next_cut() -> None:
    returns = Returns(longest)
    waits(returns, ready_for_s=60, times=1)

    assert returns.wait_s(ComeBack.BACKOFF, 2_000) == 2


def test_those_told_the_same_time_come_back_spread_behind_it() -> None:
    first, last = Returns(shortest), Returns(longest)
    for returns in (first, last):
        returns.told(2, 100)

    assert first.wait_s(ComeBack.BACKOFF, 100) == 2.5
    assert last.wait_s(ComeBack.BACKOFF, 100) == 3


def test_a_server_that_drains_is_left_when_it_said_and_not_as_long_again_later() -> None:
    returns = Returns(longest)
    returns.ready(0)
    returns.told(15, 100)

    assert returns.wait_s(ComeBack.AT_ONCE, 115) == 1


def test_what_was_told_holds_for_one_return() -> None:
    returns = Returns(longest)
    returns.told(30, 100)
    returns.wait_s(ComeBack.BACKOFF, 100)

    assert returns.wait_s(ComeBack.AT_ONCE, 101) == 1


@pytest.mark.parametrize(("what_next", "least"), [(ComeBack.LATER, 4), (ComeBack.MUCH_LATER, 30)])
def test_some_closes_ask_for_a_longer_wait(what_next: ComeBack, least: float) -> None:
    assert Returns(shortest).wait_s(what_next, 0) == least + 0.5


def test_coming_back_at_once_neither_grows_nor_counts() -> None:
    returns = Returns(longest)

    at_once = [returns.wait_s(ComeBack.AT_ONCE, 0) for _ in range(5)]

    assert at_once == [1] * 5
    assert returns.wait_s(ComeBack.BACKOFF, 0) == 1

"""When a client goes from sockets to polls and back, and what an end means."""

import json

import pytest

from hubbub_client.core import ComeBack
from hubbub_client.ways import (
    Patience,
    Way,
    Ways,
    ended_by_answer,
    ended_by_close,
    is_our_refusal,
    seconds,
)

PATIENCE = Patience(failed_upgrades=3, failed_within_s=60, socket_again_s=300)


def after_failures(*at: float) -> Ways:
    ways = Ways(PATIENCE)
    for now in at:
        ways.upgrade_failed(now)
    return ways


def test_two_failed_upgrades_are_not_enough_to_poll() -> None:
    assert not after_failures(0, 30).may_poll


def test_three_failed_upgrades_within_a_minute_are() -> None:
    assert after_failures(0, 30, 59).may_poll


def test_an_old_failure_does_not_count() -> None:
    assert not after_failures(0, 30, 60).may_poll


def test_a_socket_that_worked_in_between_makes_the_failures_forgotten() -> None:
    ways = after_failures(0, 1)

    ways.socket_works()
    ways.upgrade_failed(2)

    assert not ways.may_poll


def test_one_stays_with_sockets_until_a_poll_has_worked() -> None:
    ways = after_failures(0, 1, 2)
    before = ways.way

    ways.polls_work(3)

    assert (before, ways.way) == (Way.SOCKET, Way.POLLS)


def test_who_polls_tries_a_socket_every_five_minutes() -> None:
    ways = after_failures(0, 1, 2)
    ways.polls_work(3)
    assert ways.socket_in_s(3) == 300

    ways.polls_work(200)
    assert ways.socket_in_s(200) == 103

    ways.socket_was_tried(303)
    assert (ways.socket_in_s(303), ways.socket_in_s(700)) == (300, 0)


def test_who_polls_goes_on_to_poll_whatever_fails() -> None:
    ways = after_failures(0, 1, 2)
    ways.polls_work(3)

    assert ways.may_poll
    assert ways.way is Way.POLLS


def test_a_socket_that_is_ready_ends_the_polling() -> None:
    ways = after_failures(0, 1, 2)
    ways.polls_work(3)

    ways.socket_works()

    assert ways.way is Way.SOCKET
    assert not ways.may_poll


@pytest.mark.parametrize("status", [200, 301, 400, 403, 404, 426, 502, 503])
def test_an_answer_that_is_not_ours_is_a_failed_upgrade(status: int) -> None:
    ended = ended_by_answer(status, "", is_ours=False)

    assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.BACKOFF, True)


@pytest.mark.parametrize("status", [400, 404, 426])
def test_so_is_one_of_ours_to_a_request_that_lost_its_upgrade(status: int) -> None:
    assert ended_by_answer(status, "", is_ours=True).has_upgrade_failed


@pytest.mark.parametrize("status", [401, 403])
def test_who_may_not_enter_stops(status: int) -> None:
    ended = ended_by_answer(status, "", is_ours=True)

    assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.NEVER, False)
    assert ended.why == f"http {status}"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_has_no_room_is_asked_again_over_a_socket(status: int) -> None:
    ended = ended_by_answer(status, "7", is_ours=True)

    assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.BACKOFF, False)
    assert ended.told_s == 7


@pytest.mark.parametrize("code", [1001, 1002, 1006, 1011, 4408])
def test_a_socket_that_ends_before_it_is_ready_is_a_failed_upgrade(code: int) -> None:
    ended = ended_by_close(code, "", was_ready=False)

    assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.BACKOFF, True)


@pytest.mark.parametrize("code", [1009, 1012, 1013, 4400, 4401, 4403, 4409, 4429])
def test_unless_the_server_itself_says_why(code: int) -> None:
    assert not ended_by_close(code, "", was_ready=False).has_upgrade_failed


def test_a_socket_that_was_ready_did_get_through() -> None:
    ended = ended_by_close(1006, "", was_ready=True)

    assert (ended.what_next, ended.has_upgrade_failed) == (ComeBack.BACKOFF, False)


def test_an_end_says_why() -> None:
    assert ended_by_close(4401, "revoked", was_ready=True).why == "4401 revoked"


@pytest.mark.parametrize(
    ("body", "is_ours"),
    [
        ('{"code":"invalid","message":"","retryable":false}', True),
        ('{"code":502}', False),
        ('["code","retryable"]', False),
        ("null", False),
    ],
)
def test_our_refusals_are_known_by_their_members(body: str, *, is_ours: bool) -> None:
    assert is_our_refusal(json.loads(body)) is is_ours


@pytest.mark.parametrize(
    ("header", "expected"), [("", 0), ("12", 12), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-1", 0)]
)
def test_only_seconds_are_taken_from_retry_after(header: str, expected: float) -> None:
    assert seconds(header) == expected

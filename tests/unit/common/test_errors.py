"""Refusals keep their meaning on the way through other processes."""

import json

import pytest

from libs.common.bus.asking import read_answer
from libs.common.errors import (
    ChatError,
    Conflict,
    Invalid,
    TimedOut,
    TooMany,
    Unavailable,
    error_from,
)
from libs.common.times import rfc3339


class Taken(Conflict):
    code = "test_name_taken"
    message = "Somebody has this name."


def test_a_refusal_says_its_code_and_whether_to_try_again() -> None:
    assert Unavailable().body() == {
        "code": "unavailable",
        "message": "This part of the chat is not reachable right now.",
        "retryable": True,
    }


@pytest.mark.parametrize("family", ChatError.__subclasses__(), ids=lambda family: family.code)
def test_only_what_may_pass_is_worth_another_try(family: type[ChatError]) -> None:
    assert family.retryable is issubclass(family, Unavailable | TimedOut)


def test_our_own_mistake_is_worth_another_try() -> None:
    """Once, says docs/protocol.md, section 8; the client counts."""
    body = ChatError(error_id="e-1").body()

    assert (body["code"], body["retryable"], body["error_id"]) == ("internal", True, "e-1")


def test_only_details_that_are_there_are_told() -> None:
    body = Invalid(fields={"name": "too long"}).body()

    assert body["fields"] == {"name": "too long"}
    assert "retry_after_ms" not in body


def test_a_refusal_that_was_written_down_comes_back_as_itself() -> None:
    refusal = error_from(TooMany(retry_after_ms=250).body())

    assert type(refusal) is TooMany
    assert refusal.retry_after_ms == 250


def test_a_specific_refusal_is_found_below_its_kind() -> None:
    refusal = error_from(Taken().body())

    assert type(refusal) is Taken
    assert str(refusal) == "Somebody has this name."


def test_an_unknown_code_is_our_own_trouble() -> None:
    assert type(error_from({"code": "never_heard_of"})) is ChatError


def test_an_ack_is_read_and_an_error_is_raised() -> None:
    ack = json.dumps({"type": "ack", "ref": "1", "ts": "", "data": {"seq": 7}})
    error = json.dumps({"type": "error", "ref": "1", "ts": "", "data": Taken().body()})

    assert read_answer(ack.encode()) == {"seq": 7}
    with pytest.raises(Taken):
        read_answer(error.encode())


def test_times_are_written_in_utc_with_milliseconds() -> None:
    assert rfc3339(1_700_000_000.1239) == "2023-11-14T22:13:20.123Z"

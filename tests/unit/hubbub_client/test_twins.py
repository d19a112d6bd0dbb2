"""Commands over HTTP come to the frames with which a socket answers."""

from typing import Any

import pytest

from hubbub_client.frames import Json
from hubbub_client.twins import UNKNOWN, Answer, NoTwin, Request, answer_to, request_for

MESSAGE = {"id": "m1", "seq": 7, "rev": 2, "created_at": "2030-01-01T00:00:00.000Z"}


@pytest.mark.parametrize(
    ("type_", "data", "request_"),
    [
        (
            "send_message",
            {"room_id": "r", "client_msg_id": "k", "content": "Tea?"},
            Request(
                "POST",
                "/v1/rooms/r/messages",
                {"content": "Tea?"},
                headers={"idempotency-key": "k"},
            ),
        ),
        (
            "edit_message",
            {"room_id": "r", "message_id": "m", "content": "Tea!", "expected_rev": 1},
            Request("PATCH", "/v1/messages/m", {"content": "Tea!", "expected_rev": 1}),
        ),
        (
            "delete_message",
            {"room_id": "r", "message_id": "m"},
            Request("DELETE", "/v1/messages/m"),
        ),
        (
            "add_reaction",
            {"room_id": "r", "message_id": "m", "emoji": "👍"},
            Request("PUT", "/v1/messages/m/reactions/%F0%9F%91%8D"),
        ),
        (
            "remove_reaction",
            {"room_id": "r", "message_id": "m", "emoji": "1/2"},
            Request("DELETE", "/v1/messages/m/reactions/1%2F2"),
        ),
        ("read", {"room_id": "r", "seq": 5}, Request("PUT", "/v1/rooms/r/read", {"seq": 5})),
        (
            "set_presence",
            {"state": "away", "status_text": "lunch"},
            Request("PUT", "/v1/presence", {"state": "away", "status_text": "lunch"}),
        ),
        (
            "sync",
            {"room_id": "r", "after_seq": 3, "limit": 10},
            Request("GET", "/v1/rooms/r/events", query={"after_seq": 3, "limit": 10}),
        ),
    ],
)
def test_a_command_has_a_twin(type_: str, data: Json, request_: Request) -> None:
    assert request_for(type_, data) == request_


def test_a_message_takes_with_it_what_else_it_has() -> None:
    data = {"room_id": "r", "client_msg_id": "k", "content": "c", "reply_to": "m", "thread_root": 0}

    request = request_for("send_message", data | {"attachments": []})

    assert request.body == {"content": "c", "reply_to": "m"}


@pytest.mark.parametrize("type_", ["typing", "refresh", "ping", "of_tomorrow"])
def test_some_have_none(type_: str) -> None:
    with pytest.raises(NoTwin):
        request_for(type_, {})


def test_a_command_that_lacks_a_field_is_found_out() -> None:
    with pytest.raises(KeyError, match="content"):
        request_for("send_message", {"room_id": "r"})


@pytest.mark.parametrize(
    ("type_", "answer", "data"),
    [
        (
            "send_message",
            Answer(201, {"message": MESSAGE}),
            {"message_id": "m1", "seq": 7, "ts": MESSAGE["created_at"], "duplicate": False},
        ),
        (
            "send_message",
            Answer(200, {"message": MESSAGE}),
            {"message_id": "m1", "seq": 7, "ts": MESSAGE["created_at"], "duplicate": True},
        ),
        ("edit_message", Answer(200, {"message": MESSAGE}), {"rev": 2}),
        ("delete_message", Answer(204, {}), {}),
        ("add_reaction", Answer(200, {"changed": True}), {"changed": True}),
        ("remove_reaction", Answer(200, {"changed": False}), {"changed": False}),
        ("read", Answer(200, {"read_seq": 5}), {"read_seq": 5}),
        ("set_presence", Answer(200, {"state": "away", "status_text": None}), {"state": "away"}),
    ],
)
def test_its_answer_is_an_ack(type_: str, answer: Answer, data: Json) -> None:
    frame = answer_to(type_, "9", answer)

    assert (frame.type, frame.ref, frame.data) == ("ack", "9", data)


@pytest.mark.parametrize(("cursor", "has_more"), [(None, False), ("further", True)])
def test_a_page_of_the_log_is_the_answer_to_sync(cursor: str | None, *, has_more: bool) -> None:
    body: dict[str, Any] = {"items": [{"type": "message"}], "next_cursor": cursor, "head_seq": 9}

    frame = answer_to("sync", "9", Answer(200, body))

    assert frame.type == "events"
    assert frame.data == {"events": [{"type": "message"}], "head_seq": 9, "more": has_more}


def test_a_refusal_keeps_everything_that_it_says() -> None:
    refusal = {"code": "slow_mode", "message": "", "retryable": True, "retry_after_ms": 900}

    frame = answer_to("send_message", "9", Answer(429, refusal))

    assert (frame.type, frame.ref, frame.data) == ("error", "9", refusal)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(502, None),
        Answer(503, {"detail": "the balancer's own words"}),
        Answer(200, None),
        Answer(200, {"welcome": "to the free wireless network"}),
        Answer(200, {"message": "of the day"}),
    ],
)
def test_what_nobody_of_ours_answered_is_an_unknown_outcome(answer: Answer) -> None:
    frame = answer_to("send_message", "9", answer)

    assert (frame.type, frame.data) == ("error", UNKNOWN)
    assert UNKNOWN["retryable"] is True

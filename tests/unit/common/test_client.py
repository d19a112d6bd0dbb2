"""Services call each other, and what goes wrong between them is never the end user's fault."""

import httpx
import pytest
import structlog

from libs.common import logs, tracing
from libs.common.errors import ChatError, Conflict, NotFound, TimedOut, TooMany, Unavailable
from libs.common.http import deadline
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import CallingService
from libs.common.tracing import Trace
from tests.unit.common.calling import Answer, Packed, Question, Wire, client_over, says
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import Site


class RoomClosed(Conflict):
    code = "room_closed"


async def refusal_of(status: int, body: object, *refusals: type[ChatError]) -> ChatError:
    async with client_over(Wire(says(status, body))) as client:
        with pytest.raises(ChatError) as refused:
            await client.get("/internal/x", Answer, refusals=refusals)
    return refused.value


async def test_a_call_says_who_asks_for_whom_and_how_long_it_may_take() -> None:
    wire = Wire(says(200, {"text": "hello"}))
    trace = Trace("r1", "a" * 32, "b" * 16, is_sampled=True)

    with tracing.use(trace):
        async with client_over(wire) as client, deadline.within(2):
            await client.get("/internal/x", Answer, params={"q": "tea"})

    (request,) = wire.requests
    assert str(request.url) == "http://messages.test:9000/internal/x?q=tea"
    assert request.headers["authorization"] == "Bearer rooms"
    assert request.headers["x-request-id"] == "r1"
    assert request.headers["traceparent"].startswith(f"00-{'a' * 32}-")
    assert request.headers["traceparent"] != trace.traceparent
    assert 1900 < int(request.headers["x-deadline-ms"]) <= 2000


async def test_a_call_outside_of_any_request_has_the_time_of_the_settings() -> None:
    wire = Wire(says(200, {"text": "hello"}))

    async with client_over(wire, internal_timeout_s=1) as client:
        await client.get("/internal/x", Answer)

    assert 900 < int(wire.requests[0].headers["x-deadline-ms"]) <= 1000
    assert "x-request-id" not in wire.requests[0].headers


async def test_models_and_structs_go_out_and_come_back() -> None:
    wire = Wire(lambda request: httpx.Response(200, content=request.content))

    async with client_over(wire) as client:
        model = await client.post("/internal/x", Answer, body=Question(text="tea"))
        struct = await client.post("/internal/x", Packed, body=Packed(text="tea"))

    assert (model, struct) == (Answer(text="tea"), Packed(text="tea"))
    assert wire.requests[0].headers["content-type"] == "application/json"


async def test_a_refusal_that_is_understood_is_raised_as_it_was_meant() -> None:
    body = {"code": "room_closed", "message": "m", "fields": {"room_id": "is closed"}}

    refusal = await refusal_of(409, body, RoomClosed)

    assert type(refusal) is RoomClosed
    assert refusal.fields == {"room_id": "is closed"}


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "not_found", NotFound),
        (409, "conflict", Conflict),
        (429, "rate_limited", TooMany),
        (504, "timeout", TimedOut),
        (503, "unavailable", Unavailable),
    ],
)
async def test_the_common_refusals_need_not_be_named(
    status: int, code: str, kind: type[ChatError]
) -> None:
    refusal = await refusal_of(status, {"code": code, "retry_after_ms": 70})

    assert type(refusal) is kind
    assert refusal.retry_after_ms == 70


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"code": "unauthenticated"}),
        (403, {"code": "forbidden"}),
        (422, {"code": "invalid", "fields": {"text": "is required"}}),
        (409, {"code": "room_closed"}),
        (404, {"code": "method_not_allowed"}),
        (500, {"code": "internal", "error_id": "e1"}),
        (502, b"<html>Bad gateway"),
        (404, [1]),
        (302, b""),
    ],
)
async def test_any_other_refusal_is_our_own_trouble(status: int, body: object) -> None:
    with written_logs() as lines:
        refusal = await refusal_of(status, body)

    assert type(refusal) is Unavailable
    (line,) = lines.of("internal_call_refused")
    assert (line["level"], line["status"]) == ("error", status)
    assert (line["callee"], line["path"]) == ("messages", "/internal/x")


async def test_a_callee_that_is_busy_is_no_error_of_ours() -> None:
    with written_logs() as lines:
        await refusal_of(503, {"code": "unavailable"})

    assert lines.of("internal_call_refused")[0]["level"] == "warning"


@pytest.mark.parametrize("kind", [Answer, Packed])
@pytest.mark.parametrize("body", [{"text": 7}, {}, b"", b"{"])
async def test_an_answer_of_another_shape_is_our_own_trouble(
    kind: type[Answer] | type[Packed], body: object
) -> None:
    async with client_over(Wire(says(200, body))) as client:
        with written_logs() as lines, pytest.raises(Unavailable):
            await client.get("/internal/x", kind)

    assert lines.of("internal_answer_invalid")[0]["answer"] == kind.__name__


async def test_an_answer_that_is_too_large_is_not_taken() -> None:
    async with client_over(Wire(says(200, b" " * 2000)), internal_max_answer_bytes=1024) as client:
        with pytest.raises(Unavailable):
            await client.get("/internal/x", Answer)


async def test_both_ends_fit_together() -> None:
    heard: list[object] = []

    async def answer(body: Question, caller: CallingService) -> Answer:
        """Answer a question."""
        heard.extend([caller.name, tracing.current(), deadline.remaining_s()])
        return Answer(text=body.text.upper())

    site = Site(Endpoint("POST", "/internal/answers", answer, admits={"rooms"}))

    async with client_over(httpx.ASGITransport(site.internal())) as client:
        found = await client.post("/internal/answers", Answer, body=Question(text="tea"))

    assert found.text == "TEA"
    assert heard[0] == "rooms"
    assert isinstance(heard[2], float)
    assert 2 < heard[2] <= 3


async def test_a_call_in_the_same_process_leaves_the_callers_own_context_alone() -> None:
    async def answer(body: Question) -> Answer:
        """Answer a question."""
        return Answer(text=body.text)

    site = Site(Endpoint("POST", "/internal/answers", answer, admits={"rooms"}))

    with written_logs() as lines, logs.bind(service="gateway", user_id="alice"):
        async with client_over(httpx.ASGITransport(site.internal())) as client:
            await client.post("/internal/answers", Answer, body=Question(text="tea"))
        structlog.get_logger().info("call_made")

    assert lines.of("request_handled")[0]["service"] == "rooms"
    (line,) = lines.of("call_made")
    assert (line["service"], line["user_id"]) == ("gateway", "alice")

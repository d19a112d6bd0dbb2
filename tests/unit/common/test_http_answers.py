"""What a handler returns or raises is what the client gets, in one shape."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from libs.common.errors import (
    ChatError,
    Conflict,
    Forbidden,
    NotFound,
    TooMany,
    Unavailable,
    error_from,
)
from libs.common.http.endpoint import Endpoint
from libs.common.http.problems import BodyTooSlow, ForeignOrigin, MethodNotAllowed, NotReady
from libs.common.http.reply import Cookie, Page, Reply
from libs.common.http.settings import HttpSettings
from tests.unit.common.speaking import written_logs
from tests.unit.common.web import AS_ALICE, Site, browser, call


class Room(BaseModel):
    title: str


TEA = Room(title="Tea ☕")


class TitleTaken(Conflict):
    code = "title_taken"
    message = "You have a room of this title."


async def none() -> None:
    """Do it."""


async def room() -> Room:
    """Give a room."""
    return TEA


async def test_a_model_becomes_json_that_says_its_charset() -> None:
    answer = await call(Endpoint("GET", "/v1/x", room), "GET", "/v1/x")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.content == '{"title":"Tea ☕"}'.encode()


async def test_nothing_becomes_204_without_a_body() -> None:
    answer = await call(Endpoint("POST", "/v1/x", none), "POST", "/v1/x")

    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


async def test_the_endpoint_says_what_success_answers() -> None:
    assert (
        await call(Endpoint("POST", "/v1/x", room, status=201), "POST", "/v1/x")
    ).status_code == 201


async def test_a_page_without_a_next_one_says_so() -> None:
    async def rooms() -> Page[Room]:
        """List rooms."""
        return Page(items=[TEA], next_cursor=None)

    answer = await call(Endpoint("GET", "/v1/x", rooms), "GET", "/v1/x")

    assert answer.json() == {"items": [{"title": "Tea ☕"}], "next_cursor": None}


async def test_a_reply_chooses_status_headers_and_cookies() -> None:
    async def log_in() -> Reply[Room | None]:
        """Log in."""
        cookie = Cookie("__Host-refresh", "s3cret", max_age_s=60, path="/", is_secure=True)
        return Reply(TEA, status=201, cookies=(cookie,), headers={"x-more": "1"})

    answer = await call(Endpoint("POST", "/v1/x", log_in, also=(201,)), "POST", "/v1/x")

    assert answer.status_code == 201
    assert answer.headers["x-more"] == "1"
    assert answer.headers["set-cookie"] == (
        "__Host-refresh=s3cret; HttpOnly; Max-Age=60; Path=/; SameSite=strict; Secure"
    )


async def test_a_reply_without_a_status_has_that_of_its_endpoint() -> None:
    async def log_out() -> Reply[None]:
        """Log out."""
        gone = Cookie("refresh", "", max_age_s=0, path="/v1/auth", is_secure=False)
        return Reply(None, cookies=(gone,))

    answer = await call(Endpoint("POST", "/v1/x", log_out), "POST", "/v1/x")

    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "Secure" not in answer.headers["set-cookie"]


async def test_a_ready_response_keeps_its_own_headers_and_gets_the_rest() -> None:
    async def download() -> Response:
        """Give a file."""
        return Response(b"x", headers={"content-security-policy": "sandbox"})

    answer = await call(Endpoint("GET", "/v1/x", download), "GET", "/v1/x")

    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_head_answers_like_get() -> None:
    answer = await call(Endpoint("GET", "/v1/x", room), "HEAD", "/v1/x")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("refusal", "status", "body"),
    [
        (NotFound(), 404, {"code": "not_found", "retryable": False}),
        (Forbidden(), 403, {"code": "forbidden", "retryable": False}),
        (Unavailable(), 503, {"code": "unavailable", "retryable": True}),
        (
            TitleTaken(fields={"title": "is taken"}),
            409,
            {"code": "title_taken", "retryable": False, "fields": {"title": "is taken"}},
        ),
    ],
)
async def test_a_refusal_becomes_its_status_and_body(
    refusal: ChatError, status: int, body: dict[str, object]
) -> None:
    async def refuse() -> None:
        """Refuse."""
        raise refusal

    answer = await call(Endpoint("POST", "/v1/x", refuse), "POST", "/v1/x")

    assert answer.status_code == status
    assert answer.json() == body | {"message": str(refusal)}


@pytest.mark.parametrize(
    ("wait_ms", "seconds"), [(1, "1"), (1000, "1"), (1001, "2"), (60_000, "60")]
)
async def test_a_wait_is_rounded_up_to_whole_seconds_for_the_header(
    wait_ms: int, seconds: str
) -> None:
    async def refuse() -> None:
        """Refuse."""
        raise TooMany(retry_after_ms=wait_ms)

    answer = await call(Endpoint("POST", "/v1/x", refuse), "POST", "/v1/x")

    assert answer.status_code == 429
    assert answer.headers["retry-after"] == seconds
    assert answer.json()["retry_after_ms"] == wait_ms


async def test_who_is_not_logged_in_is_told_how() -> None:
    answer = await call(Endpoint("GET", "/v1/x", room), "GET", "/v1/x", headers={})

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_path_of_nobody_is_not_found_in_the_same_shape() -> None:
    answer = await call(Endpoint("GET", "/v1/x", room), "GET", "/v1/y")

    assert answer.status_code == 404
    assert answer.json() == NotFound().body()


@pytest.mark.parametrize("path", ["/v1/x/", "//v1/x", "/v1/X"])
async def test_a_path_is_exact_and_nobody_is_sent_elsewhere(path: str) -> None:
    answer = await call(Endpoint("GET", "/v1/x", room), "GET", f"http://chat.test{path}")

    assert answer.status_code == 404
    assert "location" not in answer.headers


@pytest.mark.parametrize("method", ["PUT", "TRACE", "OPTIONS", "BREW"])
async def test_a_method_that_is_not_there_is_refused_and_told_which_are(method: str) -> None:
    site = Site(Endpoint("GET", "/v1/x", room), Endpoint("DELETE", "/v1/x", none))

    async with browser(site.public(), headers=AS_ALICE) as alice:
        answer = await alice.request(method, "/v1/x")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "DELETE, GET"


async def crash() -> Room:
    """Fall over."""
    raise RuntimeError("SELECT secret FROM canary")


async def test_our_own_mistake_is_told_as_an_error_id_and_logged_once_with_its_traceback() -> None:
    with written_logs() as lines:
        answer = await call(Endpoint("GET", "/v1/x/{y}", crash_at), "GET", "/v1/x/7")

    assert answer.status_code == 500
    body = answer.json()
    assert body["code"] == "internal"
    assert "canary" not in answer.text
    (line,) = lines.of("request_failed")
    assert line["error_id"] == body["error_id"]
    assert "RuntimeError: SELECT secret FROM canary" in line["exception"]
    assert line["route"] == "/v1/x/{y}"
    assert lines.text().count("Traceback") == 1


async def crash_at(y: int) -> Room:
    """Fall over."""
    return await crash()


async def test_a_handler_that_returns_what_it_did_not_promise_is_our_mistake() -> None:
    async def lie() -> Room:
        """Lie."""
        return json.loads("[1]")  # type: ignore[no-any-return]

    assert (await call(Endpoint("GET", "/v1/x", lie), "GET", "/v1/x")).status_code == 500


async def test_an_answer_that_breaks_off_is_left_to_the_server() -> None:
    async def broken() -> Response:
        """Break off."""

        async def parts() -> AsyncIterator[bytes]:
            yield b"x"
            raise RuntimeError("the file is gone")

        return StreamingResponse(parts())

    site = Site(Endpoint("GET", "/v1/x", broken))
    async with browser(site.public(), headers=AS_ALICE) as alice:
        with pytest.raises(RuntimeError, match="the file is gone"):
            await alice.get("/v1/x")

    labels = {"listener": "public", "method": "GET", "route": "/v1/x"}
    assert site.metric("http_requests_total", **labels, status="200") == 1


async def test_a_handler_that_takes_too_long_is_cut_off() -> None:
    async def dawdle() -> None:
        """Wait for ever."""
        await asyncio.Event().wait()

    endpoint = Endpoint("POST", "/v1/x", dawdle, timeout_s=0.01)
    answer = await call(endpoint, "POST", "/v1/x")
    assert (answer.status_code, answer.json()["code"]) == (504, "timeout")

    site = Site(
        Endpoint("POST", "/v1/x", dawdle), settings=HttpSettings(http_request_timeout_s=0.01)
    )
    async with browser(site.public(), headers=AS_ALICE) as alice:
        assert (await alice.post("/v1/x")).status_code == 504


async def test_a_timeout_inside_a_handler_is_not_mistaken_for_its_own() -> None:
    async def late() -> None:
        """Time out inside."""
        raise TimeoutError

    assert (await call(Endpoint("POST", "/v1/x", late), "POST", "/v1/x")).status_code == 500


def test_every_refusal_of_the_http_layer_can_be_read_back_from_its_body() -> None:
    for refusal in (MethodNotAllowed.but(["GET"]), BodyTooSlow(), ForeignOrigin(), NotReady()):
        assert type(error_from(refusal.body())) is type(refusal)

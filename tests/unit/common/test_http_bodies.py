"""A body is read once, within limits, and only if it can be what it claims to be."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request
from starlette.types import Message

from libs.common.errors import ChatError
from libs.common.http.body import MAX_DEPTH, inspect
from libs.common.http.endpoint import Endpoint
from libs.common.http.problems import MAX_FAULTS
from libs.common.http.settings import HttpSettings
from tests.unit.common.web import AS_ALICE, Site, browser, call

JSON = {"content-type": "application/json"}


class Post(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = ""
    more: object = None


async def post(body: Post) -> Post:
    """Post."""
    return body


async def upload(request: Request) -> None:
    """Take a file in parts."""
    async for _ in request.stream():
        pass


POST = Endpoint("POST", "/v1/posts", post)


async def outcome(raw: bytes, **headers: str) -> tuple[int, str]:
    answer = await call(
        POST, "POST", "/v1/posts", content=raw, headers={**AS_ALICE, **JSON, **headers}
    )
    return answer.status_code, answer.json().get("code", "")


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff", b'{"text": "\xed\xa0\x80"}', b'{"text": NaN}', b"\xef\xbb\xbf{}", b"{}{}"],
)
async def test_what_is_not_json_is_malformed(raw: bytes) -> None:
    assert await outcome(raw) == (400, "bad_json")


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("", 415),
    ],
)
async def test_only_json_is_taken_for_json(kind: str, status: int) -> None:
    answer = await call(
        POST, "POST", "/v1/posts", content=b"{}", headers={**AS_ALICE, "content-type": kind}
    )

    assert answer.status_code == status


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (rb'{"text": "a\u0000b"}', "text"),
        (rb'{"text": "\ud800"}', "text"),
        (rb'{"more": [{"deep": "\udfff"}]}', "more.0.deep"),
        (rb'{"more": {"\u0000": 1}}', "more.*"),
    ],
)
async def test_text_that_cannot_be_stored_is_refused_where_it_stands(raw: bytes, name: str) -> None:
    answer = await call(POST, "POST", "/v1/posts", content=raw, headers=AS_ALICE | JSON)

    assert answer.status_code == 422
    assert answer.json()["fields"] == {name: "holds a character that cannot be stored"}


async def test_a_pair_of_surrogates_is_one_good_character() -> None:
    assert await outcome(rb'{"text": "\ud83d\ude00"}') == (200, "")


@pytest.mark.parametrize("depth", [MAX_DEPTH + 2, 500, 200_000])
def test_what_nests_too_deep_is_refused(depth: int) -> None:
    with pytest.raises(ChatError) as refused:
        inspect(b"[" * depth + b"]" * depth)

    assert refused.value.fields == {"body": f"nests deeper than {MAX_DEPTH}"}


def test_what_nests_just_deep_enough_is_taken() -> None:
    inspect(b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH)
    inspect(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1))


def test_a_bad_text_is_found_wherever_it_is() -> None:
    for body, field in ((rb'"\u0000"', "body"), (rb'[[], {"a": ["", "\u0000"]}]', "1.a.1")):
        with pytest.raises(ChatError) as refused:
            inspect(body)

        assert list(refused.value.fields or ()) == [field]


async def test_an_answer_names_only_some_of_many_faults() -> None:
    body = dict.fromkeys((f"field-{number}" for number in range(1_000)), 7)
    answer = await call(POST, "POST", "/v1/posts", json=body, headers=AS_ALICE)

    assert len(answer.json()["fields"]) == MAX_FAULTS


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read() -> None:
    settings = HttpSettings(http_max_body_bytes=1024)
    reads: list[Message] = []
    statuses: list[int] = []

    async def receive() -> Message:
        reads.append({})
        return {"type": "http.request", "body": b"x"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert reads == []
            statuses.append(message["status"])
            assert (b"connection", b"close") in message["headers"]

    app = Site(POST, settings=settings).public()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/posts",
        "query_string": b"",
        "headers": [
            (b"authorization", b"Bearer alice"),
            (b"content-type", b"application/json"),
            (b"content-length", b"1025"),
        ],
    }
    await app(scope, receive, send)

    assert statuses == [413]


async def parts(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 512


@pytest.mark.parametrize(("count", "status"), [(2, 400), (3, 413)])
async def test_a_body_without_length_is_cut_off_at_the_limit(count: int, status: int) -> None:
    site = Site(POST, settings=HttpSettings(http_max_body_bytes=1024))

    async with browser(site.public(), headers=AS_ALICE | JSON) as alice:
        answer = await alice.post("/v1/posts", content=parts(count))

    assert answer.status_code == status


@pytest.mark.parametrize(("count", "status"), [(4, 204), (5, 413)])
async def test_a_handler_that_reads_by_itself_has_the_limit_of_its_endpoint(
    count: int, status: int
) -> None:
    endpoint = Endpoint("POST", "/v1/attachments", upload, max_body_bytes=2048)
    site = Site(endpoint, settings=HttpSettings(http_max_body_bytes=1024))

    async with browser(site.public(), headers=AS_ALICE) as alice:
        answer = await alice.post("/v1/attachments", content=parts(count))

    assert answer.status_code == status


async def never_ending() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


@pytest.mark.parametrize("handler", [post, upload])
async def test_a_body_that_does_not_arrive_is_given_up(handler: object) -> None:
    endpoint = Endpoint("POST", "/v1/posts", handler, body_timeout_s=0.01)  # type: ignore[arg-type]

    async with browser(Site(endpoint).public(), headers=AS_ALICE | JSON) as alice:
        answer = await alice.post("/v1/posts", content=never_ending())

    assert (answer.status_code, answer.json()["code"]) == (408, "body_timeout")
    assert answer.json()["retryable"] is True
    assert answer.headers["connection"] == "close"


async def test_a_stranger_cannot_make_us_read_a_body() -> None:
    async with browser(Site(POST).public()) as stranger:
        answer = await stranger.post("/v1/posts", content=never_ending(), headers=JSON)

    assert answer.status_code == 401


async def test_a_client_that_goes_away_is_counted_and_not_an_error() -> None:
    site = Site(POST)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        pass

    headers = [(b"authorization", b"Bearer alice"), (b"content-type", b"application/json")]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/posts",
        "query_string": b"",
        "headers": headers,
    }
    await site.public()(scope, receive, send)

    labels = {"listener": "public", "method": "POST", "route": "/v1/posts"}
    assert site.metric("http_requests_total", **labels, status="499") == 1


async def test_waiting_for_the_client_to_leave_has_no_limit_once_the_body_is_there() -> None:
    async def wait(request: Request) -> None:
        """Wait for news."""
        await request.body()
        assert not await request.is_disconnected()

    answer = await call(
        Endpoint("POST", "/v1/sync", wait, body_timeout_s=0.01), "POST", "/v1/sync", content=b"{}"
    )

    assert answer.status_code == 204


async def test_a_field_given_twice_counts_once() -> None:
    answer = await call(
        POST, "POST", "/v1/posts", content=b'{"text":"a","text":"b"}', headers=AS_ALICE | JSON
    )

    assert json.loads(answer.content)["text"] == "b"

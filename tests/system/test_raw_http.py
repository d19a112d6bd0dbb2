"""Requests that no library would send, at the one public port: none is taken for another."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import pytest

from tests.support.shapes import Shape
from tests.system.people import Person
from tests.system.wire import WAIT_S

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.usefixtures("unharmed")]

END: Final = b"Host: here\r\nConnection: close\r\n\r\n"
POST: Final = b"POST /v1/auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
SECOND: Final = b"GET /v1/smuggled HTTP/1.1\r\n" + END
UPGRADE: Final = (
    b"GET /v1/ws HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)
CHUNKED: Final = b"Transfer-Encoding: chunked\r\n"


async def statuses(program: Shape, *parts: bytes) -> list[int]:
    """Return the statuses of all answers until the connection ends, which it must."""
    reader, writer = await asyncio.open_connection(urlsplit(program.url).hostname, program.port)
    for part in parts:
        writer.write(part)
    answer = b""
    async with asyncio.timeout(WAIT_S):
        # Who is sent away in the middle of a sentence may be reset.
        with suppress(ConnectionError):
            while part := await reader.read(65_536):
                answer += part
    writer.close()
    lines = [b"HTTP/1.1 " + each for each in answer.split(b"HTTP/1.1 ")[1:]]
    return [int(line.split(b" ", 2)[1]) for line in lines]


REFUSED: Final[dict[str, Sequence[bytes]]] = {
    "both lengths": [POST + CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\n", SECOND],
    "both, the other way": [POST + b"Content-Length: 4\r\n" + CHUNKED + b"\r\n0\r\n\r\n", SECOND],
    "two lengths": [POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", SECOND],
    "the same length twice": [POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", SECOND],
    "a list of lengths": [POST + b"Content-Length: 2, 2\r\n\r\n{}", SECOND],
    "a signed length": [POST + b"Content-Length: +2\r\n\r\n{}", SECOND],
    "a negative length": [POST + b"Content-Length: -2\r\n\r\n{}", SECOND],
    "a hexadecimal length": [POST + b"Content-Length: 0x2\r\n\r\n{}", SECOND],
    "a length beyond numbers": [POST + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}", SECOND],
    "a space before the colon": [POST + b"Content-Length : 2\r\n\r\n{}", SECOND],
    "an unknown coding": [POST + b"Transfer-Encoding: xchunked\r\n\r\n{}", SECOND],
    "chunked, not last": [POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", SECOND],
    "a bad chunk": [POST + CHUNKED + b"\r\nxyz\r\n{}\r\n0\r\n\r\n", SECOND],
    "a negative chunk": [POST + CHUNKED + b"\r\n-2\r\n{}\r\n0\r\n\r\n", SECOND],
    "a folded header": [b"GET /v1/me HTTP/1.1\r\nX-Long: a\r\n b: c\r\n" + END],
    "a NUL in a header": [b"GET /v1/me HTTP/1.1\r\nX-Nul: a\0b\r\n" + END],
    "a NUL in a name": [b"GET /v1/me HTTP/1.1\r\nX\0: a\r\n" + END],
    "a NUL in the target": [b"GET /v1/\0me HTTP/1.1\r\n" + END],
    "a bare CR": [b"GET /v1/me HTTP/1.1\r\nX-Cr: a\rb\r\n" + END],
    "a header without a name": [b"GET /v1/me HTTP/1.1\r\n: a\r\n" + END],
    "a version to come": [b"GET /v1/me HTTP/3.7\r\n" + END],
    "HTTP/2": [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"],
    "TLS": [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
    "a method of nobody": [b"FROBNICATE /v1/me HTTP/1.1\r\n" + END],
    "a method in small letters": [b"get /v1/me HTTP/1.1\r\n" + END],
}


@pytest.mark.parametrize("parts", REFUSED.values(), ids=REFUSED)
async def test_a_request_of_which_nobody_knows_where_it_ends_is_refused(
    program: Shape, parts: Sequence[bytes]
) -> None:
    assert await statuses(program, *parts) in ([400], [])


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "PUT", "DELETE", "M-SEARCH"])
async def test_a_method_that_a_path_does_not_have_is_not_allowed(
    program: Shape, method: str
) -> None:
    found = await statuses(program, f"{method} /v1/auth/login HTTP/1.1\r\n".encode() + END)

    assert found in ([405], [400])


async def test_a_head_is_cut_at_eight_kilobytes(program: Shape) -> None:
    target = await statuses(program, b"GET /v1/" + b"x" * 9_000 + b" HTTP/1.1\r\n" + END)
    header = await statuses(program, b"GET /v1/me HTTP/1.1\r\nX: " + b"x" * 9_000 + b"\r\n" + END)
    many = await statuses(program, b"GET /v1/me HTTP/1.1\r\n" + b"X: 1\r\n" * 2_000 + END)

    assert (target, header, many) == ([431], [431], [431])


@pytest.mark.parametrize(
    "target",
    [
        "http://evil.example/v1/me",
        "https://user:secret@evil.example:99999/v1/me",
        "*",
        "//evil.example/v1/me",
        "/v1/%00",
        "/v1/%ff%fe",
        "/v1/rooms/..%2f..%2fmetrics",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/v1/me?x=%00%ff",
        "/v1/me;x=1#y",
        "http://[::1",
    ],
)
async def test_a_strange_target_is_no_fault_of_ours(program: Shape, target: str) -> None:
    (found,) = await statuses(program, f"GET {target} HTTP/1.1\r\n".encode() + END)

    assert found in {200, 400, 401, 404}


async def test_a_request_behind_an_upgrade_is_none(program: Shape) -> None:
    assert await statuses(program, UPGRADE + b"\r\n" + SECOND) == [101]


async def test_an_upgrade_has_no_body(program: Shape) -> None:
    sized = await statuses(program, UPGRADE + b"Content-Length: 5\r\n\r\nhello" + SECOND)
    chunked = await statuses(program, UPGRADE + CHUNKED + b"\r\n5\r\nhello\r\n0\r\n\r\n" + SECOND)

    assert (sized, chunked) == ([], [])


async def test_an_upgrade_to_something_else_is_a_plain_request(program: Shape) -> None:
    head = b"GET /v1/me HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n"

    assert await statuses(program, head + END) == [401]


async def test_half_a_body_is_not_answered_as_a_whole_one(program: Shape) -> None:
    reader, writer = await asyncio.open_connection(urlsplit(program.url).hostname, program.port)
    writer.write(POST + b'Content-Length: 100\r\n\r\n{"email":')
    writer.write_eof()
    async with asyncio.timeout(WAIT_S):
        answer = await reader.read()
    writer.close()

    assert b" 200 " not in answer


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1",
        "https://127.0.0.1:{port}.evil.example",
        "http://evil.example:{port}",
        "http://127.0.0.1:{port}@evil.example",
        "http://127.0.0.1.:{port}",
        "http://127.0.0.1:{port}0",
        "http://127.0.0.2:{port}",
        "file://",
        "",
    ],
)
async def test_a_page_that_only_looks_like_ours_changes_nothing(
    program: Shape, bob: Person, origin: str
) -> None:
    headers = {"origin": origin.format(port=program.port)}

    answer = await bob.call("PUT", "/v1/presence", {"state": "away"}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")

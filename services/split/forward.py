"""Passes requests on to a service in another process, where no proxy stands in front of both.

Bodies are streamed both ways and answers are not looked into. The service behind must be told to
trust this process (TRUSTED_PROXIES) if it is to know the address of the person.

See: RFC 9110, section 7.6 (what a proxy takes off and puts on).
"""

from collections.abc import AsyncIterator
from typing import Final

import httpx
import structlog
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from libs.common.errors import Unavailable
from libs.common.http.problems import problem

log = structlog.get_logger()

OF_ONE_HOP: Final = frozenset(
    {
        "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
        "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip

ABOUT_THE_CLIENT: Final = frozenset({"forwarded", "x-forwarded-for", "x-forwarded-proto"})
"""What a client says of itself is not believed."""

AROUND_A_VALUE: Final = b" \t"
"""May stand around a header's value and is no part of it; our parser leaves it at the end.

See: RFC 9110, section 5.5.
"""

CONNECT_TIMEOUT_S: Final = 2.0
ANSWER_TIMEOUT_S: Final = 60.0
"""Longer than any service works on a request; whoever asked has its own patience."""


class Forward:
    """Sends all requests to one service, over `transport`."""

    def __init__(self, service: str, transport: httpx.AsyncBaseTransport) -> None:
        self._service = service
        self._url = httpx.URL(f"http://{service}")
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(ANSWER_TIMEOUT_S, connect=CONNECT_TIMEOUT_S),
        )

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer = await self._http.send(self._onward(request), stream=True)
        except httpx.HTTPError as reason:
            log.warning("request_not_forwarded", callee=self._service, reason=repr(reason))
            await problem(Unavailable())(scope, receive, send)
            return
        try:
            body = StreamingResponse(answer.aiter_raw(), answer.status_code)
            body.raw_headers = [
                (name.lower(), value)
                for name, value in answer.headers.raw
                if name.decode("latin-1").lower() not in OF_ONE_HOP
            ]
            await body(scope, receive, send)
        finally:
            await answer.aclose()

    def _onward(self, request: Request) -> httpx.Request:
        dropped = OF_ONE_HOP | ABOUT_THE_CLIENT
        headers = [
            (name, value.strip(AROUND_A_VALUE))
            for name, value in request.headers.raw
            if name.decode("latin-1") not in dropped
        ]
        client = request.client.host if request.client is not None else ""
        return self._http.build_request(
            request.method,
            self._url.copy_with(raw_path=_target(request.scope)),
            headers=[
                *headers,
                (b"x-forwarded-for", client.encode()),
                (b"x-forwarded-proto", request.url.scheme.encode()),
            ],
            content=_body(request),
        )


def _target(scope: Scope) -> bytes:
    """Return path and query as `Edge` left them; an escaped slash stays escaped."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return path + b"?" + query if query else path


def _body(request: Request) -> AsyncIterator[bytes] | None:
    """Return the body if there is one; a stream of none would say it comes in chunks."""
    has_body = {"content-length", "transfer-encoding"} & set(request.headers)
    return request.stream() if has_body else None

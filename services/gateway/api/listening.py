"""Listening without a socket, for clients behind a proxy that lets none through.

Answers go through proxies as they are and at once; what is on its way nobody may keep.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from libs.common.errors import ChatError, Draining, TooMany, Unavailable
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.front import RECORD
from libs.common.http.people import PEOPLE, Caller
from libs.common.http.problems import problem
from libs.common.http.reply import json_response
from libs.common.listeners import CUT
from libs.common.tokens.access import SessionRevoked
from services.gateway.api.bodies import SyncAsked
from services.gateway.connection.poll import Poll
from services.gateway.connection.polls import Polls
from services.gateway.connection.stream import Stream
from services.gateway.connection.surroundings import Surroundings
from services.gateway.core.refusals import LimitExceeded
from services.gateway.core.scopes import HEARING
from services.gateway.frames.polled import SyncAnswer

REFUSALS: Final = (TooMany, Draining, Unavailable, LimitExceeded, SessionRevoked)

AS_IT_IS: Final[Mapping[str, str]] = {
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
}
"""The second is what nginx goes by."""

ASKS: Final = 3
"""Questions to other services, one behind the other, before a poll may begin to wait."""


class ListeningApi:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._polls = Polls(around)

    def endpoints(self) -> list[Endpoint]:
        settings = self._around.settings
        return [
            Endpoint(
                "POST",
                "/v1/sync",
                self.sync,
                admits=PEOPLE,
                scope=HEARING,
                errors=REFUSALS,
                max_body_bytes=settings.poll_body_bytes,
                timeout_s=settings.poll_max_s + ASKS * settings.ask_timeout_s,
                answers=SyncAnswer,
                is_held=True,
            ),
            Endpoint(
                "POST",
                "/v1/stream",
                self.stream,
                admits=PEOPLE,
                scope=HEARING,
                errors=REFUSALS,
                max_body_bytes=settings.poll_body_bytes,
                is_held=True,
            ),
        ]

    async def sync(
        self, body: SyncAsked, caller: Caller, address: ClientAddress, request: Request
    ) -> Response:
        """Return what happened in these rooms, or wait until something does."""
        around = self._around
        self._polls.admit(caller.id, address)
        wanted = body.wanted(max_s=around.settings.poll_max_s)
        poll = Poll(around, around.admitting.bearer_of(caller), wanted, address=address)
        with self._polls.holding(poll, caller.id):
            content = await poll.answer(request.receive)
        response = json_response(content, status=200)
        response.headers.update(AS_IT_IS)
        return response

    async def stream(
        self, body: SyncAsked, caller: Caller, address: ClientAddress, request: Request
    ) -> Response:
        """Send what a socket would carry in these rooms, a line of JSON for each frame."""
        around = self._around
        self._polls.admit(caller.id, address)
        stream = Stream(
            around,
            around.admitting.bearer_of(caller),
            body.wanted(max_s=around.settings.poll_max_s),
            address=address,
            cut=request.scope["extensions"][CUT][CUT],
        )
        return Lines(stream, holding=self._polls.holding(stream, caller.id))


class Lines(Response):
    """Sends the stream, or why there is none."""

    media_type = "application/x-ndjson"

    def __init__(self, stream: Stream, *, holding: AbstractContextManager[None]) -> None:
        super().__init__(headers=AS_IT_IS)
        self._stream = stream
        self._holding = holding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [one for one in self.raw_headers if one[0] != b"content-length"]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        try:
            with self._holding:
                await self._stream.run(receive, send, start=start)
        except ChatError as refusal:
            scope[RECORD].code = refusal.code
            await problem(refusal)(scope, receive, send)

"""Answers one path: finds the endpoint, lets the caller in, runs the handler, renders the outcome.

    origin -> caller -> arguments -> handler -> response
       \\________\\__________\\__________\\____ a refusal: its status and body

This is where a rule's "no" turns into HTTP. Anything else that is raised is our own mistake: it is
logged here, once, with its traceback, and the client hears `internal` with an `error_id`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from libs.common import logs
from libs.common.chance import Chance
from libs.common.errors import ChatError, NotFound
from libs.common.http import deadline
from libs.common.http.body import check_length, limited
from libs.common.http.front import RECORD, RequestRecord
from libs.common.http.lingering import lingering
from libs.common.http.origins import check_origin
from libs.common.http.people import ANYONE, Caller, CallingService, Guard
from libs.common.http.problems import CLOSES, MethodNotAllowed, problem
from libs.common.http.reply import rendered
from libs.common.http.settings import HttpSettings
from libs.common.http.signature import Signature

log = structlog.get_logger()

CLIENT_GONE = 499
"""Nobody hears it; the log and the metrics tell it apart from answers."""


ROOM: Final = "room_id"
"""What the room is called in every path and query that names one."""


class PathApp:
    """The ASGI app of one path; `signatures` are its methods."""

    def __init__(
        self,
        path: str,
        signatures: Sequence[Signature],
        *,
        guard: Guard,
        settings: HttpSettings,
        chance: Chance,
        honours_deadlines: bool,
    ) -> None:
        self._path = path
        self._by_method = {signature.endpoint.method: signature for signature in signatures}
        self._guard = guard
        self._settings = settings
        self._chance = chance
        self._honours_deadlines = honours_deadlines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record: RequestRecord = scope[RECORD]
        record.route = self._path
        try:
            response = await self._answer(scope, receive, record)
        except ChatError as refusal:
            record.code = refusal.code
            response = problem(refusal)
            if isinstance(refusal, CLOSES):
                send = lingering(receive, send)
        except ClientDisconnect:
            response = Response(status_code=CLIENT_GONE)
        except Exception:
            failure = ChatError(error_id=str(self._chance.new_id()))
            record.code = failure.code
            log.exception("request_failed", route=self._path, error_id=failure.error_id)
            response = problem(failure)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, record: RequestRecord) -> Response:
        signature = self._by_method.get("GET" if scope["method"] == "HEAD" else scope["method"])
        if signature is None:
            raise MethodNotAllowed.but(self._by_method)
        record.method = scope["method"]
        endpoint = signature.endpoint
        max_bytes = endpoint.max_body_bytes or self._settings.http_max_body_bytes
        timeout_s = endpoint.body_timeout_s or self._settings.http_body_timeout_s
        request = Request(scope, limited(receive, max_bytes=max_bytes, timeout_s=timeout_s))
        check_origin(request.method, request.headers, allowed=self._settings.cors_origins)
        caller = await self._caller(request, signature)
        bound = _about(caller)
        record.caller = bound.get("user_id") or bound.get("calling_service")
        with logs.bind(**bound):
            if endpoint.pace is not None and isinstance(caller, Caller):
                await endpoint.pace.take(str(caller.id))
            check_length(request, max_bytes=max_bytes)
            _keep_in_room(caller, request)
            arguments = await signature.inputs.read(request, caller)
            if endpoint.is_held:
                record.hold()
            async with deadline.within(self._limit_s(request, endpoint.timeout_s)):
                outcome = await endpoint.handler(**arguments)
        return rendered(outcome, status=signature.status)

    async def _caller(
        self, request: Request, signature: Signature
    ) -> Caller | CallingService | None:
        """Return who asks. Where anyone may and nobody wants to know, no token is looked at:
        so an expired one does not stand in the way of renewing it.
        """
        endpoint = signature.endpoint
        if endpoint.admits == ANYONE and not signature.wants:
            return None
        return await self._guard.admit(request.headers, endpoint.admits, scope=endpoint.scope)

    def _limit_s(self, request: Request, own_s: float | None) -> float:
        limit_s = own_s or self._settings.http_request_timeout_s
        if not self._honours_deadlines:
            return limit_s
        left_s = deadline.parse_ms(request.headers.get(deadline.HEADER))
        return limit_s if left_s is None else min(limit_s, left_s)


async def no_such_path(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer for every path that nobody owns."""
    scope[RECORD].code = NotFound.code
    await problem(NotFound())(scope, receive, send)


def _keep_in_room(caller: Caller | CallingService | None, request: Request) -> None:
    """Keep a guest in the one room, whatever a handler forgets to ask.  Raises: NotFound."""
    if not isinstance(caller, Caller) or caller.room_id is None:
        return
    named = [request.path_params.get(ROOM), *request.query_params.getlist(ROOM)]
    try:
        is_own = all(UUID(room_id) == caller.room_id for room_id in named if room_id is not None)
    except ValueError:
        is_own = False
    if not is_own:
        raise NotFound


def _about(caller: Caller | CallingService | None) -> Mapping[str, Any]:
    match caller:
        case Caller():
            about = {"user_id": str(caller.id)}
            if caller.session_id is not None:
                about["session_id"] = str(caller.session_id)
            return about
        case CallingService():
            return {"calling_service": caller.name}
        case None:
            return {}

"""Calls from service to service over internal HTTP.

A call carries who asks (a service token for exactly the callee), on whose behalf in time (request
id, trace) and how long the answer is of use (what is left of the caller's own deadline). It ends
within that time, whatever the callee does.

A refusal that the caller said it understands is raised as that error. Everything else is our own
trouble, not the end user's, and is `Unavailable`: a 401 here means two services disagree about
keys, and must never log a person out.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, Self, TypeVar

import httpx
import msgspec
import structlog
from pydantic import BaseModel, Field, ValidationError

from libs.common import tracing
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.errors import ChatError, Conflict, NotFound, TimedOut, TooMany, Unavailable
from libs.common.http import deadline
from libs.common.settings import Settings

log = structlog.get_logger()

A = TypeVar("A", bound=BaseModel | msgspec.Struct)

Refusals = Sequence[type[ChatError]]

ALWAYS_UNDERSTOOD: Final[Refusals] = (NotFound, Conflict, TooMany, TimedOut)

MAX_TRIES: Final = 3
"""A GET that found no connection is tried twice more: a restarting callee is back by then or not
soon.
"""

RETRY_S: Final = 0.05

IDLE_S: Final = 10.0
"""Less than a listener's `keep_alive_s`, so that we let go of a connection before it does."""


class ClientSettings(Settings):
    internal_timeout_s: float = Field(default=3.0, gt=0)
    """How long a call to another service may take when its caller has no deadline of its own."""

    internal_connections: int = Field(default=20, ge=1)
    """Connections to one other service; further calls wait, within their time."""

    internal_max_answer_bytes: int = Field(default=8 * 1024 * 1024, ge=1024)
    """Largest answer that is taken from another service."""


class ServiceTokens(Protocol):
    """Makes the tokens that prove to `audience` who we are."""

    def mint(self, audience: str) -> str:
        """Return a token that is good for some minutes."""
        ...


class InternalClient:
    """Calls one other service; close it when done."""

    def __init__(
        self,
        audience: str,
        url: str,
        *,
        settings: ClientSettings,
        tokens: ServiceTokens,
        clock: Clock,
        chance: Chance,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """Call the service named `audience` at `url`, or at `transport` in the same process."""
        self._audience = audience
        self._settings = settings
        self._tokens = tokens
        self._clock = clock
        self._chance = chance
        self._http = httpx.AsyncClient(
            base_url=url,
            transport=transport,
            trust_env=False,
            timeout=None,  # noqa: S113 - each call has one limit over everything it does
            limits=httpx.Limits(
                max_connections=settings.internal_connections, keepalive_expiry=IDLE_S
            ),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def get(
        self,
        path: str,
        answer: type[A],
        *,
        params: Mapping[str, str | int] | None = None,
        refusals: Refusals = (),
    ) -> A:
        """Return what is at `path`.

        Raises: those of `refusals`, NotFound, Conflict, TooMany, TimedOut, Unavailable.
        """
        request = self._http.build_request("GET", path, params=params)
        return _read(answer, await self._send(request, refusals, tries=MAX_TRIES))

    async def post(
        self,
        path: str,
        answer: type[A],
        *,
        body: BaseModel | msgspec.Struct,
        refusals: Refusals = (),
    ) -> A:
        """Return the answer to `body`. Sent once: nobody knows whether a lost one was obeyed.

        Raises: as `get`.
        """
        request = self._http.build_request(
            "POST", path, content=_written(body), headers={"content-type": "application/json"}
        )
        return _read(answer, await self._send(request, refusals, tries=1))

    async def _send(self, request: httpx.Request, refusals: Refusals, *, tries: int) -> bytes:
        try:
            async with deadline.within(self._settings.internal_timeout_s):
                request.headers.update(self._headers())
                response = await self._try(request, tries=tries)
                try:
                    content = await self._content(response)
                finally:
                    await response.aclose()
        except httpx.HTTPError as reason:
            log.warning("internal_call_failed", callee=self._audience, error=reason)
            raise Unavailable from None
        if response.is_success:
            return content
        raise self._refusal(response, content, refusals)

    async def _try(self, request: httpx.Request, *, tries: int) -> httpx.Response:
        while True:
            tries -= 1
            try:
                return await self._http.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if tries == 0:
                    raise
            await self._clock.sleep(self._chance.uniform(RETRY_S, 2 * RETRY_S))

    def _headers(self) -> dict[str, str]:
        headers = {
            "authorization": f"Bearer {self._tokens.mint(self._audience)}",
            deadline.HEADER: str(int((deadline.remaining_s() or 0) * 1000)),
        }
        trace = tracing.current()
        if trace is not None:
            headers["x-request-id"] = trace.request_id
            headers["traceparent"] = tracing.child(trace, chance=self._chance).traceparent
        return headers

    async def _content(self, response: httpx.Response) -> bytes:
        content = bytearray()
        async for chunk in response.aiter_bytes():
            content += chunk
            if len(content) > self._settings.internal_max_answer_bytes:
                log.error("internal_answer_too_large", callee=self._audience)
                raise Unavailable
        return bytes(content)

    def _refusal(self, response: httpx.Response, content: bytes, refusals: Refusals) -> ChatError:
        try:
            said = msgspec.json.decode(content, type=_Refusal)
        except msgspec.DecodeError:
            said = _Refusal(code="")
        for known in (*refusals, *ALWAYS_UNDERSTOOD):
            if known.code == said.code and known.status == response.status_code:
                return known(fields=said.fields, retry_after_ms=said.retry_after_ms)
        tell = log.warning if response.status_code == Unavailable.status else log.error
        tell(
            "internal_call_refused",
            callee=self._audience,
            path=response.request.url.path,
            status=response.status_code,
            code=said.code[:64],
        )
        return Unavailable(retry_after_ms=said.retry_after_ms)


class _Refusal(msgspec.Struct):
    code: str
    fields: dict[str, str] | None = None
    retry_after_ms: int | None = None


def _written(body: BaseModel | msgspec.Struct) -> bytes:
    if isinstance(body, BaseModel):
        return body.model_dump_json().encode()
    return msgspec.json.encode(body)


def _read(answer: type[A], content: bytes) -> A:
    try:
        if issubclass(answer, BaseModel):
            return answer.model_validate_json(content)
        return msgspec.json.decode(content, type=answer)
    except (ValidationError, msgspec.DecodeError) as reason:
        log.error("internal_answer_invalid", answer=answer.__name__, error=reason)
        raise Unavailable from None

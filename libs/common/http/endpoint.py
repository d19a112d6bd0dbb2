"""An endpoint: one method on one path, and everything the outside may know of it.

    Endpoint("POST", "/v1/rooms", rooms.create, status=201, errors=(TitleTaken,))

The handler is an async function; its annotations say where its arguments come from:

    name in the path's {braces}    that part of the path; one that cannot be valid is 404
    a pydantic model               the JSON body, which must forbid extra fields; under /internal,
                                   where the other end may be a release ahead, ignore them
    Caller, CallingService         who asks, `| None` where anyone may
    IdempotencyKey                 the header Idempotency-Key, `| None` if it may be missing
    ClientAddress                  the address of the client, behind trusted proxies its own
    QueryParams                    all query parameters, whatever they are
    Request                        the raw request, for uploads, signatures and cookies
    anything else                  a query parameter; a list or tuple may be given several times

It returns a model, a `Reply` with one, a Starlette `Response`, or None (204). The first line of
its docstring is the endpoint's summary.
"""

from collections.abc import Callable, Coroutine, Iterable
from collections.abc import Set as AbstractSet
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any, NewType, Protocol

from pydantic import BaseModel

from libs.common.contracts.scopes import Scope
from libs.common.errors import ChatError
from libs.common.http.people import USERS

Handler = Callable[..., Coroutine[Any, Any, object]]

IdempotencyKey = NewType("IdempotencyKey", str)
"""What makes a repeated POST harmless: 1 to 64 of A-Z a-z 0-9 _ -"""

ClientAddress = NewType("ClientAddress", str)


class Pace(Protocol):
    """How often each may do something; `libs.common.rates_postgres.Rate` is one."""

    async def take(self, key: str) -> None:
        """Take one.  Raises: TooMany."""
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method on one path.

    `status` is what success answers; `also` lists others that a `Reply` may choose. `admits` names
    kinds of person, or on the internal port services. An API token is let in if it has the
    `scope`; None lets in none. `errors` are the refusals of the rules behind it; those of the HTTP
    layer itself go without saying. Limits that are None are those of `HttpSettings`.

    `takes` are the media types of a body that the handler reads from the request itself. `answers`
    describes what stands in a ready `Response`, `gives` is its media type if it is no JSON. Each
    person may ask as often as its `pace` lets them. A request that `is_held` waits for something
    to happen, and does not count as one that is worked on.
    """

    method: str
    path: str
    handler: Handler
    _: KW_ONLY
    status: int = 200
    also: tuple[int, ...] = ()
    admits: AbstractSet[str] = USERS
    scope: Scope | None = None
    errors: tuple[type[ChatError], ...] = ()
    summary: str = ""
    max_body_bytes: int | None = None
    body_timeout_s: float | None = None
    timeout_s: float | None = None
    answers: type[BaseModel] | None = None
    takes: tuple[str, ...] = ()
    gives: str | None = None
    pace: Pace | None = None
    is_held: bool = False

    @property
    def title(self) -> str:
        """The summary, or the first line of the handler's docstring."""
        return self.summary or (self.handler.__doc__ or "").strip().partition("\n")[0]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def paced(endpoints: Iterable[Endpoint], pace: Pace) -> list[Endpoint]:
    """Return the endpoints with a pace for those that change something and have none."""
    return [
        endpoint
        if endpoint.method == "GET" or endpoint.pace is not None
        else replace(endpoint, pace=pace)
        for endpoint in endpoints
    ]

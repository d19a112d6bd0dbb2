"""What a handler may give back besides a model, and the shapes that many answers share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

T = TypeVar("T")

Limit = Annotated[int, Field(ge=1, le=100)]
"""Type of the query parameter `limit`; its default is `DEFAULT_LIMIT`. Never clamped."""

DEFAULT_LIMIT = 50

Cursor = Annotated[str, Field(min_length=1, max_length=512)]
"""Type of the query parameter `cursor`: opaque to clients, checked by who made it."""


class Page(BaseModel, Generic[T]):
    """One page of a list. `next_cursor` continues behind it; null: this was the last page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie to set; `max_age_s=0` removes it. Never readable by scripts."""

    name: str
    value: str
    max_age_s: int
    path: str
    is_secure: bool
    same_site: Literal["strict", "lax"] = "strict"


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A body together with what else the answer carries.

    `status=None` means the endpoint's own; another must be among its `also`.
    """

    body: T
    status: int | None = None
    cookies: tuple[Cookie, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def rendered(outcome: object, *, status: int) -> Response:
    """Return the HTTP response for what a handler returned.

    A model becomes JSON, None becomes 204, a ready `Response` stays as it is.
    """
    if isinstance(outcome, Response):
        return outcome
    if isinstance(outcome, Reply):
        response = rendered(outcome.body, status=outcome.status or status)
        response.headers.update(outcome.headers)
        for cookie in outcome.cookies:
            _set_cookie(response, cookie)
        return response
    if outcome is None:
        return Response(status_code=204)
    if not isinstance(outcome, BaseModel):
        raise TypeError(f"a handler may not return {type(outcome).__name__}")
    return json_response(outcome.model_dump_json().encode(), status=status)


def json_response(body: bytes, *, status: int) -> Response:
    """Return a response of ready JSON."""
    return Response(body, status_code=status, media_type="application/json; charset=utf-8")


def _set_cookie(response: Response, cookie: Cookie) -> None:
    response.set_cookie(
        cookie.name,
        cookie.value,
        max_age=cookie.max_age_s,
        path=cookie.path,
        secure=cookie.is_secure,
        httponly=True,
        samesite=cookie.same_site,
    )

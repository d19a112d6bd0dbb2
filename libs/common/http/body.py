"""Reading a request's body: never more than allowed, never longer than allowed, never twice.

The limits are put around ASGI's `receive`, so they hold for a handler that reads the raw request
as well as for one that takes a model. JSON is then looked through once for what no model would
notice: text that Postgres or another client cannot hold, and nesting that only an attacker sends.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.types import Message, Receive

from libs.common.errors import Invalid, Malformed, TooLarge
from libs.common.http.problems import BodyTooSlow, UnsupportedType, dotted, fields_of

MAX_DEPTH: Final = 16
"""No body of ours nests deeper than 6; parsers get slow far beyond 16."""

UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")

M = TypeVar("M", bound=BaseModel)


def limited(receive: Receive, *, max_bytes: int, timeout_s: float) -> Receive:
    """Return a `receive` that raises once the body is too large or takes too long altogether.

    The time starts with the first call and ends with the body: what comes afterwards can only be
    the client going away.

    Raises (when called): TooLarge, BodyTooSlow.
    """
    taken = 0
    deadline: float | None = None
    is_complete = False

    async def receive_limited() -> Message:
        nonlocal taken, deadline, is_complete
        if is_complete:
            return await receive()
        deadline = deadline or asyncio.get_running_loop().time() + timeout_s
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow from None
        taken += len(message.get("body", b""))
        if taken > max_bytes:
            raise TooLarge
        is_complete = not message.get("more_body", False)
        return message

    return receive_limited


def check_length(request: Request, *, max_bytes: int) -> None:
    """Refuse a body that is announced as too large before any of it is read.

    Raises: TooLarge.
    """
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > max_bytes:
        raise TooLarge


async def read_model(request: Request, model: type[M]) -> M:
    """Return the JSON body as `model`, strictly.

    Raises: UnsupportedType, Malformed, Invalid, TooLarge, BodyTooSlow.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != (
        "application/json"
    ):
        raise UnsupportedType
    raw = await request.body()
    inspect(raw)
    try:
        return model.model_validate_json(raw, strict=True)
    except ValidationError as wrong:
        faults = wrong.errors(include_url=False, include_input=False)
        raise Invalid(fields=fields_of(faults)) from None


def inspect(raw: bytes) -> None:
    """Refuse JSON that is broken, nests too deep, or holds text that cannot be kept.

    NUL cannot be stored in Postgres and half a surrogate pair cannot be written as UTF-8; pydantic
    lets the first through and calls the second broken JSON.

    Raises: Malformed, Invalid.
    """
    try:
        found = json.loads(raw.decode(), parse_constant=_refuse_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise Malformed from None
    if isinstance(found, str):
        check_text(found, ())
    unseen: list[tuple[tuple[Any, ...], Any]] = [((), found)]
    while unseen:
        path, value = unseen.pop()
        if value and isinstance(value, list | dict):
            if len(path) == MAX_DEPTH:
                raise _too_deep()
            unseen.extend(_looked_through(value, path))


def _looked_through(
    value: list[Any] | dict[str, Any], path: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Check the texts of a value and yield what holds more.

    Nothing else gets a path of its own: a body may have a hundred thousand parts.
    """
    if isinstance(value, dict):
        for name in value:
            check_text(name, (*path, "*"))
    for at, part in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(part, str):
            check_text(part, (*path, at))
        elif part and isinstance(part, list | dict):
            yield (*path, at), part


def check_text(text: str, path: tuple[Any, ...]) -> None:
    """Refuse text that Postgres or UTF-8 cannot hold.

    Raises: Invalid, on the field at `path`.
    """
    if UNKEEPABLE.search(text):
        raise Invalid(fields={dotted(path): "holds a character that cannot be stored"})


def _too_deep() -> Invalid:
    return Invalid(fields={"body": f"nests deeper than {MAX_DEPTH}"})


def _refuse_constant(_: str) -> NoReturn:
    raise ValueError

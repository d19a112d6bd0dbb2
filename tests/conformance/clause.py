"""What a clause is, and how the check of one ends: it returns, or raises `Broken` or `Skipped`."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hubbub_client.frames import Frame

if TYPE_CHECKING:
    from tests.conformance.case import Case

SOCKET: Final = "socket"
POLL: Final = "poll"
WAYS: Final = (SOCKET, POLL)

SHOWN: Final = 4
SHOWN_CHARS: Final = 240


class Broken(Exception):
    """The server does not keep a clause: what was expected, and what came."""


class Skipped(Exception):
    """Whether the clause is kept cannot be seen here; the text says why."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the protocol, and what finds out whether a server keeps it.

    Several may share a number. `people` is how many accounts it needs for itself, `within_s` what
    it takes at most besides what `hello` says of times; who needs longest is begun first. One that
    is `alone` runs after all others.
    """

    number: str
    sentence: str
    check: Callable[["Case"], Awaitable[None]]
    ways: tuple[str, ...] = (SOCKET,)
    people: int = 2
    within_s: float = 40.0
    is_alone: bool = False


def expect(is_so: bool, what: str, came: object = None) -> None:
    """Go on if it is so.  Raises: Broken."""
    if not is_so:
        raise Broken(f"expected {what}; came {shown(came)}")


def expect_equal(came: object, expected: object, what: str) -> None:
    """Go on if both are the same.  Raises: Broken."""
    if came != expected:
        raise Broken(f"expected {what} {shown(expected)}; came {shown(came)}")


def shown(value: object) -> str:
    """Return something for a report: short, and frames as they stand in docs/protocol.md."""
    match value:
        case None:
            text = "nothing"
        case Frame():
            text = _frame(value)
        case [Frame(), *_]:
            frames = list[Any](value)
            left_out = f"({len(frames) - SHOWN} more) " if len(frames) > SHOWN else ""
            return left_out + " ".join(shown(frame) for frame in frames[-SHOWN:])
        case _:
            text = str(value)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}..."


def first_difference(came: Iterable[object], expected: Iterable[object]) -> str:
    """Return where two lists part, for a report."""
    left, right = list(came), list(expected)
    for at, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return f"{one} in place {at} where {other} belongs"
    return f"{len(left)} of {len(right)}, the last {left[-1:]} instead of {right[-1:]}"


def _frame(frame: Frame) -> str:
    members = {
        name: value
        for name in ("type", "ref", "room_id", "seq", "data")
        if (value := getattr(frame, name)) is not None
    }
    return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

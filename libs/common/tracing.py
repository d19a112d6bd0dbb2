"""What travels with a request through services and bus: its id and its place in a trace.

The request id is for people: it comes back in `X-Request-Id` and stands in every line of log. The
trace is for tools and follows W3C Trace Context: every hop is a child of the one before. Parsing
and making are pure; `use` and `current` carry the trace through everything that one task awaits.

See: https://www.w3.org/TR/trace-context/#traceparent-header
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Final

from libs.common.chance import Chance

REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
SAMPLED: Final = 0x01


@dataclass(frozen=True, slots=True)
class Trace:
    """One hop. `trace_id` has 32 hexadecimal digits, `span_id` 16."""

    request_id: str
    trace_id: str
    span_id: str
    is_sampled: bool

    @property
    def traceparent(self) -> str:
        """The hop as the header says it to the next one."""
        return f"00-{self.trace_id}-{self.span_id}-{int(self.is_sampled):02x}"


def begin(request_id: str | None, traceparent: str | None, *, chance: Chance) -> Trace:
    """Return the hop that answers a request: a child of the caller's, or the first of a new trace.

    What a caller sent is taken if it is well-formed and ignored otherwise.
    """
    if request_id is None or not REQUEST_ID.fullmatch(request_id):
        request_id = str(chance.new_id())
    parent = parse(traceparent, request_id=request_id) if traceparent else None
    if parent is None:
        return Trace(request_id, chance.new_id().hex, _span(chance), is_sampled=False)
    return child(parent, chance=chance)


def parse(traceparent: str, *, request_id: str) -> Trace | None:
    """Return the caller's hop, or None when the header is not one."""
    found = TRACEPARENT.fullmatch(traceparent)
    if found is None:
        return None
    version, trace_id, span_id, flags, rest = found.groups()
    is_known = version != "ff" and (version != "00" or rest is None)
    if not is_known or not trace_id.strip("0") or not span_id.strip("0"):
        return None
    return Trace(request_id, trace_id, span_id, bool(int(flags, 16) & SAMPLED))


def child(parent: Trace, *, chance: Chance) -> Trace:
    """Return the next hop of the same trace."""
    return replace(parent, span_id=_span(chance))


def _span(chance: Chance) -> str:
    return chance.new_id().hex[16:]


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def current() -> Trace | None:
    """Return the hop that is being worked on, or None outside of any."""
    return _current.get()


@contextmanager
def use(trace: Trace | None) -> Iterator[None]:
    """Let `trace` be the current one inside the block."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)

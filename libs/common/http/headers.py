"""Headers that every answer carries, also a refusal and an error.

A handler that sets one of them itself (a download its own policy) keeps what it set.

See: OWASP ASVS 5.0, 3.4 and 14.3.2.
"""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import Message

ALWAYS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def add_headers(start: Message, *, request_id: str) -> None:
    """Put them on the `http.response.start` message of an answer."""
    headers = MutableHeaders(scope=start)
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    headers["x-request-id"] = request_id

"""The one public port: which service answers which path.

In front of separate processes a reverse proxy does the same with the same table. The first row
that fits decides, so exceptions stand above what they except. `*` is one part of a path; a row
covers everything below it. What fits no row belongs to the gateway: sockets and the web client.
"""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

GATEWAY: Final = "gateway"

WHOLE: Final = "whole"
"""What speaks for all services of one process; where there is none, the gateway for itself."""

ROUTES: Final = (
    ("/v1/me/unread", "messages"),
    ("/v1/me/rooms", "messages"),
    ("/v1/rooms/*/messages", "messages"),
    ("/v1/rooms/*/events", "messages"),
    ("/v1/rooms/*/read", "messages"),
    ("/v1/rooms/*/transcript", "messages"),
    ("/v1/rooms/*/reports", "messages"),
    ("/v1/rooms/*/presence", "presence"),
    ("/v1/rooms", "rooms"),
    ("/v1/direct", "rooms"),
    ("/v1/guest-rooms", "rooms"),
    ("/v1/invites", "rooms"),
    ("/v1/blocks", "rooms"),
    ("/v1/messages", "messages"),
    ("/v1/reports", "messages"),
    ("/v1/presence", "presence"),
    ("/v1/auth", "auth"),
    ("/v1/me", "auth"),
    ("/v1/users", "auth"),
    ("/v1/tokens", "auth"),
    ("/v1/bots", "auth"),
    ("/v1/admin", "auth"),
    ("/v1/webhooks", "auth"),
    ("/v1/exports", "auth"),
    ("/v1/erasures", "auth"),
    ("/v1/.well-known", "auth"),
    ("/healthz", WHOLE),
    ("/readyz", WHOLE),
    ("/openapi/auth.json", "auth"),
    ("/openapi/rooms.json", "rooms"),
    ("/openapi/messages.json", "messages"),
    ("/openapi/presence.json", "presence"),
    ("/openapi/gateway.json", GATEWAY),
)

DOCUMENT: Final = "/openapi.json"
"""Where each service serves its own document; outside it is `/openapi/<service>.json`."""

_PATTERNS: Final = [(row, row.split("/"), owner) for row, owner in ROUTES]


def row_of(path: str) -> tuple[str, str]:
    """Return the row that decides about a path, and the service that answers it."""
    parts = path.split("/")
    for row, pattern, owner in _PATTERNS:
        if len(parts) >= len(pattern) and all(
            wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=False)
        ):
            return row, owner
    return "", GATEWAY


def owner_of(path: str) -> str:
    """Return the name of the service that answers a path."""
    return row_of(path)[1]


class Edge:
    """Hands each request to the app of the service that owns its path."""

    def __init__(self, apps: Mapping[str, ASGIApp]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        row, owner = row_of(scope["path"])
        if row.startswith("/openapi/"):
            scope = {**scope, "path": DOCUMENT, "raw_path": DOCUMENT.encode()}
        app = self._apps.get(owner, self._apps[GATEWAY])
        await app(scope, receive, send)

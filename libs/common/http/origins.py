"""Which web pages may call this API: our own, and those of an exact list.

Browsers name the page's origin on every request that could change something, so refusing foreign
ones closes cross-site request forgery even where a cookie is enough to act. Programs send none.

See: OWASP ASVS 5.0, 3.4.2 and 3.5.1.
"""

from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from libs.common.http.problems import ForeignOrigin
from libs.common.http.settings import HttpSettings

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def check_origin(method: str, headers: Headers, *, allowed: Collection[str]) -> None:
    """Refuse a change that a page of a foreign origin asks for.

    Our own origin is the host that the request was sent to: a page cannot forge that header.

    Raises: ForeignOrigin.
    """
    origins = headers.getlist("origin")
    if method in SAFE_METHODS or not origins:
        return
    # A browser sends one at most (RFC 6454, 7.3); of several, who knows which was meant.
    if len(origins) > 1 or not _is_ours(origins[0], headers.get("host", ""), allowed):
        raise ForeignOrigin


def with_cors(app: ASGIApp, settings: HttpSettings) -> ASGIApp:
    """Return `app` as pages of the listed origins may call it; without a list, `app` itself."""
    if not settings.cors_origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=settings.cors_origins,
        allow_credentials=settings.cors_credentials,
        allow_methods=("DELETE", "GET", "PATCH", "POST", "PUT"),
        allow_headers=("Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id"),
        expose_headers=("Retry-After", "X-Request-Id"),
    )


def _is_ours(origin: str, host: str, allowed: Collection[str]) -> bool:
    return origin in allowed or _is_same(origin, host)


def _is_same(origin: str, host: str) -> bool:
    try:
        page, here = urlsplit(origin), urlsplit(f"{urlsplit(origin).scheme}://{host}")
        default = DEFAULT_PORTS.get(page.scheme)
        is_host = bool(page.hostname) and page.hostname == here.hostname
        return is_host and (page.port or default) == (here.port or default)
    except ValueError:
        return False

"""The web client: its built files, on the same port as the API and the sockets.

    /v1/..., /healthz, /readyz, /openapi...   the API, whatever it answers
    /assets/index-B3x9.js                     a built file: its name changes with its content
    /favicon.svg                              another file of the folder
    /asyncapi.json, /schemas/...              what the socket speaks, for programs
    /rooms/42                                 a page of the client: index.html, which finds its way

All files are read at the start: a few megabytes, no disk while serving, and no path that could lead
out of the folder. See: OWASP ASVS 5.0, 3.4.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from libs.common.errors import NotFound
from libs.common.http.problems import MethodNotAllowed, problem

API: Final = re.compile(r"/(v1|healthz|readyz|openapi(\.json)?)(/|$)")
HASHED: Final = "/assets/"
INDEX: Final = "/index.html"

FOR_EVER: Final = "public, max-age=31536000, immutable"
ASK_FIRST: Final = "no-cache"

TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json; charset=utf-8",
    ".woff2": "font/woff2",
}
PACKED: Final = frozenset({".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"})

HOST: Final = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")

POLICY: Final = (
    "default-src 'self'; connect-src 'self'{sockets}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""Older browsers do not count a socket to the own host as `'self'`, so it is named."""

SECURITY: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ONE_YEAR_OF_TLS: Final = "max-age=31536000; includeSubDomains"


@dataclass(frozen=True, slots=True)
class File:
    """`packed` is the same content as gzip, if that is smaller."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    cache_control: str


def read_files(folder: Path) -> dict[str, File]:
    """Return what is in the folder by its path on the web; nothing if there is no folder."""
    return dict(_files(folder)) if folder.is_dir() else {}


class Site:
    """Answers with files where `api` has nothing to say; `find` knows further ones."""

    def __init__(
        self, files: Mapping[str, File], api: ASGIApp, *, find: Callable[[str], File | None]
    ) -> None:
        self._files = files
        self._api = api
        self._find = find

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or API.match(scope["path"]):
            await self._api(scope, receive, send)
            return
        response = self._answer(scope)
        response.headers.update(SECURITY)
        headers = Headers(scope=scope)
        response.headers["content-security-policy"] = _policy(headers.get("host", ""))
        if scope["scheme"] == "https":
            response.headers["strict-transport-security"] = ONE_YEAR_OF_TLS
        await response(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if scope["method"] not in ("GET", "HEAD"):
            return problem(MethodNotAllowed.but(("GET", "HEAD")))
        path = scope["path"]
        file = self._find(path) or self._files.get(path)
        if file is None and not path.startswith(HASHED):
            file = self._files.get(INDEX)
        return problem(NotFound()) if file is None else _response(file, Headers(scope=scope))


def _response(file: File, asked: Headers) -> Response:
    headers = {"etag": file.etag, "cache-control": file.cache_control, "vary": "accept-encoding"}
    known = [tag.strip() for tag in asked.get("if-none-match", "").split(",")]
    if file.etag in known:
        return Response(status_code=304, headers=headers)
    if file.packed is not None and "gzip" in asked.get("accept-encoding", ""):
        packed = headers | {"content-encoding": "gzip"}
        return Response(file.packed, media_type=file.media_type, headers=packed)
    return Response(file.content, media_type=file.media_type, headers=headers)


def _policy(host: str) -> str:
    is_sane = HOST.fullmatch(host) is not None
    return POLICY.format(sockets=f" ws://{host} wss://{host}" if is_sane else "")


def _files(folder: Path) -> Iterator[tuple[str, File]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = f"/{path.relative_to(folder).as_posix()}"
            yield name, file_of(name, path.read_bytes(), path.suffix)


def file_of(name: str, content: bytes, suffix: str) -> File:
    """Return what is answered for the path `name`; packing it takes a moment."""
    packed = gzip.compress(content, mtime=0) if suffix in PACKED else content
    return File(
        content=content,
        packed=packed if len(packed) < len(content) else None,
        media_type=TYPES.get(suffix, "application/octet-stream"),
        # Weak: the packed form is other bytes.
        etag=f'W/"{hashlib.sha256(content).hexdigest()[:32]}"',
        cache_control=FOR_EVER if name.startswith(HASHED) else ASK_FIRST,
    )

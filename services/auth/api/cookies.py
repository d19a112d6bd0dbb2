"""The refresh token of a browser, kept where no script can read it.

Over TLS the cookie is called `__Host-hubbub_refresh`: browsers then take it only from this very
host, over TLS, for all paths, and send it nowhere else. Without TLS it is called `hubbub_refresh`
and is not `Secure`, on loopback too: Chromium takes a `Secure` cookie from http://localhost and
http://127.0.0.1 (tried with 150), Safari does not.

A cookie comes along without anybody's doing, so a request that acts by it must be one that a page
of another site cannot make: it declares JSON, and it names its page's origin, of which the HTTP
layer has compared host and port with our own.

See: RFC 6265bis section 4.1.3 (prefixes), OWASP ASVS 5.0 sections 3.3 and 3.5.
"""

from typing import Final

from starlette.requests import Request

from libs.common.http.problems import ForeignOrigin, UnsupportedType
from libs.common.http.reply import Cookie

NAME: Final = "hubbub_refresh"
HOST_ONLY: Final = "__Host-"


class RefreshCookie:
    """Writes and reads the cookie; `is_secure` over TLS."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        self.name = HOST_ONLY + NAME if is_secure else NAME

    def keeping(self, token: str, *, max_age_s: float) -> Cookie:
        """Return the cookie that holds `token` until its session ends."""
        return Cookie(self.name, token, int(max_age_s), path="/", is_secure=self._is_secure)

    def gone(self) -> Cookie:
        """Return the cookie that removes it."""
        return self.keeping("", max_age_s=0)

    def read(self, request: Request) -> str | None:
        """Return the token that the browser sent, if any.

        Raises: UnsupportedType, ForeignOrigin, when a page of another site could have sent it.
        """
        token = request.cookies.get(self.name)
        if not token:
            return None
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise UnsupportedType
        origin = request.headers.get("origin", "")
        if not origin.startswith("https:" if self._is_secure else "http:"):
            raise ForeignOrigin
        return token

"""The refresh token of a browser, and what it is known by, kept where no script can read them.

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

from libs.common.contracts.ids import PersonId
from libs.common.http.problems import ForeignOrigin, UnsupportedType
from libs.common.http.reply import Cookie
from services.auth.core.known_devices import KnownDevices

NAME: Final = "hubbub_refresh"
DEVICE_NAME: Final = "hubbub_device"
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


class DeviceCookie:
    """Writes and reads what a browser is known by at its next log-in. It opens nothing, so whoever
    makes a browser send it gains nothing.
    """

    def __init__(self, devices: KnownDevices, *, is_secure: bool, max_age_s: float) -> None:
        self._devices = devices
        self._is_secure = is_secure
        self._max_age_s = int(max_age_s)
        self.name = HOST_ONLY + DEVICE_NAME if is_secure else DEVICE_NAME

    def marking(self, account_id: PersonId, nonce: str) -> Cookie:
        """Return the cookie by which a browser is known to this account from now on."""
        shown = self._devices.shown_by(nonce, account_id)
        return Cookie(self.name, shown, self._max_age_s, path="/", is_secure=self._is_secure)

    def known(self, request: Request, account_id: PersonId) -> str | None:
        """Return what tells this browser from others that this account knows; None: a stranger."""
        shown = request.cookies.get(self.name)
        return self._devices.known(shown, account_id) if shown else None

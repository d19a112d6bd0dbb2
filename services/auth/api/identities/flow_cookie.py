"""The cookie that ties a log-in at a provider to the browser in which it began.

It holds all there is to know of the log-in, sealed with a key that only we have, so nothing is
stored before somebody comes back, and nobody can fill a table by beginning log-ins. The provider
sends people back with a plain link, which is why it is not `SameSite=Strict`; over TLS its name
makes browsers take it from this very host only, so that nobody else's log-in can be put there.

See: RFC 6265bis section 4.1.3; RFC 9700 section 4.7.
"""

from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from libs.common.http.reply import Cookie
from services.auth.api.cookies import HOST_ONLY
from services.auth.model.identities import Flow

NAME: Final = "hubbub_login"

SEALS_LOGINS: Final = "hubbub.auth.provider-logins"

HEADER: Final = {"alg": "dir", "enc": "A256GCM"}

FLOW: Final = TypeAdapter(Flow)

MAX_CHARS: Final = 4_096
"""Browsers keep no longer cookie, and ours has some 700 characters."""


class FlowCookie:
    """Writes and reads the cookie; `is_secure` over TLS."""

    def __init__(self, key: bytes, *, is_secure: bool) -> None:
        self._key = OctKey.import_key(key)
        self._is_secure = is_secure
        self._name = HOST_ONLY + NAME if is_secure else NAME

    def keeping(self, flow: Flow, *, now: float) -> Cookie:
        """Return the cookie that holds a log-in as long as it may take."""
        sealed = jwe.encrypt_compact(HEADER, FLOW.dump_json(flow), self._key)
        return self._cookie(sealed, int(flow.expires_at - now))

    def gone(self) -> Cookie:
        """Return the cookie that removes it."""
        return self._cookie("", 0)

    def read(self, request: Request) -> Flow | None:
        """Return the log-in that this browser began last, or None."""
        sealed = request.cookies.get(self._name, "")
        if not sealed or len(sealed) > MAX_CHARS:
            return None
        try:
            return FLOW.validate_json(jwe.decrypt_compact(sealed, self._key).plaintext or b"")
        except (JoseError, ValidationError, ValueError):
            return None

    def _cookie(self, value: str, max_age_s: int) -> Cookie:
        return Cookie(
            self._name, value, max_age_s, path="/", is_secure=self._is_secure, same_site="lax"
        )

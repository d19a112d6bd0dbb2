"""What a browser shows to be known again by an account that logged in with it.

    <nonce>.<HMAC(key, account, nonce)>

It proves nothing but that somebody logged in there: who shows it still needs the password. What it
buys is a count of wrong passwords of its own, so that however many strangers guess, from however
many networks, they do not make the owner wait in turn with them.

See: OWASP, Slow Down Online Guessing Attacks with Device Cookies.
"""

import base64
import hmac
from dataclasses import dataclass

from libs.common.contracts.ids import PersonId

MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """Writes and reads what devices show; `key` is nobody else's."""

    key: bytes

    def shown_by(self, nonce: str, account_id: PersonId) -> str:
        """Return what a device shows from now on; `nonce` is random, without a dot."""
        return f"{nonce}.{self._mac(nonce, account_id)}"

    def known(self, shown: str, account_id: PersonId) -> str | None:
        """Return the nonce of a device on which this account was logged in, else None."""
        nonce, _, mac = shown.partition(".")
        is_ours = hmac.compare_digest(mac.encode(), self._mac(nonce, account_id).encode())
        return nonce if is_ours else None

    def _mac(self, nonce: str, account_id: PersonId) -> str:
        said = account_id.bytes + nonce.encode()
        mac = hmac.digest(self.key, said, "sha256")[:MAC_BYTES]
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")

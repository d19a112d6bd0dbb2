"""Seeds of authenticator apps, sealed: encrypted and authenticated, each for one account.

Who can only read the database cannot make codes, and who can write it cannot give somebody the seed
of another account. A seed that does not open is as good as none: after a change of `AUTH_SECRET`
people log in with recovery codes or passkeys.
"""

import hmac
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from libs.common.contracts.ids import PersonId

HEADER: Final = {"alg": "dir", "enc": "A256GCM"}


class Seals:
    """Seals and opens; `key` has 256 bits."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, seed: bytes, account_id: PersonId) -> str:
        """Return what is stored of a seed."""
        return jwe.encrypt_compact(HEADER, seed, self._own(account_id))

    def open(self, sealed: str, account_id: PersonId) -> bytes | None:
        """Return the seed, or None if it was sealed for another account or with another key."""
        try:
            return jwe.decrypt_compact(sealed, self._own(account_id)).plaintext
        except (JoseError, ValueError):
            return None

    def _own(self, account_id: PersonId) -> OctKey:
        return OctKey.import_key(hmac.digest(self._key, account_id.bytes, "sha256"))

"""When the keys that sign access tokens are replaced, and what protects them.

How a new key is announced before it signs, and an old one kept until its last token has expired,
is said in `libs.common.tokens.keys`.
"""

import hmac
from typing import Final

from libs.common.tokens.keys import SigningKeys

SEALS_SIGNING_KEYS: Final = "hubbub.auth.signing-keys"
MAKES_REFRESH_TOKENS: Final = "hubbub.auth.refresh-tokens"
MAKES_GUEST_TOKENS: Final = "hubbub.auth.guest-tokens"
SEALS_TOTP_SEEDS: Final = "hubbub.auth.totp-seeds"
HIDES_PLACES: Final = "hubbub.auth.known-places"
MARKS_DEVICES: Final = "hubbub.auth.known-devices"


def is_due(keys: SigningKeys, now: float, *, life_s: float) -> bool:
    """Tell whether the newest key is `life_s` seconds old and wants a successor."""
    return now >= keys.keys[-1].created + life_s


def derived(secret: str, purpose: str) -> bytes:
    """Return a key of 256 bits for one purpose; the keys of two purposes tell nothing of another.

    The secret has at least as many random bits as the key, so one HMAC is enough.
    """
    return hmac.digest(secret.encode(), purpose.encode(), "sha256")

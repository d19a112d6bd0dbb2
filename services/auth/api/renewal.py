"""Makes the keys that sign access tokens, and the next one when that is due.

Instances agree through the database: whoever finds a key due makes the next one under a lock, and
everybody else finds it there.
"""

from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.tokens.keys import SigningKeys
from libs.common.tokens.signed import MAX_LEEWAY_S
from services.auth.core.keys import is_due
from services.auth.settings.general import MAX_ACCESS_LIFE_S, AuthSettings
from services.auth.store.keys import HeldKeys, KeyStore

log = structlog.get_logger()

OVERLAP_S: Final = MAX_ACCESS_LIFE_S + MAX_LEEWAY_S
"""How long a key is published after its successor began to sign: until the last token that any
setting allowed has expired for the most lenient verifier.
"""


class KeyRenewal:
    """The stored keys, and their changes."""

    def __init__(self, store: KeyStore, settings: AuthSettings, *, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    async def renewed(self) -> SigningKeys:
        """Return the set; make it, or its next key, if that is due.

        Raises: Unavailable; KeysUnreadable, when the secret is not the one they were sealed with.
        """
        now = self._clock.now()
        async with self._store.lock() as held:
            keys = self._read(held)
            if keys is None or is_due(keys, now, life_s=self._settings.key_life_s):
                keys = await self._renew(held, keys, now=now)
        return keys

    async def rotated(self) -> SigningKeys:
        """Return the set with a new key, due or not.  Raises: as `renewed`."""
        async with self._store.lock() as held:
            return await self._renew(held, self._read(held), now=self._clock.now())

    def _read(self, held: HeldKeys) -> SigningKeys | None:
        if held.stored is None:
            return None
        return SigningKeys.from_bytes(
            held.stored, lead_s=self._settings.key_lead_s, overlap_s=OVERLAP_S
        )

    async def _renew(self, held: HeldKeys, keys: SigningKeys | None, *, now: float) -> SigningKeys:
        if keys is None:
            lead_s = self._settings.key_lead_s
            renewed = SigningKeys.generate(now, lead_s=lead_s, overlap_s=OVERLAP_S)
        else:
            renewed = keys.rotated(now)
        kid = renewed.keys[-1].kid
        await held.replace(renewed.to_bytes(), kid=kid, now=now)
        log.info("signing_key_made", key_id=kid, key_count=len(renewed.keys))
        return renewed

"""Public keys of auth, kept by everybody who verifies its tokens.

Auth may be away for as long as it likes: the last set stays in use. A set is fetched in the
background, and once more when a token names a key that is not in it, but never more often than
every `refetch_after_s` seconds, whatever tokens come. Where it is fetched from is configuration;
nothing in a token has a say in that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
import structlog
from joserfc.jwk import OKPKey

from libs.common.clock import Clock
from libs.common.errors import ChatError, Unavailable
from libs.common.tokens.access import Claims, Verifier
from libs.common.tokens.keys import ALGORITHM, PublicKey
from libs.common.tokens.signed import UnknownKey

log = structlog.get_logger()

MAX_KEYS: Final = 16
"""An issuer has two keys, three in the middle of a rotation; more is a mistake."""


class _Jwk(msgspec.Struct, frozen=True):
    kty: str
    crv: str = ""
    x: str = ""
    use: str = "sig"


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[_Jwk]


_key_sets = msgspec.json.Decoder(_KeySet)


def read_jwks(document: bytes) -> dict[str, PublicKey]:
    """Return the Ed25519 signing keys of a published key set by id; others are passed over.

    Raises: ValueError when it is no key set, holds none of ours, or more than `MAX_KEYS` keys.
    """
    entries = _key_sets.decode(document).keys
    if len(entries) > MAX_KEYS:
        raise ValueError(f"a key set of {len(entries)} keys")
    keys = [
        PublicKey(OKPKey.import_key({"kty": "OKP", "crv": ALGORITHM, "x": entry.x}))
        for entry in entries
        if (entry.kty, entry.crv, entry.use) == ("OKP", ALGORITHM, "sig")
    ]
    if not keys:
        raise ValueError("a key set without a key for us")
    return {key.kid: key for key in keys}


class JwksCache:
    """The newest key set that could be had.

    `fetch` returns the document or raises a `ChatError`; it bounds its own time and size.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[bytes]],
        *,
        clock: Clock,
        refresh_every_s: float,
        refetch_after_s: float,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._refresh_every_s = refresh_every_s
        self._refetch_after_s = refetch_after_s
        self._keys: dict[str, PublicKey] = {}
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()

    @property
    def is_ready(self) -> bool:
        """Tell whether there is a set at all."""
        return bool(self._keys)

    async def check(self) -> None:
        """Be a check of readiness.  Raises: Unavailable."""
        if not self.is_ready:
            raise Unavailable("The keys of auth are not known yet.")

    def find(self, kid: str) -> PublicKey | None:
        return self._keys.get(kid)

    async def run(self) -> None:
        """Fetch now and then at each interval, until cancelled; sooner while there is no set."""
        while True:
            await self.refresh()
            pause_s = self._refresh_every_s if self.is_ready else self._refetch_after_s
            await self._clock.sleep(pause_s)

    async def refresh(self) -> None:
        """Fetch the set; when that fails keep the old one."""
        async with self._fetching:
            await self._fetch_set()

    async def refetch(self) -> None:
        """Fetch the set unless that was tried within the last `refetch_after_s`.

        All who come while a fetch is under way share it.
        """
        async with self._fetching:
            if self._clock.monotonic() - self._fetched_at >= self._refetch_after_s:
                await self._fetch_set()

    async def _fetch_set(self) -> None:
        try:
            self._keys = read_jwks(await self._fetch())
        except (ChatError, ValueError) as error:
            log.warning("jwks_not_fetched", reason=str(error), keys_kept=len(self._keys))
        finally:
            self._fetched_at = self._clock.monotonic()


class RemoteVerifier:
    """Checks access tokens; a key that is not known yet is looked for once."""

    def __init__(self, verifier: Verifier, cache: JwksCache) -> None:
        self._verifier = verifier
        self._cache = cache

    async def verify(self, token: str, now: float) -> Claims:
        """Return what the token says.

        Raises: as `Verifier.verify`; Unavailable while there is no key to check it with, since a
        person must not be logged out because auth is away.
        """
        try:
            return self._verifier.verify(token, now)
        except UnknownKey:
            await self._cache.refetch()
            await self._cache.check()
            return self._verifier.verify(token, now)

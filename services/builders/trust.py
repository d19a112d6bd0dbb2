"""Who believes whom, the same in every shape.

Services prove themselves to each other with keys of their own; people show access tokens, which
are checked against the keys that auth publishes, or tokens that say nothing, about which auth is
asked. A shape says where the keys come from.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from libs.common.client import InternalClient
from libs.common.clock import Clock
from libs.common.contracts.people import PersonKind
from libs.common.http.people import SignedTokens
from libs.common.http.settings import HttpSettings
from libs.common.http.verifying import AnyToken, pace_of
from libs.common.process import Doors
from libs.common.tokens.access import Audiences, Verifier
from libs.common.tokens.introspection import AskedOfAuth, Introspection
from libs.common.tokens.jwks import JwksCache, RemoteVerifier
from libs.common.tokens.keys import PublicKey, SigningKey
from libs.common.tokens.receipts import ReceiptReader, Receipts
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.service import ServiceTokens, ServiceVerifier

AUDIENCES: Final[Audiences] = {
    PersonKind.USER: "hubbub",
    PersonKind.BOT: "hubbub",
    PersonKind.GUEST: "hubbub-guest",
}

LEEWAY_S: Final = 30.0
"""How far apart the clocks of two machines may be."""

JWKS_PATH: Final = "/v1/.well-known/jwks.json"
JWKS_REFRESH_S: Final = 300.0
JWKS_REFETCH_S: Final = 1.0


class Trust:
    """Keys, and what follows from them.

    `signing` are the keys of the services of this process, `callers` the public keys of all;
    `fetch_keys` returns the document at `JWKS_PATH`. `revoked` is shared by all of the process.
    """

    def __init__(
        self,
        issuer: str,
        *,
        signing: Mapping[str, SigningKey],
        callers: Mapping[str, Sequence[PublicKey]],
        fetch_keys: Callable[[], Awaitable[bytes]],
        clock: Clock,
    ) -> None:
        self.issuer = issuer
        self.revoked = RevokedSessions()
        self.keys = JwksCache(
            fetch_keys,
            clock=clock,
            refresh_every_s=JWKS_REFRESH_S,
            refetch_after_s=JWKS_REFETCH_S,
        )
        self._clock = clock
        self._callers = callers
        self._tokens = {
            name: ServiceTokens(name, key, clock=clock) for name, key in signing.items()
        }
        self._receipts = {name: Receipts(name, key, clock=clock) for name, key in signing.items()}
        self._are_rotated = asyncio.Event()

    def tokens_of(self, caller: str) -> ServiceTokens:
        """Return what `caller` shows to the services that it asks."""
        return self._tokens[caller]

    def receipts_of(self, service: str) -> Receipts:
        """Return what `service` signs with that nothing of a person is left in it."""
        return self._receipts[service]

    def receipt_reader(self) -> ReceiptReader:
        """Return the check of the receipts of all services."""
        return ReceiptReader(self._callers)

    def callers_of(self, service: str) -> ServiceVerifier:
        """Return the check of the tokens that other services show to `service`."""
        callers = {name: keys for name, keys in self._callers.items() if name != service}
        return ServiceVerifier(service, callers=callers, leeway_s=LEEWAY_S)

    def doors(self, service: str, *, auth: InternalClient, http: HttpSettings) -> Doors:
        """Return who is let in by `service`, which asks `auth` about what is not signed."""
        verifier = Verifier(
            self.keys,
            issuer=self.issuer,
            audiences=AUDIENCES,
            leeway_s=LEEWAY_S,
            revoked=self.revoked,
        )
        people = AnyToken(
            SignedTokens(RemoteVerifier(verifier, self.keys)),
            Introspection(AskedOfAuth(auth), self.revoked, clock=self._clock),
            issuer=self.issuer,
            pace=pace_of(http),
            clock=self._clock,
        )
        return Doors(people, self.callers_of(service))

    def note_rotated(self) -> None:
        """Have the keys of auth fetched again soon."""
        self._are_rotated.set()

    async def refresh_rotated(self) -> None:
        """Fetch the keys of auth again whenever they have changed, for ever."""
        while True:
            await self._are_rotated.wait()
            self._are_rotated.clear()
            await self.keys.refresh()

"""Who believes whom in one process: the same tokens and doors as between processes.

Service keys live as long as the process; nothing outside ever sees one of their tokens. Access
tokens are checked against auth's published keys, fetched from auth's own app like from anywhere
else.
"""

from collections.abc import Mapping
from typing import Final

import httpx
from starlette.types import ASGIApp

from libs.common.chance import Chance
from libs.common.client import ClientSettings, InternalClient
from libs.common.clock import Clock
from libs.common.contracts.people import PersonKind
from libs.common.errors import Unavailable
from libs.common.http.people import SignedTokens
from libs.common.process import Doors
from libs.common.tokens.access import Audiences, Verifier
from libs.common.tokens.jwks import JwksCache, RemoteVerifier
from libs.common.tokens.keys import SigningKey
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.service import ServiceTokens, ServiceVerifier

NAMES: Final = ("auth", "rooms", "messages", "presence", "gateway")

AUDIENCES: Final[Audiences] = {PersonKind.USER: "hubbub", PersonKind.BOT: "hubbub"}

LEEWAY_S: Final = 30.0
"""How far apart clocks may be; here there is one clock, and tokens outlive a restart."""

JWKS_PATH: Final = "/v1/.well-known/jwks.json"
JWKS_REFRESH_S: Final = 300.0
JWKS_REFETCH_S: Final = 1.0


class Trust:
    """Keys of all services of one process, and what follows from them."""

    def __init__(
        self, issuer: str, *, settings: ClientSettings, clock: Clock, chance: Chance
    ) -> None:
        self.issuer = issuer
        self.revoked = RevokedSessions()
        self._settings = settings
        self._clock = clock
        self._chance = chance
        self._keys = {name: SigningKey.generate(clock.now()) for name in NAMES}

    def callers_of(self, service: str) -> ServiceVerifier:
        """Return the check of tokens that other services show to `service`."""
        callers = {name: [key.public] for name, key in self._keys.items() if name != service}
        return ServiceVerifier(service, callers=callers, leeway_s=LEEWAY_S)

    def client(self, caller: str, callee: str, app: ASGIApp) -> InternalClient:
        """Return what `caller` asks `callee` with, whose internal app is `app`."""
        return InternalClient(
            callee,
            f"http://{callee}.internal",
            settings=self._settings,
            tokens=ServiceTokens(caller, self._keys[caller], clock=self._clock),
            clock=self._clock,
            chance=self._chance,
            transport=httpx.ASGITransport(app=app),
        )

    def published_keys(self, auth: ASGIApp) -> JwksCache:
        """Return auth's keys as every service but auth knows them."""

        async def fetch() -> bytes:
            transport = httpx.ASGITransport(app=auth)
            async with httpx.AsyncClient(transport=transport, base_url="http://auth") as http:
                answer = await http.get(JWKS_PATH)
            if not answer.is_success:
                raise Unavailable
            return answer.content

        return JwksCache(
            fetch,
            clock=self._clock,
            refresh_every_s=JWKS_REFRESH_S,
            refetch_after_s=JWKS_REFETCH_S,
        )

    def people(self, keys: JwksCache, revoked: RevokedSessions) -> RemoteVerifier:
        """Return the check of access tokens."""
        verifier = Verifier(
            keys, issuer=self.issuer, audiences=AUDIENCES, leeway_s=LEEWAY_S, revoked=revoked
        )
        return RemoteVerifier(verifier, keys)

    def doors(self, keys: JwksCache) -> Mapping[str, Doors]:
        """Return, for each service, who is let in."""
        people = SignedTokens(self.people(keys, self.revoked))
        return {name: Doors(people, self.callers_of(name)) for name in NAMES}

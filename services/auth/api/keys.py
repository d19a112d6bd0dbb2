"""The keys that sign access tokens: in force in this process, and published to everybody.

Every instance reads the set again every `key_check_s`. A new key signs only after `key_lead_s`,
which is at least twice as long, so every instance publishes it before any signs with it.
"""

from typing import Literal

import structlog
from pydantic import Field

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import RoomId, SessionId
from libs.common.contracts.people import Person
from libs.common.errors import Unavailable
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import ANYONE
from libs.common.tokens.access import AccessTokens, Audiences, Claims, Verifier
from libs.common.tokens.keys import PublicKey, SigningKeys
from services.auth.api.bodies import Body
from services.auth.api.renewal import KeyRenewal
from services.auth.settings.general import AuthSettings

log = structlog.get_logger()


class KeyShown(Body):
    """A public key.  See: RFC 7517, RFC 8037."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    x: str
    kid: str
    use: Literal["sig"]
    alg: Literal["Ed25519"]


class KeySet(Body):
    keys: list[KeyShown] = Field(min_length=1)


class KeyRing:
    """This instance's copy of the key set."""

    def __init__(
        self,
        renewal: KeyRenewal,
        settings: AuthSettings,
        *,
        issuer: str,
        audiences: Audiences,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._renewal = renewal
        self._settings = settings
        self._issuer = issuer
        self._audiences = audiences
        self._clock = clock
        self._chance = chance
        self._access: AccessTokens | None = None
        self._public: dict[str, PublicKey] = {}

    @property
    def life_s(self) -> int:
        """How long the tokens live that are minted here."""
        return self._settings.access_life_s

    def endpoints(self) -> list[Endpoint]:
        return [Endpoint("GET", "/v1/.well-known/jwks.json", self.published, admits=ANYONE)]

    async def published(self) -> KeySet:
        """Return the public keys that access tokens are signed with."""
        return KeySet.model_validate(self._minting().keys.jwks(self._clock.now()))

    def find(self, kid: str) -> PublicKey | None:
        """Return the key of this id if it is published."""
        return self._public.get(kid)

    def mint(
        self, person: Person, session_id: SessionId, *, now: float, room_id: RoomId | None = None
    ) -> str:
        """Return an access token; `room_id` for a guest and only for one."""
        return self._minting().mint(person, session_id, now=now, room_id=room_id)

    async def load(self) -> None:
        """Take the set from the database.  Raises: Unavailable, KeysUnreadable."""
        self._use(await self._renewal.renewed())

    async def run(self) -> None:
        """Load again and again, for ever; a worker does this."""
        while True:
            await self._clock.sleep(self._settings.key_check_s)
            try:
                await self.load()
            except Unavailable:
                log.warning("keys_not_loaded")

    def _minting(self) -> AccessTokens:
        if self._access is None:
            raise Unavailable
        return self._access

    def _use(self, keys: SigningKeys) -> None:
        self._public = {key.kid: key.public for key in keys.keys}
        if self._access is not None:
            self._access.keys = keys
            return
        self._access = AccessTokens(
            keys,
            issuer=self._issuer,
            audiences=self._audiences,
            life_s=self._settings.access_life_s,
            chance=self._chance,
        )


class OwnTokens:
    """Checks access tokens with the keys of this very process, so it never has to ask."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    async def verify(self, token: str, now: float) -> Claims:
        """Return what the token says; as `Verifier.verify`."""
        return self._verifier.verify(token, now)

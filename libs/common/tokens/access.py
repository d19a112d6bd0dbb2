"""Access tokens: how auth says who somebody is, and how everybody else checks it.

A token names a person and a session and carries no rights: roles change, so they are looked up.
It lives for minutes and is never stored. Guests have their own audience, so a verifier that does
not admit guests cannot be shown a guest's token by mistake.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Protocol
from uuid import UUID

import msgspec

from libs.common.chance import Chance
from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.people import Person, PersonKind
from libs.common.errors import Unauthorized
from libs.common.tokens.keys import PublicKey, SigningKeys
from libs.common.tokens.revoked import RevokedSessions
from libs.common.tokens.signed import TokenExpired, check_leeway, check_window, seal, unseal

ACCESS_TYP: Final = "at+jwt"
"""See: RFC 9068."""

MAX_NAME_CHARS: Final = 64


class SessionRevoked(Unauthorized):
    code = "session_revoked"
    message = "This session was ended. Log in again."


class Claims(
    msgspec.Struct,
    frozen=True,
    omit_defaults=True,
    rename={
        "issuer": "iss",
        "audience": "aud",
        "person_id": "sub",
        "session_id": "sid",
        "token_id": "jti",
        "issued_at": "iat",
        "not_before": "nbf",
        "expires_at": "exp",
        "room_id": "room",
    },
):
    """What a verified access token says. Times are seconds since 1970.

    `name` is for display and proves nothing. A guest's token is good for `room_id` only.
    """

    issuer: str
    audience: str
    person_id: PersonId
    session_id: SessionId
    token_id: UUID
    issued_at: int
    not_before: int
    expires_at: int
    kind: PersonKind
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME_CHARS)]
    room_id: RoomId | None = None

    @property
    def person(self) -> Person:
        return Person(kind=self.kind, id=self.person_id, name=self.name)


_claims = msgspec.json.Decoder(Claims)

Audiences = Mapping[PersonKind, str]
"""The audience that a token of each kind of person carries; a kind left out is not admitted."""


class KeySource(Protocol):
    def find(self, kid: str) -> PublicKey | None:
        """Return the key of this id if it is known and current."""
        ...


class AccessTokens:
    """Mints access tokens that live `life_s` seconds. `keys` is replaced on rotation."""

    def __init__(
        self, keys: SigningKeys, *, issuer: str, audiences: Audiences, life_s: int, chance: Chance
    ) -> None:
        self.keys = keys
        self.life_s = life_s
        self._issuer = issuer
        self._audiences = audiences
        self._chance = chance

    def mint(
        self, person: Person, session_id: SessionId, *, now: float, room_id: RoomId | None = None
    ) -> str:
        """Return a token for one session of a person; `room_id` for a guest and only for one.

        Raises: ValueError when a verifier would refuse such a token, KeyError for a kind of person
        that gets none.
        """
        if (person.kind is PersonKind.GUEST) is (room_id is None):
            raise ValueError("guests, and only guests, are bound to a room")
        if not 1 <= len(person.name) <= MAX_NAME_CHARS:
            raise ValueError(f"a name has 1 to {MAX_NAME_CHARS} characters")
        claims = Claims(
            issuer=self._issuer,
            audience=self._audiences[person.kind],
            person_id=person.id,
            session_id=session_id,
            token_id=self._chance.new_id(),
            issued_at=int(now),
            not_before=int(now),
            expires_at=int(now) + self.life_s,
            kind=person.kind,
            name=person.name,
            room_id=room_id,
        )
        return seal(msgspec.json.encode(claims), typ=ACCESS_TYP, key=self.keys.current(now))


class Verifier:
    """Checks access tokens with the keys at hand; does no I/O."""

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str,
        audiences: Audiences,
        leeway_s: float,
        revoked: RevokedSessions,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audiences = audiences
        self._leeway_s = check_leeway(leeway_s)
        self._revoked = revoked

    def verify(self, token: str, now: float) -> Claims:
        """Return what the token says if it is genuine, for us, in its time and not revoked.

        Raises: TokenExpired, SessionRevoked, UnknownKey, Unauthorized.
        """
        _, payload = unseal(token, typ=ACCESS_TYP, find=self._keys.find)
        try:
            claims = _claims.decode(payload)
        except ValueError:
            raise Unauthorized from None
        self._check_addressee(claims)
        if self._revoked.has(claims.session_id):
            raise SessionRevoked
        if claims.expires_at <= self._revoked.expired_until:
            raise TokenExpired
        check_window(
            now,
            not_before=claims.not_before,
            expires_at=claims.expires_at,
            leeway_s=self._leeway_s,
        )
        return claims

    def _check_addressee(self, claims: Claims) -> None:
        if claims.issuer != self._issuer:
            raise Unauthorized
        if claims.audience != self._audiences.get(claims.kind):
            raise Unauthorized
        if (claims.kind is PersonKind.GUEST) is (claims.room_id is None):
            raise Unauthorized

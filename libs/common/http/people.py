"""Who is calling, and whether that kind of caller is let in at all.

Every endpoint says whom it admits; the default is users, so guests, bots and strangers are refused
where nobody thought of them. It also names the scope that an API token must have there; without one
no API token is let in. What the caller may do there is for the service's own rules.
Internal endpoints admit services by name through the same door, and by default none.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final, Protocol

from starlette.datastructures import Headers

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId, RoomId, SessionId
from libs.common.contracts.introspection import MAX_TOKEN_CHARS
from libs.common.contracts.people import Person, PersonKind
from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden, Unauthorized
from libs.common.permissions.scopes import check_scope
from libs.common.tokens.access import Claims

USERS: Final = frozenset({str(PersonKind.USER)})
USERS_AND_BOTS: Final = USERS | {str(PersonKind.BOT)}
PEOPLE: Final = USERS_AND_BOTS | {str(PersonKind.GUEST)}
"""Whoever can be in a room. Whether they are in this one is for the rules."""

GUESTS: Final = frozenset({str(PersonKind.GUEST)})

ANYONE: Final = frozenset({"anyone"})
"""No token is needed. One that is sent is verified if the endpoint asks who is calling."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The verified person behind a request.

    A guest, and only a guest, is bound to `room_id`. An API token is its own session, by its id,
    and is good for its `scopes` only; None is a session, which may do what its person may.
    `expires_at` is in seconds since 1970.
    """

    id: PersonId
    kind: PersonKind
    name: str
    session_id: SessionId | None
    expires_at: float
    room_id: RoomId | None = None
    scopes: frozenset[Scope] | None = None

    @property
    def person(self) -> Person:
        """The caller as commands and events name people."""
        return Person(kind=self.kind, id=self.id, name=self.name)


@dataclass(frozen=True, slots=True)
class CallingService:
    """The verified service behind an internal request."""

    name: str


class Verifier(Protocol):
    """Knows whose access token this is."""

    async def verify(self, token: str, now: float) -> Caller:
        """Return the person.  Raises: Unauthorized."""
        ...


class ClaimsVerifier(Protocol):
    """Knows what a signed access token says."""

    async def verify(self, token: str, now: float) -> Claims:
        """Return what it says.  Raises: Unauthorized."""
        ...


class ServiceVerifier(Protocol):
    """Knows which service made a service token, and refuses those made for another callee."""

    def verify(self, token: str, now: float) -> str:
        """Return the name of the calling service.  Raises: Unauthorized."""
        ...


class SignedTokens:
    """The `Verifier` of everybody who only takes signed access tokens."""

    def __init__(self, tokens: ClaimsVerifier) -> None:
        self._tokens = tokens

    async def verify(self, token: str, now: float) -> Caller:
        claims = await self._tokens.verify(token, now)
        return Caller(
            id=claims.person_id,
            kind=claims.kind,
            name=claims.name,
            session_id=claims.session_id,
            expires_at=claims.expires_at,
            room_id=claims.room_id,
        )


class Guard(Protocol):
    """The door of an app."""

    @property
    def gives(self) -> type[Caller] | type[CallingService]:
        """The type of caller that handlers behind this door may ask for."""
        ...

    async def admit(
        self, headers: Headers, admits: AbstractSet[str], *, scope: Scope | None
    ) -> Caller | CallingService | None:
        """Return the caller, or None where anyone may come and nobody said who they are.

        Raises: Unauthorized, Forbidden.
        """
        ...


class PeopleGuard:
    """The door of a public app."""

    gives = Caller

    def __init__(self, verifier: Verifier, clock: Clock) -> None:
        self._verifier = verifier
        self._clock = clock

    async def admit(
        self, headers: Headers, admits: AbstractSet[str], *, scope: Scope | None
    ) -> Caller | None:
        token = bearer(headers)
        if token is None and "anyone" in admits:
            return None
        caller = await self._verifier.verify(token or _missing(), self._clock.now())
        if caller.kind not in admits and "anyone" not in admits:
            raise Forbidden
        check_scope(caller.scopes, scope)
        return caller


class ServiceGuard:
    """The door of an internal app."""

    gives = CallingService

    def __init__(self, verifier: ServiceVerifier, clock: Clock) -> None:
        self._verifier = verifier
        self._clock = clock

    async def admit(
        self, headers: Headers, admits: AbstractSet[str], *, scope: Scope | None
    ) -> CallingService | None:
        """Admit a service; scopes are for people."""
        if "anyone" in admits:
            return None
        service = self._verifier.verify(bearer(headers) or _missing(), self._clock.now())
        if service not in admits:
            raise Forbidden
        return CallingService(service)


def bearer(headers: Headers) -> str | None:
    """Return the token of the `Authorization` header, or None without such a header.

    Raises: Unauthorized when there are two, or it is anything but one bearer token of a sane size.
    """
    values = headers.getlist("authorization")
    if not values:
        return None
    scheme, _, token = values[0].partition(" ")
    is_token = scheme.lower() == "bearer" and token and " " not in token
    if len(values) > 1 or not is_token or len(token) > MAX_TOKEN_CHARS:
        raise Unauthorized
    return token


def _missing() -> str:
    raise Unauthorized

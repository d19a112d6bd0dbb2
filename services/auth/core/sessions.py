"""The chain of refresh tokens that keeps a session alive, as a state machine.

Every exchange makes the next generation. `current` is the newest, g the one presented:

    g == current                          Rotated    the next generation is made
    g == current - 1, within `grace_s`    Repeated   the same answer again: it was lost, or a
                                                     second tab asked at the same moment
    g older, or later than that           Reused     two parties hold the chain and one of them
                                                     stole it: the session ends for both
    the session has ended                 Ended

A token is `HMAC(key, session, generation)`, so an answer can be given again and yet nothing that
opens a session is stored: only the hash of the current token is. That hash, not the key, decides
about the current token, so a change of the key logs nobody out.

A token that was never issued says nothing about the session it names: it is refused and the
session lives on, or anybody who knows a session's id could end it.

See: RFC 9700 section 4.14.2 (rotation and reuse detection).
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from typing import ClassVar, Final
from uuid import UUID

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.errors import Unauthorized
from services.auth.model.proofs import Method
from services.auth.model.sessions import Device, Session

PREFIX: Final = "hbr_"
"""Lets people and scanners for leaked secrets see what they have found."""

ID_BYTES: Final = 16
GENERATION_BYTES: Final = 4
MAC_BYTES: Final = 32
PATTERN: Final = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{70}})")
"""The three parts above have 52 bytes: 70 letters and two signs of padding that are left out."""


class Expired(Unauthorized):
    message = "This session has expired. Log in again."


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token taken apart; whether it was ever issued is another question."""

    session_id: SessionId
    generation: int
    mac: bytes

    @classmethod
    def read(cls, text: str) -> "RefreshToken":
        """Take a token apart.  Raises: Unauthorized, when it cannot be one."""
        found = PATTERN.fullmatch(text)
        if found is None:
            raise Unauthorized
        value = base64.urlsafe_b64decode(found[1] + "==")
        return cls(
            session_id=SessionId(UUID(bytes=value[:ID_BYTES])),
            generation=int.from_bytes(value[ID_BYTES:-MAC_BYTES], "big"),
            mac=value[-MAC_BYTES:],
        )

    def write(self) -> str:
        """Return the token as clients keep it."""
        value = self.session_id.bytes + _number(self.generation) + self.mac
        return PREFIX + base64.urlsafe_b64encode(value).decode().rstrip("=")

    def hashed(self) -> bytes:
        """Return what is stored of the token. It has 256 random bits, so SHA-256 is enough."""
        return hashlib.sha256(self.mac).digest()


@dataclass(frozen=True, slots=True)
class Rotated:
    """Store the session as it is now, then hand the token out."""

    label: ClassVar[str] = "rotated"

    session: Session
    token: RefreshToken


@dataclass(frozen=True, slots=True)
class Repeated:
    """Hand the current token out once more; nothing changes."""

    label: ClassVar[str] = "repeated"

    session: Session
    token: RefreshToken


@dataclass(frozen=True, slots=True)
class Reused:
    """End the session."""

    label: ClassVar[str] = "reused"

    session: Session


@dataclass(frozen=True, slots=True)
class Ended:
    """The session had been ended before."""

    label: ClassVar[str] = "ended"


Exchange = Rotated | Repeated | Reused | Ended
"""Metrics call them by their `label`."""


@dataclass(frozen=True, slots=True)
class RefreshChain:
    """The rules of all chains. `idle_s` is how long an unused session lives, `max_s` how long any
    does.
    """

    key: bytes
    idle_s: float
    max_s: float
    grace_s: float

    def begin(
        self,
        session_id: SessionId,
        account_id: PersonId,
        *,
        device: Device,
        proved_by: tuple[Method, ...],
        client_hash: bytes,
        now: float,
    ) -> Rotated:
        """Return a new session and its first token."""
        token = self._token(session_id, 0)
        session = Session(
            id=session_id,
            account_id=account_id,
            device=device,
            proved_by=proved_by,
            generation=0,
            token_hash=token.hashed(),
            client_hash=client_hash,
            created_at=now,
            used_at=now,
            expires_at=now + min(self.idle_s, self.max_s),
            ends_at=now + self.max_s,
            is_revoked=False,
        )
        return Rotated(session, token)

    def exchange(
        self, presented: RefreshToken, session: Session, *, client_hash: bytes, now: float
    ) -> Exchange:
        """Return what becomes of a refresh token and of its session.

        Raises: Unauthorized, for a token that was never issued; Expired.
        """
        if not self.is_issued(presented, session):
            raise Unauthorized
        if session.is_revoked:
            return Ended()
        if now >= session.expires_at:
            raise Expired
        if presented.generation == session.generation:
            return self._rotate(session, client_hash, now)
        is_predecessor = presented.generation == session.generation - 1
        is_in_grace = now <= session.used_at + self.grace_s
        # Only the client that made the exchange may have lost the answer to it.
        is_same_client = hmac.compare_digest(client_hash, session.client_hash)
        if is_predecessor and is_in_grace and is_same_client:
            return self._repeat(session)
        return Reused(session)

    def is_issued(self, presented: RefreshToken, session: Session) -> bool:
        """Tell whether a token is, or once was, the session's."""
        if presented.generation == session.generation:
            return hmac.compare_digest(presented.hashed(), session.token_hash)
        issued = self._token(session.id, presented.generation)
        is_past = presented.generation < session.generation
        return is_past and hmac.compare_digest(presented.mac, issued.mac)

    def _rotate(self, session: Session, client_hash: bytes, now: float) -> Rotated:
        token = self._token(session.id, session.generation + 1)
        rotated = replace(
            session,
            generation=token.generation,
            token_hash=token.hashed(),
            client_hash=client_hash,
            used_at=now,
            expires_at=min(now + self.idle_s, session.ends_at),
        )
        return Rotated(rotated, token)

    def _repeat(self, session: Session) -> Repeated:
        token = self._token(session.id, session.generation)
        if not hmac.compare_digest(token.hashed(), session.token_hash):
            # The key was changed a moment ago: the lost answer cannot be made again.
            raise Unauthorized
        return Repeated(session, token)

    def _token(self, session_id: SessionId, generation: int) -> RefreshToken:
        message = session_id.bytes + _number(generation)
        mac = hmac.digest(self.key, message, "sha256")
        return RefreshToken(session_id, generation, mac)


def _number(generation: int) -> bytes:
    return generation.to_bytes(GENERATION_BYTES, "big")

"""Second factors: what an account has beside its password, and log-ins that wait for one.

Times are seconds since 1970.
"""

from dataclasses import dataclass

from libs.common.contracts.ids import PersonId
from services.auth.model.proofs import Method


@dataclass(frozen=True, slots=True)
class Held:
    """The second factors of an account, counted, and whether it has a password."""

    has_password: bool
    has_totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def methods(self) -> tuple[Method, ...]:
        """What a log-in may go on with; none when the first proof is enough.

        Recovery codes stand in for a second factor and are none by themselves.
        """
        if not (self.has_totp or self.passkeys):
            return ()
        held = (
            (Method.PASSKEY, bool(self.passkeys)),
            (Method.TOTP, self.has_totp),
            (Method.RECOVERY, bool(self.recovery_codes)),
        )
        return tuple(method for method, is_there in held if is_there)

    @property
    def proving(self) -> tuple[Method, ...]:
        """What proves once more who somebody is: a second factor, where there is one."""
        return self.methods or ((Method.PASSWORD,) if self.has_password else ())


@dataclass(frozen=True, slots=True)
class LoginChallenge:
    """A log-in whose first proof was right, and what its session will be.

    `client_hash` tells the one client that may go on with it. A password that was set after `as_of`
    voids it.
    """

    token_hash: bytes
    account_id: PersonId
    client_hash: bytes
    proved_by: Method
    device: str | None
    by_cookie: bool
    as_of: float
    expires_at: float

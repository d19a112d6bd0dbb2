"""Takes codes: those of authenticator apps, and recovery codes.

An account takes no code for a while after several wrong ones in a row, as after wrong passwords,
but longer: who guesses codes has the password. Attempts from where the account's owner was before
are counted apart, so that a guesser elsewhere does not make the owner wait.
"""

import hashlib
from typing import Final

from starlette.requests import Request

from libs.common.contracts.ids import PersonId
from libs.common.networks import network_of
from services.auth.api.factors.changes import FactorChanges
from services.auth.api.surroundings import Surroundings
from services.auth.core.attempts import AttemptRule
from services.auth.core.factors import recovery, totp
from services.auth.core.factors.refusals import InvalidCode
from services.auth.model.accounts import Account
from services.auth.model.acts import Kind
from services.auth.model.proofs import Method
from services.auth.store.attempts import STRANGERS, AttemptStore, Guessed
from services.auth.store.factors.held import HeldFactors
from services.auth.store.factors.recovery_codes import use
from services.auth.store.factors.totp import TotpStore

FORGET_S: Final = 3_600.0
"""No sooner are counts swept; ten thousand tries take half a year at this pace."""


class Codes:
    """Finds out whether a code is right, and uses it up."""

    def __init__(
        self,
        around: Surroundings,
        changes: FactorChanges,
        *,
        totps: TotpStore,
        held: HeldFactors,
        attempts: AttemptStore,
    ) -> None:
        settings = around.settings
        self._around = around
        self._changes = changes
        self._totps = totps
        self._held = held
        self._attempts = attempts
        self._rule = AttemptRule(
            free=settings.free_attempts,
            first_s=settings.first_rest_s,
            max_s=settings.max_code_rest_s,
            forget_s=FORGET_S,
        )

    async def take(self, account: Account, typed: str, *, address: str, request: Request) -> Method:
        """Use a code up and return what kind it was.  Raises: InvalidCode, TooMany."""
        guessed = await self._guessed(account.id, address, request)
        now = self._around.clock.now()
        async with self._attempts.lock(guessed, now=now) as held:
            await held.keep(self._rule.count(held.attempts, now))
        method = await self._taken(account, recovery.plain(typed), address)
        await self._attempts.forget(guessed)
        return method

    async def _taken(self, account: Account, code: str, address: str) -> Method:
        if await self._is_of_app(account.id, code):
            return Method.TOTP
        if recovery.is_code(code) and await self._is_recovery(account, code, address):
            return Method.RECOVERY
        raise InvalidCode

    async def _is_of_app(self, account_id: PersonId, code: str) -> bool:
        stored = await self._totps.in_use(account_id)
        if stored is None:
            return False
        now = self._around.clock.now()
        step = totp.step_of(stored.seed, code, now=now, after=stored.last_step)
        return step is not None and await self._totps.use(account_id, step)

    async def _is_recovery(self, account: Account, code: str, address: str) -> bool:
        async with self._around.database.transaction() as connection:
            if not await use(connection, account.id, code_hash=recovery.hashed(code)):
                return False
            await self._changes.tell(
                connection,
                account,
                kind=Kind.RECOVERY_CODE_USED,
                what="a recovery code was used",
                address=address,
                session_id=None,
            )
        return True

    async def _guessed(self, account_id: PersonId, address: str, request: Request) -> Guessed:
        origin = STRANGERS
        if device := self._around.device_cookie.known(request, account_id):
            origin = f"device {device}"
        elif await self._held.is_familiar(account_id, address=address):
            origin = network_of(address)
        return Guessed(hashlib.sha256(b"second factor" + account_id.bytes).digest(), origin)

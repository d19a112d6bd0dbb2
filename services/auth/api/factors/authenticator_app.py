"""Authenticator apps and recovery codes over HTTP."""

from typing import Final
from urllib.parse import urlsplit

from libs.common.errors import NotFound
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from services.auth.api.factors.bodies import (
    Code,
    PasskeyShown,
    RecoveryCodes,
    SecondFactors,
    TotpOffered,
)
from services.auth.api.factors.ceremonies import Ceremonies
from services.auth.api.factors.changes import FactorChanges
from services.auth.api.surroundings import Surroundings
from services.auth.core.factors import recovery, totp
from services.auth.core.factors.refusals import InvalidCode, NoSecondFactor
from services.auth.core.proofs import StepUpRequired
from services.auth.model.acts import Kind
from services.auth.store.factors.held import HeldFactors
from services.auth.store.factors.passkeys import PasskeyStore
from services.auth.store.factors.totp import TotpStore, confirm, remove

OFFER_LIFE_S: Final = 600.0
"""How long an offered seed waits for its first code: enough to find the phone and an app."""


class AuthenticatorAppApi:
    """The endpoints around authenticator apps, and the list of all second factors."""

    def __init__(
        self,
        around: Surroundings,
        changes: FactorChanges,
        *,
        totps: TotpStore,
        passkeys: PasskeyStore,
        held: HeldFactors,
        ceremonies: Ceremonies,
    ) -> None:
        self._around = around
        self._changes = changes
        self._totps = totps
        self._passkeys = passkeys
        self._held = held
        self._ceremonies = ceremonies
        self._issuer = urlsplit(around.settings.public_url).hostname or ""

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("GET", "/v1/auth/second-factors", self.listed),
            Endpoint("POST", "/v1/auth/totp", self.offer, errors=(StepUpRequired,)),
            Endpoint(
                "POST",
                "/v1/auth/totp/confirm",
                self.confirm,
                errors=(StepUpRequired, InvalidCode),
            ),
            Endpoint("DELETE", "/v1/auth/totp", self.remove, errors=(StepUpRequired, NotFound)),
            Endpoint(
                "POST",
                "/v1/auth/recovery-codes",
                self.new_codes,
                errors=(StepUpRequired, NoSecondFactor),
            ),
        ]

    async def listed(self, caller: Caller) -> SecondFactors:
        """Return the caller's second factors, without what is secret about them."""
        held = await self._held.of(caller.id)
        passkeys = await self._passkeys.of(caller.id)
        return SecondFactors(
            totp=held.has_totp,
            recovery_codes_left=held.recovery_codes,
            passkeys=[PasskeyShown.of(passkey) for passkey in passkeys],
            passkeys_available=self._ceremonies.is_possible,
        )

    async def offer(self, caller: Caller) -> TotpOffered:
        """Make a secret for an authenticator app; it is in use once a code of it was shown."""
        await self._around.proof.demand(caller)
        account = await self._around.accounts.find(caller.id)
        seed = totp.seed_from(self._around.chance.token())
        await self._totps.offer(caller.id, seed, now=self._around.clock.now())
        uri = totp.uri(seed, issuer=self._issuer, name=account.email or account.name)
        return TotpOffered(secret=totp.shown(seed), uri=uri)

    async def confirm(self, body: Code, caller: Caller, address: ClientAddress) -> RecoveryCodes:
        """Put the app in use in place of the one before, and make new recovery codes."""
        now = self._around.clock.now()
        changing = self._changes.changing(
            caller, kind=Kind.TOTP_ADDED, what="an authenticator app was added", address=address
        )
        stored = await self._totps.offered(caller.id, since=now - OFFER_LIFE_S)
        async with changing as change:
            if stored is None:
                raise InvalidCode
            code = recovery.plain(body.code)
            step = totp.step_of(stored.seed, code, now=now, after=stored.last_step)
            if step is None or not await confirm(
                change.connection, caller.id, stored=stored, step=step
            ):
                raise InvalidCode
            codes = await self._changes.new_codes(change, caller.id)
        return RecoveryCodes(recovery_codes=codes)

    async def remove(self, caller: Caller, address: ClientAddress) -> None:
        """Take the authenticator app away."""
        changing = self._changes.changing(
            caller,
            kind=Kind.TOTP_REMOVED,
            what="the authenticator app was removed",
            address=address,
        )
        async with changing as change:
            if not await remove(change.connection, caller.id):
                raise NotFound

    async def new_codes(self, caller: Caller, address: ClientAddress) -> RecoveryCodes:
        """Make new recovery codes; those before are void."""
        changing = self._changes.changing(
            caller,
            kind=Kind.RECOVERY_CODES_MADE,
            what="new recovery codes were made",
            address=address,
        )
        async with changing as change:
            if not change.before.methods:
                raise NoSecondFactor
            codes = await self._changes.new_codes(change, caller.id)
        return RecoveryCodes(recovery_codes=codes)

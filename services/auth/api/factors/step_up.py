"""Step-up: somebody who is logged in proves once more that it is they."""

import structlog
from starlette.requests import Request

from libs.common.errors import TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from services.auth.api.factors.bodies import PasskeyOptions, StepUp
from services.auth.api.factors.ceremonies import Ceremonies
from services.auth.api.factors.codes import Codes
from services.auth.api.hashing import HashingBusy
from services.auth.api.login import PasswordLogin
from services.auth.api.surroundings import Surroundings
from services.auth.core.factors.refusals import (
    InvalidCode,
    InvalidPassword,
    PasskeyRefused,
    PasskeysUnavailable,
)
from services.auth.core.login import AccountDisabled, EmailUnverified, InvalidCredentials
from services.auth.core.proofs import StepUpRequired
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind, Outcome
from services.auth.model.proofs import Method
from services.auth.store.factors.held import HeldFactors
from services.auth.store.factors.proofs import ProofStore

log = structlog.get_logger()

WRONG = (InvalidCode, InvalidPassword, PasskeyRefused)


class StepUpApi:
    """The endpoints of step-ups."""

    def __init__(
        self,
        around: Surroundings,
        codes: Codes,
        *,
        ceremonies: Ceremonies,
        login: PasswordLogin,
        held: HeldFactors,
    ) -> None:
        self._around = around
        self._codes = codes
        self._ceremonies = ceremonies
        self._login = login
        self._held = held
        self._proofs = ProofStore(around.database)
        settings = around.settings
        self._rate = around.rates.of(
            "step_up", Limit.per_minute(settings.proofs_per_minute, burst=settings.proofs_burst)
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/auth/step-up",
                self.step_up,
                status=204,
                errors=(
                    *WRONG,
                    StepUpRequired,
                    AccountDisabled,
                    EmailUnverified,
                    HashingBusy,
                    TooMany,
                ),
            ),
            Endpoint(
                "POST", "/v1/auth/step-up/passkey", self.ask, errors=(PasskeysUnavailable, TooMany)
            ),
        ]

    async def step_up(
        self, body: StepUp, caller: Caller, request: Request, address: ClientAddress
    ) -> None:
        """Prove once more who one is: with a second factor or, without one, the password."""
        await self._take(address)
        account = await self._around.accounts.find(caller.id)
        try:
            method = await self._proved(account, body, address, request)
        except WRONG:
            await self._note(caller, None, address)
            raise
        if caller.session_id is not None:
            await self._proofs.prove(caller.session_id, caller.id, now=self._around.clock.now())
        await self._note(caller, method, address)

    async def ask(self, caller: Caller, address: ClientAddress) -> PasskeyOptions:
        """Return what a browser is told to prove it with a passkey."""
        await self._take(address)
        return await self._ceremonies.ask(caller.id)

    async def _take(self, address: str) -> None:
        async with self._around.audit.limits("step_up", address):
            await self._rate.take(network_of(address))

    async def _proved(
        self, account: Account, body: StepUp, address: str, request: Request
    ) -> Method:
        """Return what was proved with.  Raises: StepUpRequired, when that is not enough here."""
        if body.passkey is not None:
            await self._ceremonies.proved(body.passkey, account_id=account.id)
            return Method.PASSKEY
        if body.code is not None:
            return await self._codes.take(account, body.code, address=address, request=request)
        proving = (await self._held.of(account.id)).proving
        if Method.PASSWORD not in proving:
            raise StepUpRequired(methods=proving)
        await self._check_password(account, body.password or "", address, request)
        return Method.PASSWORD

    async def _check_password(
        self, account: Account, password: str, address: str, request: Request
    ) -> None:
        try:
            found = await self._login.check(
                account.email, password, address=address, request=request
            )
        except InvalidCredentials:
            raise InvalidPassword from None
        if found.account.id != account.id:
            raise InvalidPassword

    async def _note(self, caller: Caller, method: Method | None, address: str) -> None:
        outcome: Outcome = "refused" if method is None else "done"
        log.info("step_up_tried", user_id=caller.id, session_id=caller.session_id, outcome=outcome)
        await self._around.audit.note(
            Act(
                kind=Kind.PROOF_REFUSED if method is None else Kind.SESSION_PROVED,
                actor_id=caller.id,
                subject_id=caller.id,
                outcome=outcome,
                address=address,
                session_id=caller.session_id,
                details={} if method is None else {"method": str(method)},
            )
        )

"""The second half of a log-in, and log-ins with nothing but a passkey."""

import structlog
from starlette.requests import Request

from libs.common.contracts.ids import PersonId
from libs.common.errors import TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from services.auth.api.factors.bodies import (
    Challenge,
    PasskeyLogin,
    PasskeyOptions,
    SecondFactor,
)
from services.auth.api.factors.ceremonies import Ceremonies
from services.auth.api.factors.codes import Codes
from services.auth.api.signing_in import SignedInReply, client_hash
from services.auth.api.surroundings import Surroundings
from services.auth.core.factors.refusals import (
    ChallengeExpired,
    InvalidCode,
    PasskeyRefused,
    PasskeysUnavailable,
)
from services.auth.core.links import hashed
from services.auth.core.login import AccountDisabled
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.factors import LoginChallenge
from services.auth.model.proofs import Method
from services.auth.store.credentials import PasswordReplaced
from services.auth.store.factors.login_challenges import LoginChallengeStore

log = structlog.get_logger()


class SecondFactorLogin:
    """The endpoints that finish log-ins."""

    def __init__(self, around: Surroundings, codes: Codes, *, ceremonies: Ceremonies) -> None:
        self._around = around
        self._codes = codes
        self._ceremonies = ceremonies
        self._challenges = LoginChallengeStore(around.database)
        settings = around.settings
        self._rate = around.rates.of(
            "login.second_factor",
            Limit.per_minute(settings.proofs_per_minute, burst=settings.proofs_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        path = "/v1/auth/login"
        return [
            Endpoint(
                "POST",
                f"{path}/second-factor",
                self.finish,
                admits=ANYONE,
                errors=(ChallengeExpired, InvalidCode, PasskeyRefused, AccountDisabled, TooMany),
            ),
            Endpoint(
                "POST",
                f"{path}/second-factor/passkey",
                self.ask_second,
                admits=ANYONE,
                errors=(ChallengeExpired, PasskeysUnavailable, TooMany),
            ),
            Endpoint(
                "POST",
                f"{path}/passkey/options",
                self.ask,
                admits=ANYONE,
                errors=(PasskeysUnavailable, TooMany),
            ),
            Endpoint(
                "POST",
                f"{path}/passkey",
                self.by_passkey,
                admits=ANYONE,
                errors=(PasskeyRefused, PasskeysUnavailable, AccountDisabled, TooMany),
            ),
        ]

    async def finish(
        self, body: SecondFactor, request: Request, address: ClientAddress
    ) -> SignedInReply:
        """Finish a log-in with a code or a passkey."""
        await self._take(address)
        challenge = await self._found(body.challenge, request)
        account = await self._around.accounts.find(challenge.account_id)
        method = await self._proved(account, body, address, request)
        if not await self._challenges.claim(challenge, now=self._around.clock.now()):
            raise ChallengeExpired
        try:
            return await self._around.entering.enter(
                account,
                request,
                device=challenge.device,
                address=address,
                by_cookie=challenge.by_cookie,
                proved_by=(challenge.proved_by, method),
                second_factor_done=True,
                as_of=challenge.as_of,
            )
        except PasswordReplaced:
            raise ChallengeExpired from None

    async def ask_second(
        self, body: Challenge, request: Request, address: ClientAddress
    ) -> PasskeyOptions:
        """Return what a browser is told to finish a log-in with a passkey."""
        await self._take(address)
        challenge = await self._found(body.challenge, request)
        return await self._ceremonies.ask(challenge.account_id)

    async def ask(self, address: ClientAddress) -> PasskeyOptions:
        """Return what a browser is told to log in with a passkey and nothing else."""
        await self._take(address)
        return await self._ceremonies.ask(None)

    async def by_passkey(
        self, body: PasskeyLogin, request: Request, address: ClientAddress
    ) -> SignedInReply:
        """Log in with a passkey and nothing else."""
        await self._take(address)
        try:
            account_id = await self._ceremonies.proved(body, account_id=None)
        except PasskeyRefused:
            await self._note_refusal(None, Method.PASSKEY, address)
            raise
        return await self._around.entering.enter(
            await self._around.accounts.find(account_id),
            request,
            device=body.device,
            address=address,
            by_cookie=body.cookie,
            proved_by=(Method.PASSKEY,),
            second_factor_done=True,
        )

    async def _take(self, address: str) -> None:
        async with self._around.audit.limits("login.second_factor", address):
            await self._rate.take(network_of(address))

    async def _found(self, shown: str, request: Request) -> LoginChallenge:
        challenge = await self._challenges.find(
            hashed(shown), client_hash=client_hash(request), now=self._around.clock.now()
        )
        if challenge is None:
            raise ChallengeExpired
        return challenge

    async def _proved(
        self, account: Account, body: SecondFactor, address: str, request: Request
    ) -> Method:
        method = Method.PASSKEY if body.passkey else Method.TOTP
        try:
            if body.passkey is not None:
                await self._ceremonies.proved(body.passkey, account_id=account.id)
                return method
            return await self._codes.take(
                account, body.code or "", address=address, request=request
            )
        except (InvalidCode, PasskeyRefused):
            await self._note_refusal(account.id, method, address)
            raise

    async def _note_refusal(
        self, account_id: PersonId | None, method: Method, address: str
    ) -> None:
        log.info("second_factor_refused", user_id=account_id, method=method)
        await self._around.audit.note(
            Act(
                kind=Kind.LOGIN_FAILED,
                actor_id=None,
                subject_id=account_id,
                outcome="refused",
                address=address,
                session_id=None,
                details={"method": str(method)},
            )
        )

"""The one way in: what all log-ins share once their first proof was right.

    disabled? -> still good? second factor? -> session -> notice of a new device -> answer

A log-in that waits for its second factor is a challenge: random, stored hashed, good once, for five
minutes, and for the client that got it.
"""

from starlette.requests import Request

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection, Database
from services.auth.api.arrivals import Arrivals
from services.auth.api.cookies import DeviceCookie
from services.auth.api.endings import Endings
from services.auth.api.signing_in import SignedInReply, SigningIn, client_hash
from services.auth.core.keys import HIDES_PLACES, derived
from services.auth.core.links import hashed
from services.auth.core.login import AccountDisabled
from services.auth.core.proofs import SecondFactorRequired
from services.auth.model.accounts import Account
from services.auth.model.factors import LoginChallenge
from services.auth.model.proofs import Method
from services.auth.settings.general import AuthSettings
from services.auth.store.credentials import check_still
from services.auth.store.factors.held import held_by
from services.auth.store.factors.login_challenges import LoginChallengeStore


class _NotAlone(Exception):
    """The account has second factors: one proof is not enough."""

    def __init__(self, methods: tuple[Method, ...]) -> None:
        super().__init__()
        self.methods = methods


class Entering:
    """Opens sessions for those who proved who they are."""

    def __init__(
        self,
        signing_in: SigningIn,
        endings: Endings,
        *,
        database: Database,
        device_cookie: DeviceCookie,
        settings: AuthSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._signing_in = signing_in
        self._endings = endings
        self._device_cookie = device_cookie
        self._challenges = LoginChallengeStore(database)
        self._arrivals = Arrivals(
            database,
            key=derived(settings.secret.get_secret_value(), HIDES_PLACES),
            clock=clock,
        )
        self._challenge_life_s = settings.challenge_life_s
        self._clock = clock
        self._chance = chance

    async def enter(
        self,
        account: Account,
        request: Request,
        *,
        device: str | None,
        address: str,
        by_cookie: bool,
        proved_by: tuple[Method, ...],
        second_factor_done: bool = False,
        as_of: float | None = None,
    ) -> SignedInReply:
        """Open a session and return its tokens; `proved_by` is what was shown, the first first.

        A password that was set after `as_of` voids that.

        Raises: AccountDisabled, SecondFactorRequired, PasswordReplaced.
        """
        if account.is_disabled:
            raise AccountDisabled
        link = self._signing_in.begin(
            account.id, request, device=device, address=address, proved_by=proved_by
        )

        async def check(connection: Connection) -> None:
            if as_of is not None:
                await check_still(connection, account.id, as_of=as_of)
            if not second_factor_done:
                await _check_alone(connection, account.id)

        try:
            await self._endings.open(link.session, check=check)
        except _NotAlone as more:
            challenge = await self._challenge(
                account,
                request,
                device=device,
                by_cookie=by_cookie,
                proved_by=proved_by[0],
                as_of=as_of,
            )
            raise SecondFactorRequired(challenge=challenge, methods=more.methods) from None
        is_device_known = self._device_cookie.known(request, account.id) is not None
        await self._arrivals.note(account, link.session, is_device_known=is_device_known)
        return self._signing_in.reply(account, link, by_cookie=by_cookie)

    async def _challenge(
        self,
        account: Account,
        request: Request,
        *,
        device: str | None,
        by_cookie: bool,
        proved_by: Method,
        as_of: float | None,
    ) -> str:
        token, now = self._chance.token(), self._clock.now()
        await self._challenges.put(
            LoginChallenge(
                token_hash=hashed(token),
                account_id=account.id,
                client_hash=client_hash(request),
                proved_by=proved_by,
                device=device,
                by_cookie=by_cookie,
                as_of=now if as_of is None else as_of,
                expires_at=now + self._challenge_life_s,
            )
        )
        return token


async def _check_alone(connection: Connection, account_id: PersonId) -> None:
    if methods := (await held_by(connection, account_id)).methods:
        raise _NotAlone(methods)

"""Sessions over HTTP: log in, refresh, log out, see and end one's devices."""

import structlog
from starlette.requests import Request

from libs.common.clock import Clock
from libs.common.contracts.ids import SessionId
from libs.common.contracts.people import PersonKind
from libs.common.errors import Forbidden, NotFound, TooMany, Unauthorized
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from libs.common.http.problems import ForeignOrigin, UnsupportedType
from libs.common.http.reply import Page, Reply
from libs.common.metrics import Metrics
from libs.common.tokens.access import SessionRevoked
from services.auth.api.bodies import Login, Refresh, SessionShown
from services.auth.api.cookies import RefreshCookie
from services.auth.api.endings import Endings
from services.auth.api.entering import Entering
from services.auth.api.hashing import HashingBusy
from services.auth.api.login import PasswordLogin
from services.auth.api.signing_in import SignedInReply, SigningIn, client_hash
from services.auth.core.login import AccountDisabled, EmailUnverified, InvalidCredentials
from services.auth.core.proofs import SecondFactorRequired
from services.auth.core.sessions import (
    Ended,
    Exchange,
    RefreshChain,
    RefreshToken,
    Repeated,
    Reused,
    Rotated,
)
from services.auth.model.proofs import Method
from services.auth.model.sessions import EndReason
from services.auth.store.accounts import AccountStore
from services.auth.store.credentials import PasswordReplaced
from services.auth.store.sessions import SessionStore

log = structlog.get_logger()


class SessionsApi:
    """The endpoints around sessions."""

    def __init__(
        self,
        sessions: SessionStore,
        accounts: AccountStore,
        *,
        login: PasswordLogin,
        entering: Entering,
        signing_in: SigningIn,
        chain: RefreshChain,
        cookie: RefreshCookie,
        endings: Endings,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._sessions = sessions
        self._accounts = accounts
        self._login = login
        self._entering = entering
        self._signing_in = signing_in
        self._chain = chain
        self._cookie = cookie
        self._endings = endings
        self._clock = clock
        self._refreshes = metrics.counter(
            "refreshes", "Refresh tokens of living sessions that were shown.", labels=("outcome",)
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/auth/login",
                self.login,
                admits=ANYONE,
                errors=(
                    InvalidCredentials,
                    SecondFactorRequired,
                    AccountDisabled,
                    EmailUnverified,
                    HashingBusy,
                    TooMany,
                ),
            ),
            Endpoint(
                "POST",
                "/v1/auth/refresh",
                self.refresh,
                admits=ANYONE,
                errors=(Unauthorized, SessionRevoked),
            ),
            Endpoint(
                "POST",
                "/v1/auth/logout",
                self.log_out,
                admits=ANYONE,
                errors=(Unauthorized, Forbidden, UnsupportedType, ForeignOrigin),
            ),
            Endpoint("POST", "/v1/auth/logout-all", self.log_out_everywhere),
            Endpoint("GET", "/v1/auth/sessions", self.listed),
            Endpoint("DELETE", "/v1/auth/sessions/{session_id}", self.end),
        ]

    async def login(self, body: Login, request: Request, address: ClientAddress) -> SignedInReply:
        """Open a session with an e-mail address and a password."""
        admitted = await self._login.check(
            body.email, body.password, address=address, request=request
        )
        try:
            return await self._entering.enter(
                admitted.account,
                request,
                device=body.device,
                address=address,
                by_cookie=body.cookie,
                proved_by=(Method.PASSWORD,),
                as_of=admitted.password_set_at,
            )
        except PasswordReplaced:
            raise InvalidCredentials from None

    async def refresh(self, body: Refresh, request: Request) -> SignedInReply:
        """Exchange a refresh token, from the body or the cookie, for a new pair."""
        # Answered the way it was asked: or a script could get at the token in the cookie.
        by_cookie = body.refresh_token is None
        shown = self._cookie.read(request) if by_cookie else body.refresh_token
        if shown is None:
            raise Unauthorized
        outcome = await self._exchange(RefreshToken.read(shown), request)
        self._refreshes.labels(outcome.label).inc()
        match outcome:
            case Rotated(session) | Repeated(session):
                account = await self._accounts.find(session.account_id)
                return self._signing_in.reply(account, outcome, by_cookie=by_cookie)
            case Reused(session):
                log.warning(
                    "refresh_token_reused", user_id=session.account_id, session_id=session.id
                )
                raise SessionRevoked
            case Ended():
                raise SessionRevoked

    async def log_out(self, request: Request, caller: Caller | None) -> Reply[None]:
        """End the session of the access token or, without one, of the cookie."""
        if caller is not None and caller.kind is PersonKind.GUEST:
            # They leave by the door of their room, and their alias with them.
            raise Forbidden
        if caller is not None and caller.session_id is not None:
            await self._endings.one(caller.session_id, caller.id, reason=EndReason.LOGGED_OUT)
        elif shown := self._cookie.read(request):
            await self._log_out_by(shown)
        else:
            raise Unauthorized
        return Reply(None, cookies=(self._cookie.gone(),))

    async def log_out_everywhere(self, caller: Caller) -> Reply[None]:
        """End all sessions of the caller, this one too."""
        await self._endings.all_of(caller.id, reason=EndReason.LOGGED_OUT_EVERYWHERE)
        return Reply(None, cookies=(self._cookie.gone(),))

    async def listed(self, caller: Caller) -> Page[SessionShown]:
        """Return the caller's sessions, the one used last first."""
        sessions = await self._sessions.living(caller.id, now=self._clock.now())
        items = [SessionShown.of(session, current=caller.session_id) for session in sessions]
        return Page(items=items, next_cursor=None)

    async def end(self, session_id: SessionId, caller: Caller) -> None:
        """End one of the caller's sessions."""
        reason = EndReason.ENDED_FROM_LIST
        if not await self._endings.one(session_id, caller.id, reason=reason):
            raise NotFound

    async def _exchange(self, presented: RefreshToken, request: Request) -> Exchange:
        ending = self._endings.ending(EndReason.TOKEN_REUSED)
        async with self._sessions.lock(presented.session_id) as held:
            if held is None:
                raise Unauthorized
            outcome = self._chain.exchange(
                presented,
                held.session,
                client_hash=client_hash(request),
                now=self._clock.now(),
            )
            if isinstance(outcome, Rotated):
                await held.rotate(outcome.session)
            elif isinstance(outcome, Reused):
                await held.end(ending)
        if isinstance(outcome, Reused):
            self._endings.note([presented.session_id], outcome.session.account_id, ending=ending)
        return outcome

    async def _log_out_by(self, shown: str) -> None:
        """End the session of a refresh token; one that means nothing is logged out already."""
        presented = RefreshToken.read(shown)
        async with self._sessions.lock(presented.session_id) as held:
            if held is None or not self._chain.is_issued(presented, held.session):
                return
            session = held.session
        await self._endings.one(session.id, session.account_id, reason=EndReason.LOGGED_OUT)

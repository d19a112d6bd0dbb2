"""Checks a password, at a pace that guessing does not profit from.

    network's limits -> line -> account's turn and rest -> hash (also for nobody) -> outcome

Nothing in the answer, its time included, tells an unknown address from a wrong password: both are
counted, both cost one hash, both hear the same. An account's count is kept apart for browsers with
which and networks from which its owner logged in before, so that strangers who guess do not make
the owner wait.
"""

import hashlib
from typing import Final

import structlog
from starlette.requests import Request

from libs.common.clock import Clock
from libs.common.metrics import Metrics
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates, Rate
from services.auth.api.administration.auditing import Auditing
from services.auth.api.cookies import DeviceCookie
from services.auth.api.hashing import HashingBusy, PasswordHashing
from services.auth.api.limits import Line, Turns
from services.auth.core.accounts import email_key
from services.auth.core.attempts import AttemptRule
from services.auth.core.login import (
    AccountDisabled,
    Admitted,
    Disabled,
    EmailUnverified,
    InvalidCredentials,
    LoginOutcome,
    Unverified,
    WrongCredentials,
    judge,
)
from services.auth.core.passwords import composed
from services.auth.model.accounts import Account, Candidate
from services.auth.model.acts import Act, Kind
from services.auth.settings.general import AuthSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.attempts import STRANGERS, AttemptStore, Guessed

log = structlog.get_logger()

LINE_PER_THREAD: Final = 2
"""One password is hashed while the next one's account is looked up."""


class PasswordLogin:
    """Finds out whose password this is."""

    def __init__(
        self,
        accounts: AccountStore,
        attempts: AttemptStore,
        *,
        hashing: PasswordHashing,
        settings: AuthSettings,
        clock: Clock,
        metrics: Metrics,
        rates: PostgresRates,
        hashes: Rate,
        device_cookie: DeviceCookie,
        has_mail: bool,
        audit: Auditing,
    ) -> None:
        self._accounts = accounts
        self._attempts = attempts
        self._hashing = hashing
        self._clock = clock
        self._hashes = hashes
        self._device_cookie = device_cookie
        self._has_mail = has_mail
        self._audit = audit
        self._failures = rates.of(
            "login.failed",
            Limit.per_minute(settings.failures_per_minute, burst=settings.failures_burst),
        )
        self._line = Line(
            at_once=LINE_PER_THREAD * settings.hash_threads,
            max_waiting=settings.hash_queue,
            timeout_s=settings.hash_timeout_s,
        )
        self._turns = Turns(at_once=settings.free_attempts)
        self._rule = AttemptRule(
            free=settings.free_attempts,
            first_s=settings.first_rest_s,
            max_s=settings.max_rest_s,
            forget_s=settings.forget_attempts_s,
        )
        self._outcomes = metrics.counter(
            "logins", "Log-ins with a password that was looked at.", labels=("outcome",)
        )

    async def check(
        self, email: str, password: str, *, address: str, request: Request | None
    ) -> Admitted:
        """Return whose address and password these are; a browser is known by its request.

        The password may be changed in this very moment: what is done in its name is refused when
        another was set since.

        Raises: InvalidCredentials, AccountDisabled, EmailUnverified, TooMany, HashingBusy.
        """
        network = network_of(address)
        async with self._audit.limits("login", address):
            await self._failures.take(network)
            await self._hashes.take(network)
        try:
            async with self._line.turn():
                outcome = await self._attempt(email, password, address, request)
        except HashingBusy:
            await self._failures.give_back(network)
            raise
        self._outcomes.labels(outcome.label).inc()
        match outcome:
            case Admitted():
                await self._failures.give_back(network)
                return outcome
            case Disabled(account):
                log.info("login_refused", user_id=account.id, reason="disabled")
                raise AccountDisabled
            case Unverified(account):
                await self._failures.give_back(network)
                log.info("login_refused", user_id=account.id, reason="email_unverified")
                raise EmailUnverified
            case WrongCredentials(account):
                await self._note_failure(account, address)
                raise InvalidCredentials

    async def _attempt(
        self, email: str, password: str, address: str, request: Request | None
    ) -> LoginOutcome:
        """Count an attempt and look at its password."""
        key = email_key(email)
        candidate = await self._accounts.candidate(key, address=address)
        guessed = Guessed(
            email_hash=hashlib.sha256(key.encode()).digest(),
            origin=self._origin(candidate, network_of(address), request),
        )
        async with self._turns.turn(guessed):
            await self._count(guessed)
            outcome = await self._look_at(candidate, composed(password))
            if isinstance(outcome, Admitted | Unverified):
                await self._attempts.forget(guessed)
        return outcome

    async def _note_failure(self, account: Account | None, address: str) -> None:
        act = Act(
            kind=Kind.LOGIN_FAILED,
            actor_id=None,
            subject_id=account.id if account else None,
            outcome="refused",
            address=address,
            session_id=None,
        )
        await self._audit.note(act)
        log.info("login_failed", user_id=act.subject_id)

    def _origin(self, candidate: Candidate | None, network: str, request: Request | None) -> str:
        """Return with whom an attempt is counted."""
        if candidate is None:
            return STRANGERS
        device = request and self._device_cookie.known(request, candidate.account.id)
        if device is not None:
            return f"device {device}"
        return network if candidate.is_familiar else STRANGERS

    async def _count(self, guessed: Guessed) -> None:
        now = self._clock.now()
        async with self._attempts.lock(guessed, now=now) as held:
            await held.keep(self._rule.count(held.attempts, now))

    async def _look_at(self, candidate: Candidate | None, password: str) -> LoginOutcome:
        stored = candidate.password_hash if candidate else None
        is_right = await self._hashing.verify(password, stored)
        outcome = judge(candidate, is_right=is_right, has_mail=self._has_mail)
        if isinstance(outcome, Admitted) and stored and self._hashing.is_outdated(stored):
            await self._renew(outcome.account, password, stored)
        return outcome

    async def _renew(self, account: Account, password: str, stored: str) -> None:
        """Store the password under the parameters of today; under load, another time."""
        try:
            renewed = await self._hashing.hash(password)
        except HashingBusy:
            return
        await self._accounts.replace_hash(account.id, old=stored, new=renewed)
        log.info("password_rehashed", user_id=account.id)

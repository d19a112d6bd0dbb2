"""Checks a password, at a pace that guessing does not profit from.

    network's limit -> account's turn -> account's rest -> hash (also for nobody) -> outcome

Nothing in the answer, its time included, tells an unknown address from a wrong password: both are
counted, both cost one hash, both hear the same. An account's count is kept apart for networks from
which its owner logged in before, so that a stranger who guesses does not make the owner wait.
"""

import hashlib

import structlog

from libs.common.clock import Clock
from libs.common.metrics import Metrics
from libs.common.ratelimit import Limit
from services.auth.api.hashing import HashingBusy, PasswordHashing
from services.auth.api.limits import MAX_NETWORKS, FailureLimit, Turns, network_of
from services.auth.core.accounts import email_key
from services.auth.core.attempts import AttemptRule
from services.auth.core.login import (
    AccountDisabled,
    Admitted,
    Disabled,
    InvalidCredentials,
    LoginOutcome,
    WrongCredentials,
    judge,
)
from services.auth.core.passwords import composed
from services.auth.model.accounts import Account, Candidate
from services.auth.settings.general import AuthSettings
from services.auth.store.accounts import AccountStore
from services.auth.store.attempts import STRANGERS, AttemptStore, Guessed

log = structlog.get_logger()


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
    ) -> None:
        self._accounts = accounts
        self._attempts = attempts
        self._hashing = hashing
        self._clock = clock
        self._failures = FailureLimit(
            Limit(settings.failures_per_minute / 60, settings.failures_burst),
            max_networks=MAX_NETWORKS,
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

    async def check(self, email: str, password: str, *, address: str) -> Account:
        """Return the account of this address and password.

        Raises: InvalidCredentials, AccountDisabled, TooMany, HashingBusy.
        """
        network = network_of(address)
        self._failures.take(network, self._clock.monotonic())
        key = email_key(email)
        candidate = await self._accounts.candidate(key, address=address)
        is_familiar = candidate is not None and candidate.is_familiar
        guessed = Guessed(
            email_hash=hashlib.sha256(key.encode()).digest(),
            origin=network if is_familiar else STRANGERS,
        )
        async with self._turns.turn(guessed):
            await self._count(guessed)
            outcome = await self._look_at(candidate, composed(password), network)
            if isinstance(outcome, Admitted):
                await self._attempts.forget(guessed)
        self._outcomes.labels(outcome.label).inc()
        match outcome:
            case Admitted(account):
                self._failures.give_back(network)
                return account
            case Disabled(account):
                log.info("login_refused", user_id=account.id, reason="disabled")
                raise AccountDisabled
            case WrongCredentials(account):
                log.info("login_failed", user_id=account.id if account else None)
                raise InvalidCredentials

    async def _count(self, guessed: Guessed) -> None:
        now = self._clock.now()
        async with self._attempts.lock(guessed, now=now) as held:
            await held.keep(self._rule.count(held.attempts, now))

    async def _look_at(
        self, candidate: Candidate | None, password: str, network: str
    ) -> LoginOutcome:
        stored = candidate.password_hash if candidate else None
        try:
            is_right = await self._hashing.verify(password, stored)
        except HashingBusy:
            self._failures.give_back(network)
            raise
        outcome = judge(candidate, is_right=is_right)
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

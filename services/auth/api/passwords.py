"""Passwords over HTTP: a new one for who forgot it, or who knows the old one.

A link from a letter stands for the old password and for nothing more: who resets a password logs in
with it afterwards, with the second factor if there is one.
"""

import structlog
from starlette.requests import Request

from libs.common.errors import Invalid
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from services.auth.api.bodies import Body, Typed
from services.auth.api.emails import Accepted, Address
from services.auth.api.hashing import HashingBusy
from services.auth.api.login import PasswordLogin
from services.auth.api.mail.notices import notice_of
from services.auth.api.surroundings import Surroundings
from services.auth.core.links import hashed
from services.auth.core.login import AccountDisabled, InvalidCredentials
from services.auth.core.passwords import check_new, composed
from services.auth.core.proofs import StepUpRequired
from services.auth.model.accounts import Account
from services.auth.model.letters import LetterKind
from services.auth.model.links import Purpose
from services.auth.model.sessions import EndReason
from services.auth.store.credentials import PasswordReplaced
from services.auth.store.factors.held import HeldFactors
from services.auth.store.links import InvalidLink, LinkStore
from services.auth.store.passwords import PasswordChange, PasswordStore

log = structlog.get_logger()


class NewPassword(Body):
    """`token` is from the link in a letter."""

    token: Typed
    password: Typed


class ChangedPassword(Body):
    old: Typed
    new: Typed


class PasswordsApi:
    """The endpoints around passwords."""

    def __init__(self, around: Surroundings, login: PasswordLogin) -> None:
        self._around = around
        self._login = login
        self._store = PasswordStore(around.facts)
        self._links = LinkStore(around.database)
        self._held = HeldFactors(around.database)
        self._asked = around.rates.of(
            "mail.asked",
            Limit.per_minute(around.mail.asked_per_minute, burst=around.mail.asked_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/v1/auth/password/forgot", self.forgot, status=202, admits=ANYONE),
            Endpoint(
                "POST",
                "/v1/auth/password/reset",
                self.reset,
                admits=ANYONE,
                errors=(InvalidLink, HashingBusy),
            ),
            Endpoint(
                "POST",
                "/v1/auth/password/change",
                self.change,
                errors=(StepUpRequired, AccountDisabled, HashingBusy),
            ),
        ]

    async def forgot(self, body: Address, address: ClientAddress) -> Accepted:
        """Send a link for a new password to this address, if somebody has it."""
        await self._asked.take(network_of(address))
        await self._around.mailbox.wish(LetterKind.RESET_PASSWORD, body.email)
        return Accepted()

    async def reset(self, body: NewPassword, request: Request, address: ClientAddress) -> None:
        """Set a new password with a link from a letter, and end all sessions."""
        await self._around.hashes.take(network_of(address))
        token_hash = hashed(body.token)
        # Looked at before it is used: a password that is refused does not cost the link.
        now = self._around.clock.now()
        link = await self._links.find(token_hash, Purpose.RESET, now=now)
        account = await self._around.accounts.find(link.account_id)
        change = await self._change(body.password, account, request, address, field="password")
        account_id, ended = await self._store.reset(token_hash, change)
        self._around.endings.note(ended, account_id, ending=change.ending)
        self._around.mailbox.posted.set()
        log.info("password_reset", user_id=account_id)

    async def change(
        self, body: ChangedPassword, caller: Caller, request: Request, address: ClientAddress
    ) -> None:
        """Change the caller's password, and end all other sessions.

        Who has a second factor is asked for a fresh proof too.
        """
        if (await self._held.of(caller.id)).methods:
            await self._around.proof.demand(caller)
        account = await self._around.accounts.find(caller.id)
        try:
            admitted = await self._login.check(
                account.email, body.old, address=address, request=request
            )
            change = await self._change(body.new, account, request, address, field="new")
            ended = await self._store.change(
                caller.id, change, session_id=caller.session_id, as_of=admitted.password_set_at
            )
        except (InvalidCredentials, PasswordReplaced):
            raise Invalid(fields={"old": "is not your password"}) from None
        self._around.endings.note(ended, caller.id, ending=change.ending)
        self._around.mailbox.posted.set()
        log.info("password_changed", user_id=caller.id)

    async def _change(
        self, password: str, account: Account, request: Request, address: str, *, field: str
    ) -> PasswordChange:
        """Return a change to this password.  Raises: Invalid, on `field`; HashingBusy."""
        password = composed(password)
        try:
            check_new(password, email=account.email, name=account.name)
        except Invalid as refusal:
            raise Invalid(fields={field: (refusal.fields or {})["password"]}) from None
        password_hash = await self._around.hashing.hash(password)
        now = self._around.clock.now()
        return PasswordChange(
            password_hash,
            notice=notice_of(request, address=address, now=now),
            address=address,
            ending=self._around.endings.ending(EndReason.PASSWORD_CHANGED),
            now=now,
        )

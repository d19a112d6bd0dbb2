"""E-mail addresses over HTTP: prove one's own, have the link sent again, change to another.

None of it tells who has an account: whoever asks for a letter to some address hears that it was
accepted.
"""

from typing import Literal

import structlog
from starlette.requests import Request

from libs.common.errors import Invalid
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from services.auth.api.bodies import Body, Email, Typed
from services.auth.api.mail.notices import notice_of
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import email_key
from services.auth.core.admission import DomainNotAllowed, check_domain
from services.auth.core.links import hashed
from services.auth.core.proofs import StepUpRequired
from services.auth.model.letters import LetterKind
from services.auth.model.links import Purpose
from services.auth.store.emails import EmailStore
from services.auth.store.links import InvalidLink, LinkStore
from services.auth.store.registering import EmailTaken

log = structlog.get_logger()


class LinkToken(Body):
    """What stands behind `#token=` in a link."""

    token: Typed


class Address(Body):
    """Where a letter is to go."""

    email: Email


class Accepted(Body):
    """A letter is on its way, if there is anybody to write to."""

    status: Literal["accepted"] = "accepted"


class EmailsApi:
    """The endpoints around addresses."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._store = EmailStore(around.database)
        self._links = LinkStore(around.database)
        self._asked = around.rates.of(
            "mail.asked",
            Limit.per_minute(around.mail.asked_per_minute, burst=around.mail.asked_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/auth/email/verify",
                self.verify,
                admits=ANYONE,
                errors=(InvalidLink,),
            ),
            Endpoint("POST", "/v1/auth/email/resend", self.resend, status=202, admits=ANYONE),
            Endpoint(
                "POST",
                "/v1/auth/email/change",
                self.change,
                status=202,
                errors=(StepUpRequired, DomainNotAllowed),
            ),
            Endpoint(
                "POST",
                "/v1/auth/email/confirm",
                self.confirm,
                admits=ANYONE,
                errors=(InvalidLink, EmailTaken),
            ),
        ]

    async def verify(self, body: LinkToken, address: ClientAddress) -> None:
        """Prove with a link that an account's address is its owner's."""
        account_id = await self._store.verify(
            hashed(body.token), address=address, now=self._around.clock.now()
        )
        log.info("email_verified", user_id=account_id)

    async def resend(self, body: Address, address: ClientAddress) -> Accepted:
        """Send the link again that proves an address, if an account waits for it."""
        await self._asked.take(network_of(address))
        await self._around.mailbox.wish(LetterKind.VERIFY_EMAIL, body.email)
        return Accepted()

    async def change(self, body: Address, caller: Caller) -> Accepted:
        """Send a link to a new address that makes it the caller's; wants a fresh proof."""
        await self._around.proof.demand(caller)
        await self._asked.take(str(caller.id))
        account = await self._around.accounts.find(caller.id)
        if body.email == account.email:
            raise Invalid(fields={"email": "is your address already"})
        check_domain(await self._around.admission.policy(), body.email)
        holder = await self._store.holder(email_key(body.email))
        mailbox = self._around.mailbox
        if holder not in {None, caller.id}:
            await mailbox.wish(LetterKind.ACCOUNT_EXISTS, body.email)
        elif await mailbox.may_go_to(body.email):
            confirmation = self._around.links.to(body.email, caller.id, purpose=Purpose.CONFIRM)
            now = self._around.clock.now()
            await self._store.offer(confirmation, session_id=caller.session_id, now=now)
        log.info("email_change_asked", user_id=caller.id)
        return Accepted()

    async def confirm(self, body: LinkToken, request: Request, address: ClientAddress) -> None:
        """Change an account's address to the one that this link was sent to."""
        now = self._around.clock.now()
        link = await self._links.find(hashed(body.token), Purpose.CONFIRM, now=now)
        account_id = await self._store.confirm(
            link.token_hash,
            email_key=email_key(link.email),
            notice=notice_of(request, address=address, now=now),
            address=address,
            now=now,
        )
        self._around.mailbox.posted.set()
        log.info("email_changed", user_id=account_id)

"""Registration over HTTP.

With a mail server nobody learns here which addresses are taken: the answer is always that a letter
was sent, always costs a hash, and comes to a link that opens the new account or to a word to the
one who has that address already. Without one, an account is let in at once.
"""

from typing import Literal

import structlog
from starlette.requests import Request

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.errors import TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE
from libs.common.http.reply import Reply
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from services.auth.api.administration.admission import REFUSALS
from services.auth.api.applying import Applicant, Applications
from services.auth.api.bodies import Body, Registration, SignedIn, SignedInWithToken
from services.auth.api.hashing import HashingBusy
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import email_key, name_key
from services.auth.core.links import hashed
from services.auth.model.accounts import EmailState, NewAccount
from services.auth.model.letters import LetterKind
from services.auth.model.links import LinkLetter, Purpose
from services.auth.model.proofs import Method
from services.auth.store.owner_token import InvalidOwnerToken
from services.auth.store.registering import EmailTaken, RegistrationStore

log = structlog.get_logger()


class VerificationSent(Body):
    """The same for an address that is new and for one that is taken."""

    status: Literal["verification_sent"] = "verification_sent"


RegisteredReply = Reply[SignedIn | SignedInWithToken | VerificationSent]


class RegistrationApi:
    """The endpoint that makes accounts."""

    def __init__(self, store: RegistrationStore, around: Surroundings) -> None:
        self._store = store
        self._applications = Applications(store, around)
        self._around = around
        settings = around.settings
        self._pace = around.rates.of(
            "register",
            Limit.per_minute(settings.registrations_per_minute, burst=settings.registrations_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/auth/register",
                self.register,
                status=201,
                also=(202,),
                admits=ANYONE,
                errors=(*REFUSALS, EmailTaken, InvalidOwnerToken, HashingBusy, TooMany),
            )
        ]

    async def register(
        self, body: Registration, request: Request, address: ClientAddress
    ) -> RegisteredReply:
        """Make an account; log in, or have its address proved first."""
        async with self._around.audit.limits("register", address):
            await self._pace.take(network_of(address))
        applicant = await self._applications.read(body)
        # Whoever holds the owner's link runs the server, and may have to mend its mail first.
        if not self._around.mail.is_on or body.owner_token is not None:
            return await self._let_in(applicant, body, request, address)
        return await self._have_proved(applicant, address)

    async def _let_in(
        self, applicant: Applicant, body: Registration, request: Request, address: str
    ) -> RegisteredReply:
        # An empty token is a guess like any other, and no registration without one.
        token_hash = None if body.owner_token is None else hashed(body.owner_token)
        role = SystemRole.MEMBER if token_hash is None else SystemRole.OWNER
        new = await self._new(applicant, EmailState.UNPROVED, role=role)
        link = self._around.signing_in.begin(
            new.id, request, device=body.device, address=address, proved_by=(Method.PASSWORD,)
        )
        account = await self._store.register(
            new,
            link.session,
            verification=self._verification(new) if self._around.mail.is_on else None,
            owner_token_hash=token_hash,
            invite_hash=applicant.invite_hash,
            address=address,
            now=self._around.clock.now(),
        )
        log.info(
            "account_registered",
            user_id=account.id,
            session_id=link.session.id,
            system_role=account.system_role,
        )
        self._around.mailbox.posted.set()
        reply = self._around.signing_in.reply(account, link, by_cookie=body.cookie)
        return Reply(reply.body, cookies=reply.cookies)

    async def _have_proved(self, applicant: Applicant, address: str) -> RegisteredReply:
        new = await self._new(applicant, EmailState.AWAITED, role=SystemRole.MEMBER)
        try:
            account = await self._store.register(
                new,
                None,
                verification=self._verification(new),
                owner_token_hash=None,
                invite_hash=applicant.invite_hash,
                address=address,
                now=self._around.clock.now(),
            )
        except EmailTaken:
            await self._around.mailbox.wish(LetterKind.ACCOUNT_EXISTS, new.email)
        else:
            log.info("account_registered", user_id=account.id, system_role=account.system_role)
        # The worker is not woken: whether there is a letter to write must not be felt by the next
        # request.
        return Reply(VerificationSent(), status=202)

    def _verification(self, new: NewAccount) -> LinkLetter:
        return self._around.links.to(new.email, new.id, purpose=Purpose.VERIFY)

    async def _new(
        self, applicant: Applicant, email_state: EmailState, *, role: SystemRole
    ) -> NewAccount:
        return NewAccount(
            id=PersonId(self._around.chance.new_id()),
            email=applicant.email,
            email_key=email_key(applicant.email),
            email_state=email_state,
            name=applicant.name,
            name_key=name_key(applicant.name),
            system_role=role,
            password_hash=await self._around.hashing.hash(applicant.password),
        )

"""Accounts over HTTP: make one, see and change one's own, find others."""

from typing import Annotated

import structlog
from pydantic import Field
from starlette.requests import Request

from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import SystemRole
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from libs.common.http.reply import DEFAULT_LIMIT, Cursor, Limit, Page
from libs.common.ratelimit import Limit as Rate
from libs.common.ratelimit import RateLimiter
from services.auth.api.bodies import AccountShown, Profile, Registration, UserShown
from services.auth.api.hashing import HashingBusy, PasswordHashing
from services.auth.api.limits import MAX_NETWORKS, network_of
from services.auth.api.signing_in import SignedInReply, SigningIn
from services.auth.core.accounts import (
    MAX_NAME_CHARS,
    RegistrationClosed,
    email_key,
    name_key,
)
from services.auth.core.cursors import UserCursor
from services.auth.core.owner_token import hashed
from services.auth.core.passwords import check_new, composed
from services.auth.model.accounts import NewAccount
from services.auth.settings.general import AuthSettings
from services.auth.store.accounts import AccountNotFound, AccountStore, EmailTaken
from services.auth.store.owner_token import InvalidOwnerToken

log = structlog.get_logger()

Searched = Annotated[str, Field(max_length=MAX_NAME_CHARS)]


class AccountsApi:
    """The endpoints around accounts."""

    def __init__(
        self,
        accounts: AccountStore,
        hashing: PasswordHashing,
        *,
        signing_in: SigningIn,
        settings: AuthSettings,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._accounts = accounts
        self._hashing = hashing
        self._signing_in = signing_in
        self._is_open = settings.registration == "open"
        self._clock = clock
        self._chance = chance
        self._registrations = RateLimiter(
            Rate(settings.registrations_per_minute / 60, settings.registrations_burst),
            max_keys=MAX_NETWORKS,
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                "/v1/auth/register",
                self.register,
                status=201,
                admits=ANYONE,
                errors=(EmailTaken, RegistrationClosed, InvalidOwnerToken, HashingBusy),
            ),
            Endpoint("GET", "/v1/me", self.me),
            Endpoint("PATCH", "/v1/me", self.change_me),
            Endpoint("GET", "/v1/users", self.search),
            Endpoint("GET", "/v1/users/{user_id}", self.user, errors=(AccountNotFound,)),
        ]

    async def register(
        self, body: Registration, request: Request, address: ClientAddress
    ) -> SignedInReply:
        """Make an account and log in."""
        if not self._is_open and body.owner_token is None:
            raise RegistrationClosed
        self._registrations.take(network_of(address), self._clock.monotonic())
        password = composed(body.password)
        check_new(password, email=body.email, name=body.name)
        # The store decides; asked here too because a hash is dear, unless the answer is a secret
        # before the owner's token was looked at.
        if self._is_open and await self._accounts.is_taken(email_key(body.email)):
            raise EmailTaken
        new = self._new(body, await self._hashing.hash(password))
        link = self._signing_in.begin(new.id, request, device=body.device, address=address)
        account = await self._accounts.register(
            new,
            link.session,
            owner_token_hash=hashed(body.owner_token) if body.owner_token else None,
        )
        log.info(
            "account_registered",
            user_id=account.id,
            session_id=link.session.id,
            system_role=account.system_role,
        )
        return self._signing_in.reply(account, link, by_cookie=body.cookie)

    async def me(self, caller: Caller) -> AccountShown:
        """Return the caller's own account."""
        return AccountShown.of(await self._accounts.find(caller.id))

    async def change_me(self, body: Profile, caller: Caller) -> AccountShown:
        """Change the caller's own account."""
        if body.name is None:
            return await self.me(caller)
        account = await self._accounts.rename(
            caller.id, name=body.name, name_key=name_key(body.name), now=self._clock.now()
        )
        log.info("account_renamed", user_id=account.id)
        return AccountShown.of(account)

    async def search(
        self, q: Searched = "", limit: Limit = DEFAULT_LIMIT, cursor: Cursor | None = None
    ) -> Page[UserShown]:
        """Find users by a piece of their name, in the order of names; all without one."""
        after = UserCursor.read(cursor) if cursor else None
        found = await self._accounts.search(
            name_key(q), after=(after.name_key, after.id) if after else None, limit=limit + 1
        )
        page = found[:limit]
        next_cursor = None
        if len(found) > limit:
            next_cursor = UserCursor(name_key(page[-1].name), page[-1].id).write()
        return Page(items=[UserShown.of(account) for account in page], next_cursor=next_cursor)

    async def user(self, user_id: PersonId) -> UserShown:
        """Return what everybody may know of one user."""
        return UserShown.of(await self._accounts.find(user_id))

    def _new(self, body: Registration, password_hash: str) -> NewAccount:
        return NewAccount(
            id=PersonId(self._chance.new_id()),
            email=body.email,
            email_key=email_key(body.email),
            name=body.name,
            name_key=name_key(body.name),
            system_role=SystemRole.OWNER if body.owner_token else SystemRole.MEMBER,
            password_hash=password_hash,
        )

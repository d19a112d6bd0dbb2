"""API tokens over HTTP: make one, see and revoke one's own and those of one's bots.

Only a session does any of this, never another token: who holds one token must not make themselves
a better one.
"""

from typing import Annotated

import structlog
from pydantic import Field

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.scopes import Scope
from libs.common.errors import NotFound, TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import Page
from libs.common.ratelimit import Limit
from libs.common.times import rfc3339, rfc3339_if
from libs.common.tokens import api_tokens
from services.auth.api.bodies import Body, Name
from services.auth.api.surroundings import Surroundings
from services.auth.core.letters import shown_time
from services.auth.core.proofs import StepUpRequired
from services.auth.core.tokens import granted, life_s
from services.auth.model.accounts import Account
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.sessions import EndReason
from services.auth.model.tokens import ApiToken
from services.auth.store.bots import BotNotFound, BotStore
from services.auth.store.tokens import TokenStore, TooManyTokens

log = structlog.get_logger()

MIN_LIFE_S = 60


class TokenWanted(Body):
    """Without `expires_in_s` it lives as long as the server says."""

    name: Name
    scopes: Annotated[list[Scope], Field(max_length=len(Scope))]
    expires_in_s: Annotated[int, Field(ge=MIN_LIFE_S)] | None = None


class TokenShown(Body):
    """`prefix` is how the token begins. `bot_id`: it is the token of a bot."""

    id: SessionId
    bot_id: PersonId | None
    name: str
    scopes: list[Scope]
    prefix: str
    created_at: str
    expires_at: str
    last_used_at: str | None

    @classmethod
    def of(cls, token: ApiToken, *, owner_id: PersonId) -> "TokenShown":
        return cls(
            id=token.id,
            bot_id=None if token.account_id == owner_id else token.account_id,
            name=token.name,
            scopes=sorted(token.scopes),
            prefix=token.prefix,
            created_at=rfc3339(token.created_at),
            expires_at=rfc3339(token.expires_at),
            last_used_at=rfc3339_if(token.used_at),
        )


class TokenMade(TokenShown):
    """The only answer with the token itself."""

    token: str


class TokensApi:
    """The endpoints around API tokens."""

    def __init__(self, tokens: TokenStore, bots: BotStore, *, around: Surroundings) -> None:
        self._tokens = tokens
        self._bots = bots
        self._around = around
        settings = around.settings
        self._made = around.rates.of(
            "tokens", Limit.per_minute(settings.tokens_per_minute, burst=settings.tokens_burst)
        )

    def endpoints(self) -> list[Endpoint]:
        refusals = (StepUpRequired, TooManyTokens, TooMany)
        return [
            Endpoint("POST", "/v1/tokens", self.make, status=201, errors=refusals),
            Endpoint("GET", "/v1/tokens", self.listed),
            Endpoint("DELETE", "/v1/tokens/{token_id}", self.revoke, errors=(NotFound,)),
            Endpoint(
                "POST",
                "/v1/bots/{bot_id}/tokens",
                self.make_for_bot,
                status=201,
                errors=(*refusals, BotNotFound),
            ),
        ]

    async def make(self, body: TokenWanted, caller: Caller, address: ClientAddress) -> TokenMade:
        """Make a token that acts as the caller; it is shown this once."""
        await self._around.proof.demand(caller)
        holder = await self._around.accounts.find(caller.id)
        return await self._make(body, holder, caller=caller, address=address)

    async def make_for_bot(
        self, bot_id: PersonId, body: TokenWanted, caller: Caller, address: ClientAddress
    ) -> TokenMade:
        """Make a token that acts as a bot of the caller's; it is shown this once."""
        await self._around.proof.demand(caller)
        bot = await self._bots.owned(bot_id, owner_id=caller.id)
        return await self._make(body, bot.account, caller=caller, address=address)

    async def listed(self, caller: Caller) -> Page[TokenShown]:
        """Return the tokens of the caller and of their bots, the newest first."""
        tokens = await self._tokens.listed(caller.id)
        items = [TokenShown.of(token, owner_id=caller.id) for token in tokens]
        return Page(items=items, next_cursor=None)

    async def revoke(self, token_id: SessionId, caller: Caller, address: ClientAddress) -> None:
        """Void a token, everywhere and for ever."""
        ending = self._around.endings.ending(EndReason.TOKEN_REVOKED)
        is_revoked = await self._tokens.revoke(
            token_id,
            caller.id,
            ending=ending,
            act=_act(Kind.TOKEN_REVOKED, token_id, caller.id, caller=caller, address=address),
            now=self._around.clock.now(),
        )
        if not is_revoked:
            raise NotFound
        self._around.endings.note([token_id], caller.id, ending=ending)

    async def _make(
        self, body: TokenWanted, holder: Account, *, caller: Caller, address: str
    ) -> TokenMade:
        around = self._around
        scopes = granted(body.scopes, holder)
        lives_s = life_s(
            body.expires_in_s,
            default_s=around.settings.token_life_s,
            max_s=around.settings.token_max_life_s,
        )
        await self._made.take(str(caller.id))
        written = api_tokens.composed(around.chance.token())
        now = around.clock.now()
        token = ApiToken(
            id=SessionId(around.chance.new_id()),
            account_id=holder.id,
            name=body.name,
            prefix=written[: api_tokens.SHOWN_CHARS],
            scopes=scopes,
            created_at=now,
            expires_at=now + lives_s,
            used_at=None,
        )
        await self._tokens.make(
            token,
            api_tokens.hashed(written),
            max_tokens=around.settings.tokens_per_account,
            act=_act(Kind.TOKEN_MADE, token.id, holder.id, caller=caller, address=address),
            letter=await self._letter(holder, caller.id, address=address, now=now),
            owner_id=caller.id,
        )
        around.mailbox.posted.set()
        log.info("token_made", user_id=caller.id, person_id=holder.id, token_id=token.id)
        shown = TokenShown.of(token, owner_id=caller.id)
        return TokenMade(**dict(shown), token=written)

    async def _letter(
        self, holder: Account, owner_id: PersonId, *, address: str, now: float
    ) -> Letter | None:
        """Return the notice of a new token, for its owner if they have an address."""
        is_own = holder.id == owner_id
        owner = holder if is_own else await self._around.accounts.find(owner_id)
        if not owner.email:
            return None
        what = "an API token was made" if is_own else "an API token of a bot was made"
        fields = {"what": what, "address": address, "at": shown_time(now)}
        return Letter(LetterKind.TOKEN_MADE, owner.email, fields)


def _act(
    kind: Kind, token_id: SessionId, holder_id: PersonId, *, caller: Caller, address: str
) -> Act:
    return Act(
        kind=kind,
        actor_id=caller.id,
        subject_id=holder_id,
        outcome="done",
        address=address,
        session_id=caller.session_id,
        details={"token_id": str(token_id)},
    )

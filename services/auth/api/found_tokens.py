"""Found tokens: whoever comes across one, a scanner of public repositories say, has it voided.

To hold a token is all the right that this takes: its holder could do worse with it. The answer is
the same for every token, so nothing is learned here that the token itself would not show.
"""

from typing import Annotated

import structlog
from pydantic import Field

from libs.common.contracts.introspection import MAX_TOKEN_CHARS
from libs.common.contracts.people import PersonKind
from libs.common.errors import TooMany, Unauthorized
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from libs.common.tokens import api_tokens
from services.auth.api.bodies import Body
from services.auth.api.surroundings import Surroundings
from services.auth.core.letters import shown_time
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.sessions import EndReason
from services.auth.model.tokens import ShownToken
from services.auth.store.bots import BotStore
from services.auth.store.tokens import TokenStore

log = structlog.get_logger()


class FoundToken(Body):
    token: Annotated[str, Field(max_length=MAX_TOKEN_CHARS)]


class FoundTokensApi:
    """The endpoint for finders."""

    def __init__(self, tokens: TokenStore, bots: BotStore, *, around: Surroundings) -> None:
        self._tokens = tokens
        self._bots = bots
        self._around = around
        settings = around.settings
        self._found = around.rates.of(
            "found_tokens",
            Limit.per_minute(settings.found_tokens_per_minute, burst=settings.found_tokens_burst),
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/v1/tokens/found", self.void, admits=ANYONE, errors=(TooMany,)),
        ]

    async def void(self, body: FoundToken, address: ClientAddress) -> None:
        """Void an API token that somebody found, and write to its owner."""
        await self._found.take(network_of(address))
        try:
            token_hash = api_tokens.hashed(body.token)
        except Unauthorized:
            return
        found = await self._tokens.find([token_hash], now=self._around.clock.now())
        if token_hash in found:
            await self._void(found[token_hash], address=address)

    async def _void(self, shown: ShownToken, *, address: str) -> None:
        around, token, holder = self._around, shown.token, shown.account
        is_bot = holder.kind is PersonKind.BOT
        owner_id = await self._bots.owner_of(holder.id) if is_bot else holder.id
        owner = await around.accounts.find(owner_id)
        now = around.clock.now()
        what = f'the token that begins with "{token.prefix}"'
        letter = Letter(LetterKind.TOKEN_FOUND, owner.email, {"what": what, "at": shown_time(now)})
        ending = around.endings.ending(EndReason.TOKEN_REVOKED)
        is_voided = await self._tokens.revoke(
            token.id,
            owner_id,
            ending=ending,
            act=Act(
                kind=Kind.TOKEN_FOUND,
                actor_id=None,
                subject_id=holder.id,
                outcome="done",
                address=address,
                session_id=None,
                details={"token_id": str(token.id)},
            ),
            letter=letter if owner.email else None,
            now=now,
        )
        if is_voided:
            around.endings.note([token.id], holder.id, ending=ending)
            around.mailbox.posted.set()
            log.warning("token_found", user_id=owner_id, person_id=holder.id, token_id=token.id)

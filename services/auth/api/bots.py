"""Bots over HTTP: a user's own, whom programs act as with an API token of theirs."""

import structlog

from libs.common.contracts.ids import PersonId
from libs.common.errors import NotFound, TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import Caller
from libs.common.http.reply import Page
from libs.common.ratelimit import Limit
from services.auth.api.bodies import Body, Name, UserShown
from services.auth.api.surroundings import Surroundings
from services.auth.core.accounts import name_key
from services.auth.core.bots import max_bots
from services.auth.core.proofs import StepUpRequired
from services.auth.model.acts import Act, Kind
from services.auth.model.sessions import EndReason
from services.auth.store.bots import BotNotFound, BotStore, TooManyBots

log = structlog.get_logger()


class BotProfile(Body):
    name: Name


class BotsApi:
    """The endpoints around bots."""

    def __init__(self, bots: BotStore, *, around: Surroundings) -> None:
        self._bots = bots
        self._around = around
        settings = around.settings
        self._made = around.rates.of(
            "bots", Limit.per_minute(settings.tokens_per_minute, burst=settings.tokens_burst)
        )

    def endpoints(self) -> list[Endpoint]:
        one = "/v1/bots/{bot_id}"
        making = (StepUpRequired, TooManyBots, TooMany, NotFound)
        return [
            Endpoint("POST", "/v1/bots", self.make, status=201, errors=making),
            Endpoint("GET", "/v1/bots", self.listed),
            Endpoint("PATCH", one, self.rename, errors=(BotNotFound,)),
            Endpoint("DELETE", one, self.retire, errors=(BotNotFound, StepUpRequired)),
        ]

    async def make(self, body: BotProfile, caller: Caller, address: ClientAddress) -> UserShown:
        """Make a bot that is the caller's."""
        around, settings = self._around, self._around.settings
        await around.proof.demand(caller)
        await around.naming.check(body.name, account_id=None, is_staff=False)
        owner = await around.accounts.find(caller.id)
        await self._made.take(str(caller.id))
        bot_id = PersonId(around.chance.new_id())
        bot = await self._bots.make(
            bot_id,
            caller.id,
            name=body.name,
            name_key=name_key(body.name),
            max_bots=max_bots(
                owner, of_user=settings.bots_per_user, of_admin=settings.bots_per_admin
            ),
            act=_act(Kind.BOT_MADE, bot_id, caller, address),
            now=around.clock.now(),
        )
        log.info("bot_made", user_id=caller.id, bot_id=bot_id)
        return UserShown.of(bot.account)

    async def listed(self, caller: Caller) -> Page[UserShown]:
        """Return the caller's bots, in the order of their names."""
        bots = await self._bots.listed(caller.id)
        return Page(items=[UserShown.of(bot.account) for bot in bots], next_cursor=None)

    async def rename(
        self, bot_id: PersonId, body: BotProfile, caller: Caller, address: ClientAddress
    ) -> UserShown:
        """Change the name of a bot of the caller's."""
        await self._around.naming.check(body.name, account_id=bot_id, is_staff=False)
        bot = await self._bots.rename(
            bot_id,
            owner_id=caller.id,
            name=body.name,
            name_key=name_key(body.name),
            act=_act(Kind.BOT_RENAMED, bot_id, caller, address),
            now=self._around.clock.now(),
        )
        return UserShown.of(bot.account)

    async def retire(self, bot_id: PersonId, caller: Caller, address: ClientAddress) -> None:
        """Take a bot out of service for ever; what it has written stays."""
        await self._around.proof.demand(caller)
        ending = self._around.endings.ending(EndReason.TOKEN_REVOKED)
        ended = await self._bots.retire(
            bot_id,
            owner_id=caller.id,
            ending=ending,
            act=_act(Kind.BOT_RETIRED, bot_id, caller, address),
            now=self._around.clock.now(),
        )
        self._around.endings.note(ended, bot_id, ending=ending)
        log.info("bot_retired", user_id=caller.id, bot_id=bot_id)


def _act(kind: Kind, bot_id: PersonId, caller: Caller, address: str) -> Act:
    return Act(
        kind=kind,
        actor_id=caller.id,
        subject_id=bot_id,
        outcome="done",
        address=address,
        session_id=caller.session_id,
    )

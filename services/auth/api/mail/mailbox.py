"""Where letters are posted, and asked for, by whoever has no transaction open."""

import asyncio

from libs.common.clock import Clock
from libs.common.contracts.ids import PersonId
from libs.common.errors import TooMany
from libs.common.postgres import Database
from libs.common.ratelimit import Limit
from libs.common.rates_postgres import PostgresRates
from services.auth.core.accounts import email_key
from services.auth.model.letters import Letter, LetterKind
from services.auth.settings.mail import MailSettings
from services.auth.store.mail import post
from services.auth.store.wishes import WishStore


class Mailbox:
    """Takes letters; a worker sends them, and looks for them when `posted` is set."""

    def __init__(
        self,
        database: Database,
        settings: MailSettings,
        *,
        rates: PostgresRates,
        clock: Clock,
    ) -> None:
        self._database = database
        self._wishes = WishStore(database)
        self._to_one = rates.of(
            "mail.to_one",
            Limit.per_minute(settings.to_one_per_hour / 60, burst=settings.to_one_burst),
        )
        self._clock = clock
        self.posted = asyncio.Event()

    async def post(self, letter: Letter, *, account_id: PersonId | None) -> None:
        """Leave a letter to be sent; `account_id` is whose letter it is."""
        async with self._database.transaction() as connection:
            await post(connection, letter, account_id=account_id, now=self._clock.now())
        self.posted.set()

    async def wish(self, kind: LetterKind, email: str) -> None:
        """Have a letter sent to whoever has this address, if anybody has.

        Does and takes the same whether anybody has or not; the worker is not woken, so that its
        work does not slow down the next request only where there is somebody to write to. An
        address for which too much is asked gets no letter, and nobody is told.
        """
        if await self.may_go_to(email):
            await self._wishes.ask(kind, email_key(email), now=self._clock.now())

    async def may_go_to(self, email: str) -> bool:
        """Tell whether one more letter that this address did not ask for may go there, and count
        it.
        """
        try:
            await self._to_one.take(email_key(email))
        except TooMany:
            return False
        return True

"""Writes the letters that were asked for by an address alone, if anybody has that address."""

import structlog

from libs.common.clock import Clock
from services.auth.api.mail.links import Links
from services.auth.model.accounts import Account, EmailState
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.links import Purpose
from services.auth.store.links import send
from services.auth.store.mail import post
from services.auth.store.wishes import HeldWish, WishStore

log = structlog.get_logger()


class Wishes:
    """Grants wishes."""

    def __init__(self, store: WishStore, links: Links, *, clock: Clock) -> None:
        self._store = store
        self._links = links
        self._clock = clock

    async def grant_one(self) -> bool:
        """Grant the oldest wish, or forget it; tell whether there was one.  Raises: Unavailable."""
        async with self._store.take() as wish:
            if wish is None:
                return False
            if wish.account is not None:
                await self._grant(wish, wish.account)
            log.info("letter_wished", kind=wish.kind, user_id=wish.account and wish.account.id)
        return True

    async def _grant(self, wish: HeldWish, account: Account) -> None:
        now = self._clock.now()
        match wish.kind:
            case LetterKind.RESET_PASSWORD:
                link = self._links.to(account.email, account.id, purpose=Purpose.RESET)
                await send(wish.connection, link, now=now)
            case LetterKind.VERIFY_EMAIL if account.email_state is not EmailState.PROVED:
                link = self._links.to(account.email, account.id, purpose=Purpose.VERIFY)
                await send(wish.connection, link, now=now)
            case LetterKind.ACCOUNT_EXISTS:
                letter = Letter(LetterKind.ACCOUNT_EXISTS, account.email, {})
                await post(wish.connection, letter, account_id=account.id, now=now)

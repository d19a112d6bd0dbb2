"""Addresses that are proved and changed, in Postgres."""

from collections.abc import Mapping
from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.postgres import Connection, Database
from libs.common.tokens.access import SessionRevoked
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.links import EmailLink, LinkLetter, Purpose
from services.auth.store.audit import note
from services.auth.store.links import send, use, void
from services.auth.store.mail import post
from services.auth.store.registering import EMAIL_IS_UNIQUE, EmailTaken
from services.auth.store.sessions import LOCK_ACCOUNT

HOLDER: Final = "SELECT id FROM account WHERE email_key = $1"

LIVES: Final = """
    SELECT EXISTS (SELECT FROM session WHERE id = $1 AND account_id = $2 AND end_reason IS NULL)
"""

PROVE: Final = "UPDATE account SET email_state = 'proved' WHERE id = $1"

EMAIL: Final = "SELECT coalesce(email, '') FROM account WHERE id = $1"

CHANGE: Final = """
    UPDATE account
    SET email = $2, email_key = $3, email_state = 'proved', updated_at = to_timestamp($4::float8)
    WHERE id = $1
"""


class EmailStore:
    """Proves and changes addresses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def holder(self, email_key: str) -> PersonId | None:
        """Return whose address this is."""
        holder = await self._database.fetchval(HOLDER, email_key)
        return PersonId(holder) if holder else None

    async def verify(self, token_hash: bytes, *, address: str, now: float) -> PersonId:
        """Use a link that proves an account's address; return whose it is.

        `address` is where the request comes from.  Raises: InvalidLink.
        """
        async with self._database.transaction() as connection:
            link = await use(connection, token_hash, purpose=Purpose.VERIFY, now=now)
            await prove(connection, link)
            act = _act(Kind.EMAIL_VERIFIED, link.account_id, address)
            await note(connection, act, now=now)
        return link.account_id

    async def offer(
        self, confirmation: LinkLetter, *, session_id: SessionId | None, now: float
    ) -> None:
        """Send the link that changes an account's address; those sent before are void.

        Raises: SessionRevoked, when that of who asks ended a moment ago, as by a new password,
        which voids such links.
        """
        async with self._database.transaction() as connection:
            account_id = confirmation.link.account_id
            await connection.execute(LOCK_ACCOUNT, account_id)
            if not await connection.fetchval(LIVES, session_id, account_id):
                raise SessionRevoked
            await void(connection, account_id, Purpose.CONFIRM)
            await send(connection, confirmation, now=now)

    async def confirm(
        self,
        token_hash: bytes,
        *,
        email_key: str,
        notice: Mapping[str, str],
        address: str,
        now: float,
    ) -> PersonId:
        """Use a link that changes an account's address; return whose it is.

        `email_key` belongs to the address in the link. The old address is told with the fields of
        `notice`. All other links of the account are void.

        Raises: InvalidLink; EmailTaken, when somebody was faster.
        """
        try:
            async with self._database.transaction() as connection:
                link = await use(connection, token_hash, purpose=Purpose.CONFIRM, now=now)
                account_id = link.account_id
                old = await connection.fetchval(EMAIL, account_id)
                await connection.execute(CHANGE, account_id, link.email, email_key, now)
                await void(connection, account_id, *Purpose)
                if old:
                    letter = Letter(LetterKind.EMAIL_CHANGED, old, notice)
                    await post(connection, letter, account_id=account_id, now=now)
                await note(connection, _act(Kind.EMAIL_CHANGED, account_id, address), now=now)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == EMAIL_IS_UNIQUE:
                raise EmailTaken from None
            raise
        return account_id


async def prove(connection: Connection, link: EmailLink) -> None:
    """Note within the transaction, which holds the account's row, that its address is proved."""
    await connection.execute(PROVE, link.account_id)
    await void(connection, link.account_id, Purpose.VERIFY)


def _act(kind: Kind, account_id: PersonId, address: str) -> Act:
    return Act(
        kind=kind,
        actor_id=account_id,
        subject_id=account_id,
        outcome="done",
        address=address,
        session_id=None,
    )

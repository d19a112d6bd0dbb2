"""New accounts, in Postgres: with all that belongs to them, or not at all."""

from dataclasses import replace
from typing import Final

import asyncpg

from libs.common.contracts.facts import USER_REGISTERED
from libs.common.errors import Conflict
from libs.common.postgres import Connection, Database
from services.auth.model.accounts import Account, NewAccount
from services.auth.model.acts import Act, Kind
from services.auth.model.links import LinkLetter
from services.auth.model.sessions import Session
from services.auth.store.audit import note
from services.auth.store.facts import Facts
from services.auth.store.invites import claim as claim_invite
from services.auth.store.links import send
from services.auth.store.owner_token import claim
from services.auth.store.rows import ACCOUNT, account_of
from services.auth.store.sessions import insert as insert_session

EMAIL_IS_UNIQUE: Final = "account_email_is_unique"

INSERT: Final = f"""
    INSERT INTO account (
        id, email, email_key, email_state, name, name_key, system_role, created_at, updated_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8), to_timestamp($8::float8))
    RETURNING {ACCOUNT}
"""

INSERT_CREDENTIAL: Final = """
    INSERT INTO credential (account_id, provider, secret_hash, changed_at)
    VALUES ($1, 'password', $2, to_timestamp($3::float8))
"""

IS_TAKEN: Final = "SELECT EXISTS (SELECT FROM account WHERE email_key = $1)"


class EmailTaken(Conflict):
    code = "email_taken"
    message = "There is an account with this e-mail address."


class RegistrationStore:
    """Writes new accounts."""

    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    async def is_taken(self, email_key: str) -> bool:
        """Tell whether somebody has this address."""
        return bool(await self._database.fetchval(IS_TAKEN, email_key))

    async def register(
        self,
        new: NewAccount,
        session: Session | None,
        *,
        verification: LinkLetter | None,
        owner_token_hash: bytes | None,
        invite_hash: bytes | None,
        address: str,
        now: float,
    ) -> Account:
        """Store an account and its password, with its first session if it is let in at once, and
        send its link if its address is to be proved.

        Raises: EmailTaken; InvalidOwnerToken and InvalidInvite, unless the token is good and nobody
        was faster.
        """
        try:
            async with self._facts.telling() as connection:
                if owner_token_hash is not None:
                    await claim(connection, owner_token_hash, now=now)
                account = await insert(connection, new, now=now)
                if invite_hash is not None:
                    await claim_invite(connection, invite_hash, account_id=new.id, now=now)
                if session is not None:
                    await insert_session(connection, session)
                if verification is not None:
                    await send(connection, verification, now=now)
                await note(connection, _registered(account, session, address), now=now)
                await self._facts.user(connection, USER_REGISTERED, account=account)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == EMAIL_IS_UNIQUE:
                raise EmailTaken from None
            raise
        return account


async def insert(connection: Connection, new: NewAccount, *, now: float) -> Account:
    """Store an account and its password, if it has one, within the transaction; telling of it is
    the caller's.
    """
    (row,) = await connection.fetch(
        INSERT,
        new.id,
        new.email or None,
        new.email_key or None,
        new.email_state,
        new.name,
        new.name_key,
        new.system_role,
        now,
    )
    if new.password_hash is None:
        return account_of(row)
    await connection.execute(INSERT_CREDENTIAL, new.id, new.password_hash, now)
    # The row was read before it had a credential.
    return replace(account_of(row), has_password=True)


def _registered(account: Account, session: Session | None, address: str) -> Act:
    return Act(
        kind=Kind.ACCOUNT_REGISTERED,
        actor_id=account.id,
        subject_id=account.id,
        outcome="done",
        address=address,
        session_id=session.id if session else None,
        details={"system_role": account.system_role},
    )

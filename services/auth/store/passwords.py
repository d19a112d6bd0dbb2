"""Passwords that are changed, in Postgres.

With the password change the links that were sent: who had got hold of the account could have asked
for one, to an address of their own too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.postgres import Connection
from services.auth.model.acts import Act, Kind
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.links import Purpose
from services.auth.model.sessions import Ending
from services.auth.store.audit import note
from services.auth.store.credentials import check_still
from services.auth.store.emails import prove
from services.auth.store.facts import Facts
from services.auth.store.links import use, void
from services.auth.store.mail import post
from services.auth.store.sessions import LOCK_ACCOUNT, end_all

SET: Final = """
    INSERT INTO credential (account_id, provider, secret_hash, changed_at)
    VALUES ($1, 'password', $2, to_timestamp($3::float8))
    ON CONFLICT (account_id, provider) DO UPDATE
    SET secret_hash = excluded.secret_hash, changed_at = excluded.changed_at
"""

END_OTHERS: Final = """
    UPDATE session SET end_reason = $2, tokens_until = to_timestamp($3::float8)
    WHERE account_id = $1 AND end_reason IS NULL AND id IS DISTINCT FROM $4
    RETURNING id
"""

EMAIL: Final = "SELECT coalesce(email, '') FROM account WHERE id = $1"


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """A new password, and what is told of it: the fields of the letter, and from which address."""

    password_hash: str
    notice: Mapping[str, str]
    address: str
    ending: Ending
    now: float


class PasswordStore:
    """Changes passwords."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    async def reset(
        self, token_hash: bytes, change: PasswordChange
    ) -> tuple[PersonId, list[SessionId]]:
        """Use a link that sets a password, and end all sessions; return whose, and those.

        The link has come to the account's address, which is proved by that.  Raises: InvalidLink.
        """
        async with self._facts.telling() as connection:
            link = await use(connection, token_hash, purpose=Purpose.RESET, now=change.now)
            account_id = link.account_id
            await prove(connection, link)
            await _set(connection, account_id, change)
            act = _act(Kind.PASSWORD_RESET, account_id, None, change)
            await note(connection, act, now=change.now)
            ended = await end_all(
                connection, self._facts, account_id=account_id, ending=change.ending
            )
        return account_id, ended

    async def change(
        self,
        account_id: PersonId,
        change: PasswordChange,
        *,
        session_id: SessionId | None,
        as_of: float,
    ) -> list[SessionId]:
        """Set a password and end all sessions but the one that asks; return those.

        Raises: PasswordReplaced, when one was set after `as_of`.
        """
        async with self._facts.telling() as connection:
            await connection.execute(LOCK_ACCOUNT, account_id)
            await check_still(connection, account_id, as_of=as_of)
            await _set(connection, account_id, change)
            act = _act(Kind.PASSWORD_CHANGED, account_id, session_id, change)
            await note(connection, act, now=change.now)
            rows = await connection.fetch(
                END_OTHERS, account_id, change.ending.reason, change.ending.until, session_id
            )
            ended = [SessionId(row["id"]) for row in rows]
            await self._facts.ended(connection, ended, account_id=account_id, ending=change.ending)
        return ended


async def _set(connection: Connection, account_id: PersonId, change: PasswordChange) -> None:
    await connection.execute(SET, account_id, change.password_hash, change.now)
    await void(connection, account_id, *Purpose)
    email = await connection.fetchval(EMAIL, account_id)
    if email:
        letter = Letter(LetterKind.PASSWORD_CHANGED, email, change.notice)
        await post(connection, letter, account_id=account_id, now=change.now)


def _act(
    kind: Kind, account_id: PersonId, session_id: SessionId | None, change: PasswordChange
) -> Act:
    return Act(
        kind=kind,
        actor_id=account_id,
        subject_id=account_id,
        outcome="done",
        address=change.address,
        session_id=session_id,
    )

"""All statements that take a person out of auth.

The row of the account stays, nameless and shut: what others wrote points at its id. So nothing goes
by itself (`ON DELETE CASCADE` waits for a deletion that never comes), and every table that has
something of a person stands here, or is emptied by the function of its own store that is called
here. A test looks for what was forgotten: tests/system/erasure/test_proof.py.

Everything may be repeated. Rows of sessions and tokens stay for as long as somebody might still
show one, without what says whose they are.
"""

from dataclasses import dataclass
from typing import Final

from libs.common.contracts.facts import USER_UPDATED
from libs.common.contracts.ids import PersonId
from libs.common.erasures import affected
from libs.common.postgres import Connection
from services.auth.model.accounts import Account
from services.auth.store import audit, invites
from services.auth.store.factors import erasing as factors
from services.auth.store.facts import Facts
from services.auth.store.rows import ACCOUNT, account_of

MAKE_NAMELESS: Final = f"""
    UPDATE account
    SET email = NULL, email_key = NULL, email_state = 'unproved', name = $2, name_key = lower($2),
        avatar_version = NULL, system_role = 'member',
        updated_at = to_timestamp($3::float8), version = version + 1
    WHERE id = $1
    RETURNING {ACCOUNT}
"""

CREDENTIAL: Final = "DELETE FROM credential WHERE account_id = $1"
IDENTITY: Final = "DELETE FROM identity WHERE account_id = $1"
AVATAR: Final = "DELETE FROM avatar WHERE account_id = $1"
PREFERENCE: Final = "DELETE FROM preference WHERE account_id = $1"
ACCOUNT_WORD: Final = "DELETE FROM account_word WHERE account_id = $1"
EMAIL_LINK: Final = "DELETE FROM email_link WHERE account_id = $1"
EXPORT: Final = "DELETE FROM export WHERE account_id = $1"
MAIL: Final = "DELETE FROM mail WHERE account_id = $1 OR recipient = $2"
LETTER_WISH: Final = "DELETE FROM letter_wish WHERE email_key = $1"
LOGIN_ATTEMPT: Final = "DELETE FROM login_attempt WHERE email_hash = $1"
SESSION: Final = """
    UPDATE session SET device = '', address = '', client_hash = '', proved_by = '{}'
    WHERE account_id = $1 AND device <> ''
"""
PROGRAM: Final = """
    UPDATE api_token SET name = '', prefix = '' WHERE account_id = $1 AND name <> ''
"""

MAIL_WAITS: Final = """
    SELECT EXISTS (SELECT FROM mail WHERE account_id = $1 AND shown_at IS NULL)
"""

OUTBOX_WAITS: Final = """
    SELECT EXISTS (
        SELECT FROM outbox LEFT JOIN outbox_try USING (id)
        WHERE position(convert_to($1::uuid::text, 'UTF8') IN body) > 0
            AND NOT coalesce(is_set_aside, false)
    )
"""

# Nobody will ever publish these.
SET_ASIDE: Final = """
    DELETE FROM outbox USING outbox_try
    WHERE outbox_try.id = outbox.id AND outbox_try.is_set_aside
        AND position(convert_to($1::uuid::text, 'UTF8') IN outbox.body) > 0
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """By what an account could be found that has no reference to it; empty for a bot."""

    email: str
    email_key: str
    email_hash: bytes


async def make_nameless(
    connection: Connection, facts: Facts, account_id: PersonId, *, name: str, now: float
) -> Account:
    """Let an account be called like everybody who was erased, and tell everybody."""
    (row,) = await connection.fetch(MAKE_NAMELESS, account_id, name, now)
    account = account_of(row)
    await facts.user(connection, USER_UPDATED, account=account)
    return account


async def forget_reached(connection: Connection, account_id: PersonId, by: Reached) -> None:
    """Delete what is kept under somebody's address, before that is forgotten itself."""
    await connection.execute(MAIL, account_id, by.email)
    await connection.execute(LETTER_WISH, by.email_key)
    await connection.execute(LOGIN_ATTEMPT, by.email_hash)


async def forget(connection: Connection, account_id: PersonId) -> dict[str, int]:
    """Delete everything that refers to an account; return how many rows of which tables."""
    await factors.erase(connection, account_id)
    await audit.erase(connection, account_id)
    await invites.erase(connection, account_id)
    return {
        "credential": affected(await connection.execute(CREDENTIAL, account_id)),
        "identity": affected(await connection.execute(IDENTITY, account_id)),
        "avatar": affected(await connection.execute(AVATAR, account_id)),
        "preference": affected(await connection.execute(PREFERENCE, account_id)),
        "account_word": affected(await connection.execute(ACCOUNT_WORD, account_id)),
        "email_link": affected(await connection.execute(EMAIL_LINK, account_id)),
        "export": affected(await connection.execute(EXPORT, account_id)),
        "session": affected(await connection.execute(SESSION, account_id)),
        "api_token": affected(await connection.execute(PROGRAM, account_id)),
    }


async def forget_the_rest(connection: Connection, account_id: PersonId, *, is_late: bool) -> bool:
    """Delete what was on its way; tell whether nothing is any more.

    The letter that says goodbye is waited for, unless that takes too long (`is_late`).
    """
    await connection.execute(SET_ASIDE, account_id)
    if await connection.fetchval(OUTBOX_WAITS, account_id):
        return False
    if not is_late and await connection.fetchval(MAIL_WAITS, account_id):
        return False
    await connection.execute(MAIL, account_id, "")
    return True

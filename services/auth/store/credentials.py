"""Whether the password that somebody showed still is their password, in Postgres."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.errors import Unauthorized
from libs.common.postgres import Connection

IS_SET_SINCE: Final = """
    SELECT EXISTS (
        SELECT FROM credential
        WHERE account_id = $1 AND extract(epoch FROM changed_at)::float8 > $2::float8
    )
"""


class PasswordReplaced(Unauthorized):
    """The password was right a moment ago."""


async def check_still(connection: Connection, account_id: PersonId, *, as_of: float) -> None:
    """Refuse a password that was looked at when the newest was set `as_of`.

    Before, in a statement of its own, the transaction takes the account's row, which whoever sets a
    password holds: a statement that waited for it would not see the new one.

    Raises: PasswordReplaced.
    """
    if await connection.fetchval(IS_SET_SINCE, account_id, as_of):
        raise PasswordReplaced

"""That somebody can log in to an account, in Postgres."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.errors import Conflict
from libs.common.postgres import Connection

IS_ONE_LEFT: Final = """
    SELECT EXISTS (SELECT FROM credential WHERE account_id = $1)
        OR EXISTS (SELECT FROM identity WHERE account_id = $1)
        OR EXISTS (SELECT FROM passkey WHERE account_id = $1)
"""


class LastWayIn(Conflict):
    code = "last_way_in"
    message = "This is the last way to log in to your account. Set a password first."


async def check_one_is_left(connection: Connection, account_id: PersonId) -> None:
    """Refuse what the transaction, which holds the account's row, took away.  Raises: LastWayIn."""
    if not await connection.fetchval(IS_ONE_LEFT, account_id):
        raise LastWayIn

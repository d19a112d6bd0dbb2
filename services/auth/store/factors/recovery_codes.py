"""Recovery codes in Postgres, as hashes."""

from collections.abc import Sequence
from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection

PUT: Final = "INSERT INTO recovery_code (account_id, code_hash) SELECT $1, unnest($2::bytea[])"

# Of two that show the same code at once one takes the row, and the other finds none.
USE: Final = """
    DELETE FROM recovery_code WHERE account_id = $1 AND code_hash = $2 RETURNING true
"""

FORGET: Final = "DELETE FROM recovery_code WHERE account_id = $1"


async def replace(
    connection: Connection, account_id: PersonId, *, code_hashes: Sequence[bytes]
) -> None:
    """Make these the only codes of an account, within the transaction; none is allowed."""
    await connection.execute(FORGET, account_id)
    await connection.execute(PUT, account_id, list(code_hashes))


async def use(connection: Connection, account_id: PersonId, *, code_hash: bytes) -> bool:
    """Use a code up within the transaction; tell whether it was good."""
    return bool(await connection.fetchval(USE, account_id, code_hash))

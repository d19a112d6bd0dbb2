"""Which second factors an account has, in Postgres."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection, Database
from services.auth.model.factors import Held
from services.auth.store.sessions import LOCK_ACCOUNT

HELD: Final = """
    SELECT EXISTS (
               SELECT FROM credential WHERE account_id = $1 AND provider = 'password'
           ) AS has_password,
           EXISTS (SELECT FROM totp WHERE account_id = $1 AND is_confirmed) AS has_totp,
           (SELECT count(*) FROM passkey WHERE account_id = $1)::int AS passkeys,
           (SELECT count(*) FROM recovery_code WHERE account_id = $1)::int AS recovery_codes
"""

IS_FAMILIAR: Final = """
    SELECT EXISTS (SELECT FROM session WHERE account_id = $1 AND address = $2)
"""


class HeldFactors:
    """Counts them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account_id: PersonId) -> Held:
        """Return what an account has; nothing for one that does not exist."""
        (row,) = await self._database.fetch(HELD, account_id)
        return Held(**row)

    async def is_familiar(self, account_id: PersonId, *, address: str) -> bool:
        """Tell whether a session of the account was opened from this network address before."""
        return bool(await self._database.fetchval(IS_FAMILIAR, account_id, address))


async def held_by(connection: Connection, account_id: PersonId) -> Held:
    """Return what an account has, and keep others from changing it before the transaction ends."""
    await connection.execute(LOCK_ACCOUNT, account_id)
    (row,) = await connection.fetch(HELD, account_id)
    return Held(**row)

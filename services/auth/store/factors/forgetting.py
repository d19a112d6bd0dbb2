"""Takes all second factors of an account away."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection
from services.auth.model.accounts import Account
from services.auth.store.rows import ACCOUNT, account_of

OF_ADDRESS: Final = f"SELECT {ACCOUNT} FROM account WHERE email_key = $1 FOR NO KEY UPDATE"

FORGET_TOTP: Final = "DELETE FROM totp WHERE account_id = $1"
FORGET_CODES: Final = "DELETE FROM recovery_code WHERE account_id = $1"
FORGET_PASSKEYS: Final = "DELETE FROM passkey WHERE account_id = $1"


async def held_account(connection: Connection, email_key: str) -> Account | None:
    """Return the account of this address, which nobody else changes before the transaction ends."""
    row = await connection.fetchrow(OF_ADDRESS, email_key)
    return None if row is None else account_of(row)


async def forget(connection: Connection, account_id: PersonId) -> None:
    """Delete them within the transaction."""
    await connection.execute(FORGET_TOTP, account_id)
    await connection.execute(FORGET_CODES, account_id)
    await connection.execute(FORGET_PASSKEYS, account_id)

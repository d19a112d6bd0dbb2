"""Takes everything about somebody's second factors and log-ins away."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection
from services.auth.store.factors.forgetting import forget

FORGET_LOGINS: Final = "DELETE FROM login_challenge WHERE account_id = $1"
FORGET_QUESTIONS: Final = "DELETE FROM passkey_challenge WHERE account_id = $1"
FORGET_PLACES: Final = "DELETE FROM known_place WHERE account_id = $1"


async def erase(connection: Connection, person_id: PersonId) -> None:
    """Delete it all within the transaction; harmless when repeated."""
    await forget(connection, person_id)
    await connection.execute(FORGET_LOGINS, person_id)
    await connection.execute(FORGET_QUESTIONS, person_id)
    await connection.execute(FORGET_PLACES, person_id)

"""Deletes what is left of log-ins: challenges that expired, places where nobody was for long."""

from typing import Final

from libs.common.postgres import Database

SWEEP_LOGINS: Final = "DELETE FROM login_challenge WHERE expires_at < to_timestamp($1::float8)"
SWEEP_QUESTIONS: Final = "DELETE FROM passkey_challenge WHERE expires_at < to_timestamp($1::float8)"
SWEEP_PLACES: Final = "DELETE FROM known_place WHERE used_at < to_timestamp($1::float8)"


class LoginRemains:
    """Deletes them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def sweep(self, *, before: float, places_before: float) -> None:
        """Delete what expired before one time, and places not used since the other."""
        await self._database.execute(SWEEP_LOGINS, before)
        await self._database.execute(SWEEP_QUESTIONS, before)
        await self._database.execute(SWEEP_PLACES, places_before)

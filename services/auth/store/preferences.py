"""Preferences, in Postgres."""

from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database
from services.auth.model.preferences import Preferences

FIND: Final = """
    SELECT locale, theme, notify_messages AS notify_of, notify_sound AS is_sound_wanted,
           notify_email AS is_email_wanted
    FROM preference WHERE account_id = $1
"""

PUT: Final = """
    INSERT INTO preference
        (account_id, locale, theme, notify_messages, notify_sound, notify_email)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account_id) DO UPDATE
    SET locale = excluded.locale, theme = excluded.theme,
        notify_messages = excluded.notify_messages, notify_sound = excluded.notify_sound,
        notify_email = excluded.notify_email
"""


class PreferenceStore:
    """Reads and writes preferences."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, account_id: PersonId) -> Preferences:
        """Return what somebody said, or the defaults."""
        row = await self._database.fetchrow(FIND, account_id)
        return Preferences(**row) if row else Preferences()

    async def put(self, account_id: PersonId, wanted: Preferences) -> None:
        """Replace all that somebody said before."""
        await self._database.execute(
            PUT,
            account_id,
            wanted.locale,
            wanted.theme,
            wanted.notify_of,
            wanted.is_sound_wanted,
            wanted.is_email_wanted,
        )

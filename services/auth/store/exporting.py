"""What auth has of a person, for their own eyes.

Secrets are no part of it: no hash of a password, no seed, no token helps anybody but a thief.
"""

from collections.abc import Mapping
from typing import Any, Final

import asyncpg
from pydantic import JsonValue

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Database

# Each query names its columns as they are to be called in the copy.
PROFILE: Final = """
    SELECT id::text AS id, name, email, email_state, system_role, created_at, updated_at,
           EXISTS (SELECT FROM totp WHERE account_id = $1 AND is_confirmed) AS has_totp,
           (SELECT count(*) FROM recovery_code WHERE account_id = $1) AS recovery_codes_left
    FROM account WHERE id = $1
"""

PREFERENCES: Final = """
    SELECT locale, theme, notify_messages, notify_sound, notify_email
    FROM preference WHERE account_id = $1
"""

SESSIONS: Final = """
    SELECT id::text AS id, device, address, created_at, used_at, ends_at, end_reason, proved_by
    FROM session WHERE account_id = $1 ORDER BY created_at
"""

IDENTITIES: Final = """
    SELECT issuer, subject, email, linked_at FROM identity
    WHERE account_id = $1 ORDER BY linked_at
"""

PASSKEYS: Final = """
    SELECT name, created_at, last_used_at FROM passkey WHERE account_id = $1 ORDER BY created_at
"""

TOKENS: Final = """
    SELECT api_token.name, api_token.prefix, api_token.scopes, api_token.created_at,
           api_token.expires_at, api_token.used_at, api_token.revoked_at
    FROM api_token
    WHERE account_id = $1 OR account_id IN (SELECT account_id FROM bot WHERE owner_id = $1)
    ORDER BY created_at
"""

BOTS: Final = """
    SELECT account.id::text AS id, account.name, account.created_at, bot.retired_at
    FROM bot JOIN account ON account.id = bot.account_id
    WHERE bot.owner_id = $1 ORDER BY account.created_at
"""

INVITES: Final = """
    SELECT max_uses, uses, made_at, expires_at, revoked_at FROM server_invite
    WHERE made_by = $1 ORDER BY made_at
"""

# What others did to them says when and what, and not who.
ACTS: Final = """
    SELECT audit.at, audit.kind, audit.outcome, audit.actor_id = $1 AS by_yourself,
           CASE WHEN audit.actor_id = $1 THEN audit_trace.address END AS address
    FROM audit LEFT JOIN audit_trace ON audit_trace.entry_id = audit.id
    WHERE audit.actor_id = $1 OR audit.subject_id = $1
    ORDER BY audit.at DESC, audit.id DESC LIMIT $2
"""

PICTURE: Final = "SELECT large FROM avatar WHERE account_id = $1"

MAX_ACTS: Final = 10_000
"""The newest ones: more than a person does here in years."""

Item = dict[str, JsonValue]


class ExportingStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def everything(self, account_id: PersonId) -> Mapping[str, list[Item]]:
        """Return all of it, by what it is; what there is nothing of is left out."""
        fetch = self._database.fetch
        found = {
            "profile": await fetch(PROFILE, account_id),
            "preferences": await fetch(PREFERENCES, account_id),
            "sessions": await fetch(SESSIONS, account_id),
            "identities": await fetch(IDENTITIES, account_id),
            "passkeys": await fetch(PASSKEYS, account_id),
            "tokens": await fetch(TOKENS, account_id),
            "bots": await fetch(BOTS, account_id),
            "invitations": await fetch(INVITES, account_id),
            "acts": await fetch(ACTS, account_id, MAX_ACTS),
        }
        return {name: [_item(row) for row in rows] for name, rows in found.items() if rows}

    async def picture(self, account_id: PersonId) -> bytes | None:
        """Return what the person looks like, as WebP."""
        picture: bytes | None = await self._database.fetchval(PICTURE, account_id)
        return picture


def _item(row: asyncpg.Record) -> Item:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> JsonValue:
    """Return a value as JSON knows it: times become text."""
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    plain: JsonValue = value
    return plain

"""Rows of accounts, and what they mean."""

from typing import Final

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind, SystemRole
from services.auth.model.accounts import Account, EmailState

ACCOUNT: Final = """
    account.id, account.kind, coalesce(account.email, '') AS email, account.email_state,
    EXISTS (
        SELECT FROM credential
        WHERE credential.account_id = account.id AND credential.provider = 'password'
    ) AS has_password,
    account.name, account.system_role,
    account.disabled_at IS NOT NULL AS is_disabled, account.version,
    account.avatar_version,
    extract(epoch FROM account.created_at)::float8 AS created_at,
    extract(epoch FROM account.updated_at)::float8 AS updated_at
"""
"""The columns of whatever query has a table `account`; `account_of` reads them."""


def account_of(row: asyncpg.Record) -> Account:
    """Return the account that a row with the columns of `ACCOUNT` describes."""
    return Account(
        id=PersonId(row["id"]),
        kind=PersonKind(row["kind"]),
        email=row["email"],
        email_state=EmailState(row["email_state"]),
        has_password=row["has_password"],
        name=row["name"],
        system_role=SystemRole(row["system_role"]),
        is_disabled=row["is_disabled"],
        version=row["version"],
        avatar_version=row["avatar_version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )

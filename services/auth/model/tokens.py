"""API tokens: what programs show instead of logging in.

Times are seconds since 1970.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.scopes import Scope
from services.auth.model.accounts import Account


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as its owner's list has it; the token itself is stored nowhere.

    It is a session of its own, so revoking it is heard of by everybody as the end of that session.
    `prefix` is its beginning. `used_at` is right to the minute, None for one that was never used.
    """

    id: SessionId
    account_id: PersonId
    name: str
    prefix: str
    scopes: AbstractSet[Scope]
    created_at: float
    expires_at: float
    used_at: float | None


@dataclass(frozen=True, slots=True)
class ShownToken:
    """A token that some service was shown, and whose it is."""

    token: ApiToken
    account: Account

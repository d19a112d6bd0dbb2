"""Accounts as those who run the server see them."""

from dataclasses import dataclass

from libs.common.contracts.people import SystemRole
from services.auth.model.accounts import Account


@dataclass(frozen=True, slots=True)
class Sought:
    """Which accounts to list. `piece` is a piece of a name's or an address's key, empty for all;
    what is None does not matter.
    """

    piece: str
    role: SystemRole | None
    is_disabled: bool | None


@dataclass(frozen=True, slots=True)
class Administered:
    """An account, how many sessions it has open, and when one of them was used last, in seconds
    since 1970; None: none is remembered.
    """

    account: Account
    sessions: int
    last_used_at: float | None

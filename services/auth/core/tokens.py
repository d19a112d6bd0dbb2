"""What an API token may be made for, and for how long."""

from collections.abc import Collection
from typing import Final

from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.contracts.scopes import Scope
from libs.common.errors import Invalid
from services.auth.model.accounts import Account

USED_EVERY_S: Final = 60.0
"""How exact the time of a token's last use is: it is written at most this often."""

ADMINS: Final = frozenset({SystemRole.OWNER, SystemRole.ADMIN})


def granted(wanted: Collection[Scope], holder: Account) -> frozenset[Scope]:
    """Return the scopes of a new token that acts as `holder`.

    Raises: Invalid, for no scope at all, or for one that the holder could make nothing of.
    """
    if not wanted:
        raise Invalid(fields={"scopes": "must name at least one scope"})
    is_admin = holder.kind is PersonKind.USER and holder.system_role in ADMINS
    if Scope.ADMIN in wanted and not is_admin:
        raise Invalid(fields={"scopes": "admin is for users who are admins"})
    return frozenset(wanted)


def life_s(wanted_s: int | None, *, default_s: int, max_s: int) -> int:
    """Return how long a new token lives.  Raises: Invalid."""
    if wanted_s is None:
        return min(default_s, max_s)
    if wanted_s > max_s:
        raise Invalid(fields={"expires_in_s": f"must be at most {max_s}"})
    return wanted_s


def is_use_due(used_at: float | None, now: float) -> bool:
    """Tell whether a use is to be written down."""
    return used_at is None or now - used_at >= USED_EVERY_S

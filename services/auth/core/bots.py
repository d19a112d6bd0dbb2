"""Who may have bots, and how many."""

from services.auth.core.tokens import ADMINS
from services.auth.model.accounts import Account


def max_bots(owner: Account, *, of_user: int, of_admin: int) -> int:
    """Return how many bots somebody may have; those that were retired do not count."""
    return of_admin if owner.system_role in ADMINS else of_user

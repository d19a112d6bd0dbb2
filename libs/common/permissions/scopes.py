"""Whether a token may be used for something, whatever its person may.

See: libs.common.contracts.scopes
"""

from collections.abc import Set as AbstractSet

from libs.common.contracts.scopes import Scope
from libs.common.errors import Forbidden


class InsufficientScope(Forbidden):
    """Called as in RFC 6750."""

    code = "insufficient_scope"
    message = "This token may not be used for that."


def check_scope(has: AbstractSet[Scope] | None, needed: Scope | None) -> None:
    """Refuse a token that is good for the scopes it `has` and not for what is `needed`.

    `has=None` is a session, which needs none; `needed=None` is for sessions only.

    Raises: InsufficientScope.
    """
    if has is not None and needed not in has:
        raise InsufficientScope

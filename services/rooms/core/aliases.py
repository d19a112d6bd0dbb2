"""What a guest may be called: like anybody, and like nobody who is there.

Aliases are compared by their looks (see `libs.common.lookalikes.skeletons`): of two that share one,
people would take one for the other. So an alias needs a letter or a digit, which looks like
something. The checks raise `ValueError` with a reason that never repeats what was sent.

See: UAX #15 (composed form), UAX #44 (categories), UTS #39 (confusables).
"""

from collections.abc import Iterable
from typing import Final

from libs.common.lookalikes.scripts import is_mixed
from libs.common.lookalikes.skeletons import skeletons
from services.rooms.core.titles import clean

MAX_ALIAS_CHARS: Final = 40

ROLES: Final = """
    admin administrator admins bot everybody everyone facilitator guest here host hosts hubbub
    mod moderator moderators mods nobody official organiser organizer owner root security server
    staff support system team
"""
"""Words that name somebody with a say, or everybody: mentions and people would believe them."""

EVERYBODY: Final = "all"
"""One such word that only itself is taken for: in capitals people called Ali look like it."""


def clean_alias(raw: str) -> str:
    """Return an alias as it will be shown.  Raises: ValueError."""
    alias = clean(raw)
    if not 1 <= len(alias) <= MAX_ALIAS_CHARS:
        raise ValueError(f"must have 1 to {MAX_ALIAS_CHARS} characters")
    if any(is_mixed(word) for word in alias.split()):
        raise ValueError("must not mix alphabets within a word")
    looks = skeletons(alias)
    if not looks:
        raise ValueError("must have a letter or a digit")
    if alias.casefold() == EVERYBODY or looks & looks_of(ROLES.split()):
        raise ValueError("is reserved: choose another")
    return alias


def looks_of(names: Iterable[str]) -> frozenset[str]:
    """Return the looks of all these names."""
    return frozenset().union(*(skeletons(name) for name in names))

"""Which scripts a word is written in, and whether they may stand together.

One script is fine, and so are those that people write together: Latin with Chinese, Japanese or
Korean, and Latin with one other script, unless that is Cyrillic or Greek, whose letters look like
Latin ones.

See: UTS #39 section 5.2 (level "moderately restrictive"), UAX #24 (scripts)
"""

from bisect import bisect_right
from functools import cache
from typing import Final

from libs.common.lookalikes.table import rows

SHARED: Final = frozenset({"Common", "Inherited"})
"""Digits, punctuation, accents: they belong to whatever they stand beside."""

TOGETHER: Final = (
    frozenset({"Latin", "Han", "Hiragana", "Katakana"}),
    frozenset({"Latin", "Han", "Bopomofo"}),
    frozenset({"Latin", "Han", "Hangul"}),
)

LIKE_LATIN: Final = frozenset({"Cyrillic", "Greek"})


def is_mixed(word: str) -> bool:
    """Tell whether the scripts of a word may not stand together."""
    scripts = scripts_of(word)
    if len(scripts) < 2 or any(scripts <= allowed for allowed in TOGETHER):
        return False
    return len(scripts) > 2 or "Latin" not in scripts or bool(scripts & LIKE_LATIN)


def scripts_of(word: str) -> frozenset[str]:
    """Return the names of the scripts of a word's letters, as Unicode calls them."""
    starts, names = _table()
    return frozenset(names[bisect_right(starts, ord(char)) - 1] for char in word) - SHARED


@cache
def _table() -> tuple[tuple[int, ...], tuple[str, ...]]:
    starts, names = zip(*rows("scripts.txt"), strict=True)
    return tuple(int(start, 16) for start in starts), names

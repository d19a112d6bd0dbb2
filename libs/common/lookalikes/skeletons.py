"""Whether people would take one name for another.

The *skeleton* of a text has every character replaced by the one that it is taken for: a Cyrillic
"а" by "a", a zero by "O", "m" by "rn". Names of one skeleton look alike.

Capital letters are the trouble: to the eye "I" is an "l", to a reader "ALICE" is "alice". So a name
has two skeletons, of the name as it is and of its lower-case form, and looks like another if they
share one.

See: UTS #39 section 4, https://www.unicode.org/reports/tr39/#Confusable_Detection
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from libs.common.lookalikes.table import rows

UNSEEN: Final = frozenset(
    map(chr, (0x34F, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
"""What chooses between forms of the character before it, or shows nothing at all."""


def skeletons(text: str) -> frozenset[str]:
    """Return the skeletons of a text, without regard to case, spaces and punctuation.

    Empty for a text without letters and digits.
    """
    plain = unicodedata.normalize("NFKC", text)
    both = {_letters(skeleton(plain)), _letters(skeleton(plain.casefold()))}
    return frozenset(both - {""})


def skeleton(text: str) -> str:
    """Return the text with every character replaced by its prototype, taken apart (NFD)."""
    table = _prototypes()
    parts = unicodedata.normalize("NFD", text)
    replaced = "".join(table.get(char, char) for char in parts if char not in UNSEEN)
    return unicodedata.normalize("NFD", replaced)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if unicodedata.category(char)[0] in "LMN")


@cache
def _prototypes() -> Mapping[str, str]:
    return dict(rows("confusables.txt"))

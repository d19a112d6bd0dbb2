"""Whether people would take one name for another.

The *skeleton* of a text has every character replaced by the one that it is taken for: a Cyrillic
"а" by "a", a zero by "O", "m" by "rn". Names of one skeleton look alike.

Capital letters are the trouble: to the eye "I" is an "l", to a reader "ALICE" is "alice", and so
"ALlCE" is, too. So a name has three skeletons, of the name as it is and of its lower-case and
upper-case forms, and looks like another if they share one.

See: UTS #39 section 4, https://www.unicode.org/reports/tr39/#Confusable_Detection
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from libs.common.lookalikes.table import rows

SELECTORS: Final = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))

UNSEEN: Final = frozenset(map(chr, (0x34F, 0x640, 0x16FE4, *SELECTORS)))
"""What chooses between forms of the character before it, lengthens it, or shows nothing at all."""

DOTTED: Final = re.compile("(?<=[iIjJ\u0131\u0237\u0406\u0408\u0456\u0458])\u0307")
"""A dot on a letter that has one anyway, or has one in another alphabet or case."""

SMALL_CAPITALS: Final = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
"""Read as capitals; for Unicode they are confused with nothing, or with Cherokee."""

REMEMBERED: Final = 16_384
"""Texts whose skeletons are kept, some 8 MiB: they take 15 us each, and whoever comes into a room
is compared with all who are in it.
"""


@lru_cache(maxsize=REMEMBERED)
def skeletons(text: str) -> frozenset[str]:
    """Return the skeletons of a text, without regard to case, spaces and punctuation.

    Empty for a text without letters and digits.
    """
    composed = unicodedata.normalize("NFKC", text).translate(SMALL_CAPITALS)
    forms = (composed, composed.casefold(), composed.upper())
    return frozenset(_letters(skeleton(_undotted(form))) for form in forms) - {""}


def skeleton(text: str) -> str:
    """Return the text with every character replaced by its prototype, taken apart (NFD)."""
    table = _prototypes()
    parts = unicodedata.normalize("NFD", text)
    replaced = "".join(table.get(char, char) for char in parts if char not in UNSEEN)
    return unicodedata.normalize("NFD", replaced)


def _undotted(text: str) -> str:
    return DOTTED.sub("", unicodedata.normalize("NFD", text))


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if unicodedata.category(char)[0] in "LMN")


@cache
def _prototypes() -> Mapping[str, str]:
    return dict(rows("confusables.txt"))

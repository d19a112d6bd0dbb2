"""How people are found by what somebody remembers of their name.

A name is searched without regard to case and accents, from the beginning of any of its words:

    "Zoë O'Brien-Müller"    key    "zoe o'brien-muller"
                            words  zoe  obrien o brien  muller mueller

Scripts that do not part words, like Chinese, begin one with every character. What people search
for is cut the same way; each of its words has to begin one of the name's.

See: UAX #15 (decomposition), UAX #44 (categories).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

MAX_WORDS: Final = 8
"""Of a search; more of them find nobody that fewer would not have found."""

MAX_KEY_BYTES: Final = 192
MAX_WORD_BYTES: Final = 96
"""What is longer is cut, in names and in searches. There is one character that stands for eighteen,
and both have to fit into a cursor.
"""

ACCENTS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]")
"""Marks that people leave out: of Latin, Greek and Cyrillic, of Hebrew, of Arabic. Those of other
scripts are letters to whoever reads them.
"""

UNLIKE: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)
"""Letters that do not come apart, and what people type who do not have them."""

UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
"""The other way to write them without dots."""

APOSTROPHES: Final = "'\u2019\u02bc"

UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""Scripts that part no words, or, like Korean, not the parts of a name."""

AFTER_ALL: Final = "\U0010ffff"
"""Stands behind every letter: what begins with `x` lies from `x` to `x` and this."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody searches for. `key` begins names, `words` begin words; both may be empty."""

    key: str
    words: tuple[str, ...]


def search_of(typed: str) -> Search:
    """Return what a search means; total."""
    key = folded(typed)
    found = dict.fromkeys(_joined(word) for word in _parts(key))
    # The longest word is the rarest, as a rule.
    words = sorted((word for word in found if word), key=len, reverse=True)
    return Search(key, tuple(words[:MAX_WORDS]))


def folded(text: str) -> str:
    """Return a text without case, accents and needless space."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    bare = ACCENTS.sub("", unicodedata.normalize("NFKD", apart)).translate(UNLIKE)
    return _cut(" ".join(unicodedata.normalize("NFC", bare).split()), MAX_KEY_BYTES)


def words_of(name: str) -> dict[str, bool]:
    """Return where in a name a search may begin; true for what begins the name itself."""
    umlauts = unicodedata.normalize("NFC", name).casefold().translate(UMLAUTS)
    found: dict[str, bool] = {}
    for spelling in (folded(name), folded(umlauts)):
        for nth, part in enumerate(_parts(spelling)):
            for word in _beginnings(part):
                # Only what a search by the key finds too: that stands before the others anyway.
                is_first = nth == 0 and folded(name).startswith(word)
                found[word] = found.get(word, False) or is_first
    found.pop("", None)
    return found


def _parts(key: str) -> list[str]:
    """Cut a folded text at spaces and punctuation, apostrophes left in."""
    cut = (char if _is_in_word(char) else " " for char in key)
    return "".join(cut).split()


def _beginnings(part: str) -> set[str]:
    starts = {match.start() for match in UNSPACED.finditer(part)}
    pieces = re.split(f"[{APOSTROPHES}]", part)
    return {_joined(one) for one in (part, *pieces, *(part[start:] for start in starts))}


def _joined(word: str) -> str:
    return _cut(word.translate(dict.fromkeys(map(ord, APOSTROPHES))), MAX_WORD_BYTES)


def _cut(text: str, max_bytes: int) -> str:
    return text.encode(errors="replace")[:max_bytes].decode(errors="ignore")


def _is_in_word(char: str) -> bool:
    return char in APOSTROPHES or unicodedata.category(char)[0] not in "PZC"

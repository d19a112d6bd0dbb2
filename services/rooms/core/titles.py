"""What a room may be called and described as.

The checks raise `ValueError` with a reason that never repeats what was sent.

See: UAX #15 (composed form), UAX #44 (categories).
"""

import unicodedata
from typing import Final

from libs.common.lookalikes.marks import has_piled_marks
from libs.common.lookalikes.scripts import is_mixed
from services.rooms.model import folded

MAX_TITLE_CHARS: Final = 80
MAX_TOPIC_CHARS: Final = 250

UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Control characters, direction and zero-width marks, unassigned and private code points."""

UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols that show nothing, so that two titles would look alike."""


def clean_title(raw: str) -> str:
    """Return a title as it will be shown.  Raises: ValueError."""
    title = clean(raw)
    if not 1 <= len(title) <= MAX_TITLE_CHARS:
        raise ValueError(f"must have 1 to {MAX_TITLE_CHARS} characters")
    if any(is_mixed(word) for word in title.split()):
        raise ValueError("must not mix alphabets within a word")
    return title


def clean_topic(raw: str) -> str:
    """Return a topic as it will be shown; it may be empty.  Raises: ValueError."""
    topic = clean(raw)
    if len(topic) > MAX_TOPIC_CHARS:
        raise ValueError(f"must have at most {MAX_TOPIC_CHARS} characters")
    return topic


def title_key(text: str) -> str:
    """Return the form in which titles are compared, ordered and searched."""
    return folded(text)


def clean(raw: str) -> str:
    """Return a text composed, with single blanks, and with nothing in it that deceives the eye.

    Raises: ValueError.
    """
    text = unicodedata.normalize("NFC", raw)
    if any(char in UNSEEN or unicodedata.category(char) in UNSEEN_CATEGORIES for char in text):
        raise ValueError("must not hold control or invisible characters; some emoji do")
    if has_piled_marks(text):
        raise ValueError("must not pile up marks on a letter")
    # Blanks of any width, one or several, look alike.
    return " ".join(text.split())

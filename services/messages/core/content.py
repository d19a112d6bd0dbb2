"""What a message and a reaction may hold.

Texts are kept as they were written: no normalisation, no trimming, no markup is touched. Whoever
shows them treats them as text.
"""

import re
from typing import Final
from uuid import UUID

from libs.common.contracts.ids import PersonId
from libs.common.errors import Invalid
from services.messages.core.limits import Limits

UNKEEPABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
"""Control characters but newline and tab, and half surrogate pairs, which UTF-8 cannot hold."""

MENTION: Final = re.compile(r"<@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})>")

MAX_BYTES_PER_CHAR: Final = 4

MAX_EMOJI_BYTES: Final = 40
"""The longest in use, two people of different skin kissing, has 35."""

_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_DRESSED = f"{_PICTURE}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]{{0,2}}[\U000e0020-\U000e007f]*"
EMOJI: Final = re.compile(
    f"[0-9#*]\ufe0f?\u20e3|[\U0001f1e6-\U0001f1ff]{{2}}|{_DRESSED}(?:\u200d{_DRESSED})*"
)
"""One emoji: a key, a flag, or pictures joined into one, each with its skin and variant.

See: Unicode Technical Standard 51, section 1.4.9. Blocks stand for the list of emoji, so that next
year's are taken too.
"""


def check_content(content: str, *, limits: Limits) -> None:
    """Refuse a message that is empty, too long, or cannot be kept.  Raises: Invalid."""
    if not 1 <= len(content) <= limits.content_chars:
        raise Invalid(fields={"content": f"must have 1 to {limits.content_chars} characters"})
    # Nearly every text is printable throughout, which is seen in half the time of the search.
    if not content.isprintable() and UNKEEPABLE.search(content):
        raise Invalid(fields={"content": "holds a character that cannot be stored"})
    if len(content) * MAX_BYTES_PER_CHAR > limits.content_bytes:
        size = len(content.encode())
        if size > limits.content_bytes:
            raise Invalid(fields={"content": f"must have at most {limits.content_bytes} bytes"})


def mentioned_in(content: str) -> tuple[PersonId, ...]:
    """Return whom a text means to mention, each once, in order; they need not be members."""
    # Nearly no text mentions anybody, and looking for two characters costs a tenth of the pattern.
    if "<@" not in content:
        return ()
    return tuple(dict.fromkeys(PersonId(UUID(found)) for found in MENTION.findall(content)))


def check_emoji(emoji: str) -> None:
    """Refuse what is not exactly one emoji.  Raises: Invalid."""
    if len(emoji.encode(errors="replace")) > MAX_EMOJI_BYTES or not EMOJI.fullmatch(emoji):
        raise Invalid(fields={"emoji": "must be one emoji"})

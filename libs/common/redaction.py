"""The second line of defence around logs: what must never be written is taken out by name.

The first line is that nobody logs it. Here fields are judged by the words in their names, and free
text (tracebacks, lines of libraries) by shape; control characters are made visible, so that nobody
can write a line of log, or move a terminal's cursor, through a room's title.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

HIDDEN: Final = "[redacted]"

FORBIDDEN: Final = frozenset(
    [
        "authorization",
        "body",
        "challenge",
        "content",
        "cookie",
        "cookies",
        "credential",
        "credentials",
        "email",
        "otp",
        "password",
        "passwords",
        "passwd",
        "secret",
        "secrets",
        "text",
        "token",
        "tokens",
        "totp",
    ]
)

MEASURES: Final = frozenset(
    ["bytes", "chars", "count", "id", "ids", "kind", "length", "ms", "s", "total", "type"]
)
"""A name that ends in one of these tells of a thing, not the thing: `token_kind`, `text_bytes`."""

MAX_TEXT_CHARS: Final = 2_000
MAX_TRACEBACK_CHARS: Final = 16_000
MAX_DEPTH: Final = 5

SECRETS_IN_TEXT: Final = re.compile(
    # A signed token. The head is bounded: for one without end each `eyJ` would be looked for anew.
    r"eyJ[\w-]{5,400}\.[\w-]+\.[\w-]*"
    r"|\b[Bb]earer\s+\S+"
    r"|://[^/\s:@]*:[^/\s@]+@"  # a password in an address
    r"|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"  # an e-mail address
    r"|^DETAIL:.*$",  # Postgres quotes the row it refuses
    re.MULTILINE,
)
CONTROLS: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def redacted(fields: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
    """Return `fields` without the values that must not be written, at any depth."""
    return {
        str(name): HIDDEN if _is_forbidden(str(name)) else _cleaned(value, depth)
        for name, value in fields.items()
    }


def scrubbed(text: str, *, max_chars: int) -> str:
    """Return free text of at most `max_chars` without anything that looks like a secret."""
    clean = SECRETS_IN_TEXT.sub(HIDDEN, text[:max_chars])
    return clean if len(text) <= max_chars else clean + "..."


def visible(text: str) -> str:
    """Return `text` with its control characters, except tab and line feed, written as escapes."""
    return CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@lru_cache(maxsize=1_000)
def _is_forbidden(name: str) -> bool:
    words = name.lower().replace("-", "_").split("_")
    return words[-1] not in MEASURES and not FORBIDDEN.isdisjoint(words)


def _cleaned(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT_CHARS else value[:MAX_TEXT_CHARS] + "..."
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        if depth >= MAX_DEPTH:
            return "..."
        if isinstance(value, Mapping):
            return redacted(value, depth + 1)
        return [_cleaned(part, depth + 1) for part in value]
    return value

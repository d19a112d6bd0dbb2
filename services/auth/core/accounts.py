"""What an account may be called and reached by.

Two spellings that people take for the same are the same here: addresses are compared in Unicode's
composed form (NFC) without regard to case. The checks raise `ValueError` with a reason that never
repeats what was sent.

See: RFC 5321 and RFC 6531 (addresses), UAX #15 (composed form), UAX #44 (categories).
"""

import unicodedata
from typing import Final

from libs.common.errors import Forbidden

MAX_NAME_CHARS: Final = 64
MAX_EMAIL_BYTES: Final = 254
MAX_LOCAL_BYTES: Final = 64
MAX_LABEL_BYTES: Final = 63

LOCAL_SYMBOLS: Final = frozenset("!#$%&'*+-/=?^_`{|}~.")
"""What stands in an address before the `@` without quotes; quoted ones are refused."""

WORD_CATEGORIES: Final = frozenset("LMN")
"""Letters, the marks that belong to them, and numbers, of any script."""

UNSEEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Control characters, direction and zero-width marks, unassigned and private code points."""

UNSEEN: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and symbols that show nothing, so that two names would look alike."""


class RegistrationClosed(Forbidden):
    code = "registration_closed"
    message = "New accounts are not taken here. Ask the owner of this server."


def clean_email(raw: str) -> str:
    """Return the address as it will be shown.  Raises: ValueError."""
    address = unicodedata.normalize("NFC", raw.strip())
    local, at, domain = address.rpartition("@")
    if not at or _bytes(address) > MAX_EMAIL_BYTES or not (_is_local(local) and _is_domain(domain)):
        raise ValueError("must be an e-mail address")
    return address


def email_key(raw: str) -> str:
    """Return what makes an address unique; total, so that a log-in may ask for anything."""
    return _folded(raw.strip())


def clean_name(raw: str) -> str:
    """Return a display name as it will be shown.  Raises: ValueError."""
    name = unicodedata.normalize("NFC", raw.strip())
    if not 1 <= len(name) <= MAX_NAME_CHARS:
        raise ValueError(f"must have 1 to {MAX_NAME_CHARS} characters")
    if any(char in UNSEEN or unicodedata.category(char) in UNSEEN_CATEGORIES for char in name):
        raise ValueError("must not hold control or invisible characters")
    return name


def name_key(name: str) -> str:
    """Return the form of a name, or of a piece of one, in which names are searched."""
    return _folded(name)


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    # Folding can take a composed letter apart ("İ").
    return unicodedata.normalize("NFC", composed.casefold())


def _is_local(local: str) -> bool:
    return (
        0 < _bytes(local) <= MAX_LOCAL_BYTES
        and all(local.split("."))
        and all(char in LOCAL_SYMBOLS or _is_word(char) for char in local)
    )


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) > 1 and all(_is_label(label) for label in labels)


def _is_label(label: str) -> bool:
    return (
        0 < _bytes(label) <= MAX_LABEL_BYTES
        and not label.startswith("-")
        and not label.endswith("-")
        and all(char == "-" or _is_word(char) for char in label)
    )


def _is_word(char: str) -> bool:
    return unicodedata.category(char)[0] in WORD_CATEGORIES and char not in UNSEEN


def _bytes(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))

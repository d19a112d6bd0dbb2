"""What may be a password.

Length is the one thing that makes a password hard to guess, so there are no rules about kinds of
characters; what attackers try first is refused by name. A password is compared in Unicode's
composed form, because two keyboards may spell the same letter differently, and never cut.

See: NIST SP 800-63B section 3.1.1.2, OWASP ASVS 5.0 section 6.2.
"""

import unicodedata
from typing import Final

from libs.common.errors import Invalid
from services.auth.core.accounts import email_key, name_key
from services.auth.core.breached import is_breached
from services.auth.core.top_passwords import top_passwords

MIN_CHARS: Final = 8
MAX_CHARS: Final = 128


def composed(raw: str) -> str:
    """Return the form in which a password is hashed."""
    return unicodedata.normalize("NFC", raw)


def check_new(password: str, *, email: str, name: str) -> None:
    """Refuse a password (in composed form) that is too short, too long, or the first guess.

    Raises: Invalid, on `password`.
    """
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise _refused(f"must have {MIN_CHARS} to {MAX_CHARS} characters")
    folded = name_key(password)
    if folded in {email_key(email), email_key(email).partition("@")[0], name_key(name)}:
        raise _refused("must not be your name or e-mail address")
    if folded in top_passwords() or is_breached(folded):
        raise _refused("is one of the most used passwords: choose another")


def _refused(reason: str) -> Invalid:
    return Invalid(fields={"password": reason})

"""Codes of authenticator apps: a secret and the time, hashed, cut to six digits.

Every code belongs to a step of 30 seconds. A code is good in its own step and in the ones beside
it, as clocks differ and people type slowly, and no code is good twice: `after` is the last step
that was used, and only later ones count.

Six digits, SHA-1 and 30 seconds are what every app understands; most ignore a wish for others. The
seed has 160 random bits, of which SHA-1's known weaknesses reveal nothing.

See: RFC 6238 and RFC 4226; the Key URI format of Google Authenticator.
"""

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import quote, urlencode

STEP_S: Final = 30
DIGITS: Final = 6
SEED_BYTES: Final = 20
STEPS_APART: Final = 1
"""How many steps the clock of a phone may be off, either way."""


def seed_from(token: str) -> bytes:
    """Return a seed made of a random token."""
    return hashlib.sha256(token.encode()).digest()[:SEED_BYTES]


def code_at(seed: bytes, step: int) -> str:
    """Return the code of a step.  See: RFC 4226 section 5.3."""
    mac = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(seed: bytes, code: str, *, now: float, after: int) -> int | None:
    """Return the step whose code this is, if it is one of now and later than `after`."""
    if not is_code(code):
        return None
    current = int(now // STEP_S)
    steps = range(max(current - STEPS_APART, after + 1), current + STEPS_APART + 1)
    # All are compared, so that the time taken does not tell which one it was.
    found = [step for step in steps if hmac.compare_digest(code_at(seed, step), code)]
    return found[0] if found else None


def is_code(text: str) -> bool:
    """Tell whether this could be a code of an app."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def shown(seed: bytes) -> str:
    """Return the seed as people type it into an app."""
    return base64.b32encode(seed).decode()


def uri(seed: bytes, *, issuer: str, name: str) -> str:
    """Return what the app reads from a QR code: whose codes these are, and for which server."""
    label = f"{quote(issuer, safe='')}:{quote(name, safe='@')}"
    parameters = {"secret": shown(seed), "issuer": issuer, "digits": DIGITS, "period": STEP_S}
    return f"otpauth://totp/{label}?{urlencode(parameters, quote_via=quote)}"

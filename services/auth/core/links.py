"""Links that do something once: their tokens, what is stored of them, and their addresses.

A token is random (256 bits) and stands behind the `#`, which browsers keep to themselves: it is in
no log of a proxy and in no `Referer`. Links begin with the address that the operator has set, never
with a header of a request.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from libs.common.contracts.ids import PersonId
from services.auth.model.letters import Letter, LetterKind
from services.auth.model.links import EmailLink, LinkLetter, Purpose

PAGES: Final[Mapping[Purpose, str]] = {
    Purpose.VERIFY: "verify",
    Purpose.CONFIRM: "confirm-email",
    Purpose.RESET: "reset",
}
"""The page of the web client that uses a link of each purpose."""

KINDS: Final[Mapping[Purpose, LetterKind]] = {
    Purpose.VERIFY: LetterKind.VERIFY_EMAIL,
    Purpose.CONFIRM: LetterKind.CONFIRM_NEW_EMAIL,
    Purpose.RESET: LetterKind.RESET_PASSWORD,
}


def hashed(token: str) -> bytes:
    """Return what is stored of a token. It cannot be guessed, so SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()


def link(public_url: str, page: str, token: str) -> str:
    """Return the address of a page of the web client, with the token for it to use."""
    return f"{public_url}/{page}#token={token}"


def link_letter(
    purpose: Purpose,
    token: str,
    *,
    account_id: PersonId,
    email: str,
    public_url: str,
    expires_at: float,
) -> LinkLetter:
    """Return the letter to `email` that brings a link, and the link as it is stored."""
    address = link(public_url, PAGES[purpose], token)
    return LinkLetter(
        EmailLink(hashed(token), account_id, purpose, email, expires_at),
        Letter(KINDS[purpose], email, {"link": address}),
    )

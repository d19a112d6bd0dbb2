"""Links that were sent in letters."""

from dataclasses import dataclass
from enum import StrEnum

from libs.common.contracts.ids import PersonId
from services.auth.model.letters import Letter


class Purpose(StrEnum):
    """What a link does: prove the address of an account, or a new one, or let a password be set."""

    VERIFY = "verify"
    CONFIRM = "confirm"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class EmailLink:
    """A link that is good once, until `expires_at` (seconds since 1970).

    It was sent to `email`, and whoever opens it reads that address's mail.
    """

    token_hash: bytes
    account_id: PersonId
    purpose: Purpose
    email: str
    expires_at: float


@dataclass(frozen=True, slots=True)
class LinkLetter:
    """A link and the letter that brings it."""

    link: EmailLink
    letter: Letter

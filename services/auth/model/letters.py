"""Letters: what the server writes to people by e-mail.

A letter is posted as its kind and a few words, and becomes text when it is sent. None of its words
is chosen by a stranger except the name of a device: a letter that anybody can have sent to anybody
must not carry their message.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class LetterKind(StrEnum):
    """What a letter is about; each has a template of this name."""

    VERIFY_EMAIL = "verify_email"
    CONFIRM_NEW_EMAIL = "confirm_new_email"
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_EXISTS = "account_exists"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind of letter
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind of letter
    NEW_DEVICE = "new_device"
    SECOND_FACTOR_CHANGED = "second_factor_changed"
    IDENTITY_CHANGED = "identity_changed"
    TOKEN_MADE = "token_made"  # noqa: S105 - a kind of letter
    TOKEN_FOUND = "token_found"  # noqa: S105 - a kind of letter
    INVITATION = "invitation"
    ROLE_CHANGED = "role_changed"
    EXPORT_READY = "export_ready"
    ACCOUNT_ERASED = "account_erased"


NEEDED: Final[Mapping[LetterKind, frozenset[str]]] = {
    LetterKind.VERIFY_EMAIL: frozenset({"link"}),
    LetterKind.CONFIRM_NEW_EMAIL: frozenset({"link"}),
    LetterKind.EMAIL_CHANGED: frozenset({"at"}),
    LetterKind.ACCOUNT_EXISTS: frozenset(),
    LetterKind.RESET_PASSWORD: frozenset({"link"}),
    LetterKind.PASSWORD_CHANGED: frozenset({"at"}),
    LetterKind.NEW_DEVICE: frozenset({"device", "address", "at"}),
    LetterKind.SECOND_FACTOR_CHANGED: frozenset({"what", "at"}),
    LetterKind.IDENTITY_CHANGED: frozenset({"what", "at"}),
    LetterKind.TOKEN_MADE: frozenset({"what", "at"}),
    LetterKind.TOKEN_FOUND: frozenset({"what", "at"}),
    LetterKind.INVITATION: frozenset({"link"}),
    LetterKind.ROLE_CHANGED: frozenset({"what", "at"}),
    LetterKind.EXPORT_READY: frozenset({"link"}),
    LetterKind.ACCOUNT_ERASED: frozenset({"at"}),
}
"""The fields without which a letter cannot be written."""

KNOWN: Final = frozenset({"link", "what", "device", "address", "at"})
"""All fields. `what` is a phrase such as "an authenticator app was added", `device` and `address`
say where somebody did it, `at` is a time from `core.letters.shown_time`: of an invitation its end,
which one that waits since an older release does not say.
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to the address `to`."""

    kind: LetterKind
    to: str
    fields: Mapping[str, str]

    def __post_init__(self) -> None:
        missing = NEEDED[self.kind] - self.fields.keys()
        unknown = self.fields.keys() - KNOWN
        if missing or unknown:
            raise ValueError(f"{self.kind}: missing {sorted(missing)}, unknown {sorted(unknown)}")

"""Accounts: who can log in, and what proves that it is they.

Times are seconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind, SystemRole


class EmailState(StrEnum):
    """What is known of an account's address: whether somebody who reads its mail wants the account.

    Who is `AWAITED` logs in with a password only after the proof; `UNPROVED` is from a time without
    a mail server.
    """

    UNPROVED = "unproved"
    AWAITED = "awaited"
    PROVED = "proved"


@dataclass(frozen=True, slots=True)
class Account:
    """A user or a bot as auth knows them. `version` rises with every change that others hear of.

    `email` is empty for whoever has no address, as bots have none.
    """

    id: PersonId
    kind: PersonKind
    email: str
    email_state: EmailState
    has_password: bool
    name: str
    system_role: SystemRole
    is_disabled: bool
    version: int
    avatar_version: int | None
    created_at: float
    updated_at: float

    @property
    def person(self) -> Person:
        return Person(self.kind, self.id, self.name)

    @property
    def avatar(self) -> str | None:
        """Where their picture is, as a path of the public API; None if they have none."""
        if self.avatar_version is None:
            return None
        return f"/v1/users/{self.id}/avatar?v={self.avatar_version}"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Someone who registers. `email_key` is what makes the address unique, `name_key` is what
    searches look at. Who logs in elsewhere has no password, maybe no address: both are empty.
    """

    id: PersonId
    email: str
    email_key: str
    email_state: EmailState
    name: str
    name_key: str
    system_role: SystemRole
    password_hash: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody's account as a log-in meets it.

    `is_familiar`: a session of the account was opened from the same address before.
    """

    account: Account
    password_hash: str
    password_set_at: float
    is_familiar: bool

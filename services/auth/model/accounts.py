"""Accounts: who can log in, and what proves that it is they.

Times are seconds since 1970.
"""

from dataclasses import dataclass

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import Person, PersonKind, SystemRole


@dataclass(frozen=True, slots=True)
class Account:
    """A user as auth knows them. `version` rises with every change that others hear of."""

    id: PersonId
    email: str
    name: str
    system_role: SystemRole
    is_disabled: bool
    version: int
    created_at: float
    updated_at: float

    @property
    def person(self) -> Person:
        return Person(PersonKind.USER, self.id, self.name)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Someone who registers. `email_key` is what makes the address unique, `name_key` is what
    searches look at.
    """

    id: PersonId
    email: str
    email_key: str
    name: str
    name_key: str
    system_role: SystemRole
    password_hash: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody's account as a log-in meets it.

    `is_familiar`: a session of the account was opened from the same address before.
    """

    account: Account
    password_hash: str
    is_familiar: bool

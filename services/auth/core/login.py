"""Who is let in, once it is known whether the password was right.

The outcomes are a closed union: a new way to answer is a new class here, and the type checker
then names every place that has to deal with it. `label` is what metrics call it.
"""

from dataclasses import dataclass
from typing import ClassVar

from libs.common.errors import Forbidden, Unauthorized
from services.auth.model.accounts import Account, Candidate


class InvalidCredentials(Unauthorized):
    """The same for an unknown address and for a wrong password."""

    code = "invalid_credentials"
    message = "E-mail address or password is wrong."


class AccountDisabled(Forbidden):
    """Said only to those who know the password."""

    code = "account_disabled"
    message = "This account was disabled. Ask the owner of this server."


@dataclass(frozen=True, slots=True)
class Admitted:
    label: ClassVar[str] = "admitted"

    account: Account


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """`account` is for the log only."""

    label: ClassVar[str] = "wrong_credentials"

    account: Account | None


@dataclass(frozen=True, slots=True)
class Disabled:
    label: ClassVar[str] = "disabled"

    account: Account


LoginOutcome = Admitted | WrongCredentials | Disabled


def judge(candidate: Candidate | None, *, is_right: bool) -> LoginOutcome:
    """Return what a log-in comes to; `is_right`: the password belongs to the candidate."""
    if candidate is None or not is_right:
        return WrongCredentials(candidate.account if candidate else None)
    if candidate.account.is_disabled:
        return Disabled(candidate.account)
    return Admitted(candidate.account)

"""Who is let in, once it is known whether the password was right.

The outcomes are a closed union: a new way to answer is a new class here, and the type checker
then names every place that has to deal with it. `label` is what metrics call it.
"""

from dataclasses import dataclass
from typing import ClassVar

from libs.common.errors import Forbidden, Unauthorized
from services.auth.model.accounts import Account, Candidate, EmailState


class InvalidCredentials(Unauthorized):
    """The same for an unknown address and for a wrong password."""

    code = "invalid_credentials"
    message = "E-mail address or password is wrong."


class AccountDisabled(Forbidden):
    """Said only to those who know the password."""

    code = "account_disabled"
    message = "This account was disabled. Ask the owner of this server."


class EmailUnverified(Forbidden):
    """Said only to those who know the password."""

    code = "email_unverified"
    message = "Open the link in the letter that we sent you, or have it sent again."


@dataclass(frozen=True, slots=True)
class Admitted:
    label: ClassVar[str] = "admitted"

    account: Account
    password_set_at: float


@dataclass(frozen=True, slots=True)
class WrongCredentials:
    """`account` is for the log only."""

    label: ClassVar[str] = "wrong_credentials"

    account: Account | None


@dataclass(frozen=True, slots=True)
class Disabled:
    label: ClassVar[str] = "disabled"

    account: Account


@dataclass(frozen=True, slots=True)
class Unverified:
    label: ClassVar[str] = "unverified"

    account: Account


LoginOutcome = Admitted | WrongCredentials | Disabled | Unverified


def judge(candidate: Candidate | None, *, is_right: bool, has_mail: bool) -> LoginOutcome:
    """Return what a log-in comes to; `is_right`: the password belongs to the candidate.

    `has_mail`: there is a mail server, without which nobody is kept waiting for a letter.
    """
    if candidate is None or not is_right:
        return WrongCredentials(candidate.account if candidate else None)
    if candidate.account.is_disabled:
        return Disabled(candidate.account)
    if has_mail and candidate.account.email_state is EmailState.AWAITED:
        return Unverified(candidate.account)
    return Admitted(candidate.account, candidate.password_set_at)

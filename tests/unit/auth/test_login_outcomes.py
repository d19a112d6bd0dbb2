"""Who is let in, once it is known whether the password was right."""

from dataclasses import replace
from uuid import UUID

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind, SystemRole
from services.auth.core.login import Admitted, Disabled, WrongCredentials, judge
from services.auth.model.accounts import Account, Candidate, EmailState

ALICE = Account(
    id=PersonId(UUID(int=1)),
    kind=PersonKind.USER,
    email="alice@example.org",
    email_state=EmailState.PROVED,
    has_password=True,
    name="Alice",
    system_role=SystemRole.OWNER,
    is_disabled=False,
    version=1,
    avatar_version=None,
    created_at=0.0,
    updated_at=0.0,
)
DISABLED = replace(ALICE, is_disabled=True)


def candidate(account: Account) -> Candidate:
    return Candidate(account, password_hash="hash", password_set_at=7.0, is_familiar=False)


def test_the_right_password_lets_in() -> None:
    admitted = judge(candidate(ALICE), is_right=True, has_mail=True)

    assert admitted == Admitted(ALICE, password_set_at=7.0)


def test_a_wrong_password_does_not() -> None:
    assert judge(candidate(ALICE), is_right=False, has_mail=True) == WrongCredentials(ALICE)


def test_nobody_is_never_let_in() -> None:
    assert judge(None, is_right=False, has_mail=True) == WrongCredentials(None)
    assert judge(None, is_right=True, has_mail=True) == WrongCredentials(None)


def test_a_disabled_account_is_told_so_only_with_the_right_password() -> None:
    assert judge(candidate(DISABLED), is_right=True, has_mail=True) == Disabled(DISABLED)
    assert judge(candidate(DISABLED), is_right=False, has_mail=True) == WrongCredentials(DISABLED)

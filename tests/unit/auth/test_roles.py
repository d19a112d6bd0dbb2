"""Who may do what to whose account, case by case."""

from uuid import UUID

import pytest

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import ChatError, Forbidden
from services.auth.core.roles import (
    LastOwner,
    check_act,
    check_owner,
    check_owner_kept,
    check_role,
    check_staff,
)
from services.auth.model.accounts import Account, EmailState

OWNER, ADMIN, MEMBER = SystemRole.OWNER, SystemRole.ADMIN, SystemRole.MEMBER
ROLES = (OWNER, ADMIN, MEMBER)
ALICE, BOB, CHARLIE = (PersonId(UUID(int=number)) for number in (1, 2, 3))


def account(
    role: SystemRole,
    person_id: PersonId = ALICE,
    *,
    kind: PersonKind = PersonKind.USER,
    is_disabled: bool = False,
) -> Account:
    return Account(
        id=person_id,
        kind=kind,
        email="someone@example.org",
        email_state=EmailState.PROVED,
        has_password=True,
        name="Someone",
        system_role=role,
        is_disabled=is_disabled,
        version=1,
        avatar_version=None,
        created_at=0.0,
        updated_at=0.0,
    )


def may_give(actor: SystemRole, target: SystemRole, role: SystemRole) -> bool:
    """Tell whether one may give another a role; Charlie is an owner beside them."""
    try:
        check_role(account(actor, ALICE), account(target, BOB), role, owners=[CHARLIE])
    except Forbidden:
        return False
    return True


def test_only_owners_give_roles_and_only_to_those_below_them() -> None:
    given = {
        (actor, target, role)
        for actor in ROLES
        for target in ROLES
        for role in ROLES
        if may_give(actor, target, role)
    }

    assert given == {(OWNER, target, role) for target in (ADMIN, MEMBER) for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("own", ROLES)
def test_one_steps_down_and_never_up(own: SystemRole, role: SystemRole) -> None:
    actor = account(own, ALICE)
    is_allowed = own is not MEMBER and ROLES.index(role) >= ROLES.index(own)

    if is_allowed:
        check_role(actor, actor, role, owners=[ALICE, CHARLIE])
    else:
        with pytest.raises(Forbidden):
            check_role(actor, actor, role, owners=[ALICE, CHARLIE])


@pytest.mark.parametrize("role", [ADMIN, MEMBER])
def test_the_last_owner_does_not_step_down(role: SystemRole) -> None:
    alice = account(OWNER, ALICE)

    with pytest.raises(LastOwner):
        check_role(alice, alice, role, owners=[ALICE])


def test_the_last_owner_may_be_called_what_they_are() -> None:
    alice = account(OWNER, ALICE)

    check_role(alice, alice, OWNER, owners=[ALICE])


def test_one_of_two_owners_may_go() -> None:
    check_owner_kept(ALICE, owners=[ALICE, BOB])

    with pytest.raises(LastOwner):
        check_owner_kept(ALICE, owners=[ALICE])


def test_a_bot_is_given_no_role() -> None:
    bot = account(MEMBER, BOB, kind=PersonKind.BOT)

    with pytest.raises(Forbidden):
        check_role(account(OWNER), bot, ADMIN, owners=[ALICE])


@pytest.mark.parametrize("target", ROLES)
@pytest.mark.parametrize("actor", ROLES)
def test_nobody_acts_on_an_equal_or_higher(actor: SystemRole, target: SystemRole) -> None:
    is_allowed = ROLES.index(actor) < ROLES.index(target)

    if is_allowed:
        check_act(account(actor, ALICE), account(target, BOB))
    else:
        with pytest.raises(Forbidden):
            check_act(account(actor, ALICE), account(target, BOB))


def test_nobody_shuts_themselves_out() -> None:
    alice = account(OWNER)

    with pytest.raises(Forbidden):
        check_act(alice, alice)


@pytest.mark.parametrize("check", [check_staff, check_owner])
def test_who_was_disabled_runs_nothing(check: object) -> None:
    assert callable(check)

    with pytest.raises(Forbidden):
        check(account(OWNER, is_disabled=True))


def test_an_admin_is_staff_and_no_owner() -> None:
    check_staff(account(ADMIN))

    with pytest.raises(ChatError):
        check_owner(account(ADMIN))
    with pytest.raises(ChatError):
        check_staff(account(MEMBER))

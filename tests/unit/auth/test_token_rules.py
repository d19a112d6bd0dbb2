"""What a token may be made for, for how long, and who may have bots."""

from dataclasses import replace

import pytest

from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.contracts.scopes import Scope
from libs.common.errors import Invalid
from services.auth.core.bots import max_bots
from services.auth.core.tokens import granted, is_use_due, life_s
from services.auth.model.accounts import Account
from tests.unit.auth.test_login_outcomes import ALICE

BOB = replace(ALICE, system_role=SystemRole.MEMBER)
ADMIN = replace(ALICE, system_role=SystemRole.ADMIN)
ROBOT = replace(ALICE, kind=PersonKind.BOT)


@pytest.mark.parametrize("holder", [ALICE, ADMIN], ids=["owner", "admin"])
def test_an_admin_may_have_every_scope(holder: Account) -> None:
    assert granted(list(Scope), holder) == set(Scope)


@pytest.mark.parametrize("holder", [BOB, ROBOT], ids=["member", "bot"])
def test_nobody_else_has_a_token_for_admins(holder: Account) -> None:
    with pytest.raises(Invalid):
        granted([Scope.ROOMS_READ, Scope.ADMIN], holder)


def test_a_token_is_for_something() -> None:
    with pytest.raises(Invalid):
        granted([], ALICE)


@pytest.mark.parametrize(
    ("wanted_s", "lives_s"), [(None, 90), (60, 60), (365, 365)], ids=["unsaid", "short", "longest"]
)
def test_a_token_lives_as_long_as_is_said_or_usual(wanted_s: int | None, lives_s: int) -> None:
    assert life_s(wanted_s, default_s=90, max_s=365) == lives_s


def test_a_token_lives_no_longer_than_any_may() -> None:
    assert life_s(None, default_s=90, max_s=30) == 30
    with pytest.raises(Invalid):
        life_s(366, default_s=90, max_s=365)


@pytest.mark.parametrize(
    ("used_at", "is_due"), [(None, True), (1_000.0, False), (960.1, False), (940.0, True)]
)
def test_a_use_is_written_down_once_a_minute(used_at: float | None, is_due: bool) -> None:
    assert is_use_due(used_at, 1_000.0) is is_due


def test_admins_may_have_more_bots() -> None:
    assert [max_bots(one, of_user=5, of_admin=100) for one in (BOB, ADMIN, ALICE)] == [5, 100, 100]

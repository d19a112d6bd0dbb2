"""The people of a run can register on a server whose owner is called like one of them."""

import secrets

import pytest

from libs.common.errors import Invalid
from services.auth.core.names import check_name
from tests.conformance.cast import NAMES
from tests.conformance.people import own_name


def test_a_server_refuses_the_bare_name_of_its_owner() -> None:
    with pytest.raises(Invalid):
        check_name("Alice", of_staff=["Alice"], is_staff=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_runs_own_is_nobody_elses(name: str) -> None:
    mine, others = (own_name(name, secrets.token_hex(6)) for _ in range(2))

    check_name(mine, of_staff=[*NAMES, others], is_staff=False)

"""Whom a ban keeps out who holds a link."""

from contextlib import nullcontext

import pytest

from libs.common.contracts.people import SystemRole
from services.rooms.core.moderation import Banned, check_not_banned
from services.rooms.model import SeenRoom
from tests.unit.rooms.houses import LOBBY, card


@pytest.mark.parametrize(
    ("is_banned", "system_role", "is_kept_out"),
    [
        (False, SystemRole.MEMBER, False),
        (True, SystemRole.MEMBER, True),
        (True, SystemRole.ADMIN, False),
    ],
)
def test_a_ban_keeps_out_all_but_those_who_look_after_the_system(
    is_banned: bool, system_role: SystemRole, is_kept_out: bool
) -> None:
    seen = SeenRoom(LOBBY, None, is_banned=is_banned)
    charlie = card(3, "Charlie", system_role=system_role)

    with pytest.raises(Banned) if is_kept_out else nullcontext():
        check_not_banned(seen, charlie)

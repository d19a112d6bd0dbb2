"""Alice (owner), Bob (member), Charlie (outsider) and others, as permissions see them."""

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.permissions.case import Actor, Target


def user(
    role: RoomRole | None,
    *,
    system_role: SystemRole = SystemRole.MEMBER,
    kind: PersonKind = PersonKind.USER,
    is_banned: bool = False,
    is_invited: bool = False,
    muted_until: float | None = None,
) -> Actor:
    return Actor(
        kind=kind,
        system_role=system_role,
        role=role,
        is_banned=is_banned,
        is_invited=is_invited,
        muted_until=muted_until,
    )


def target(
    role: RoomRole | None,
    *,
    system_role: SystemRole = SystemRole.MEMBER,
    kind: PersonKind = PersonKind.USER,
    is_self: bool = False,
    new_role: RoomRole | None = None,
) -> Target:
    return Target(kind=kind, system_role=system_role, role=role, is_self=is_self, new_role=new_role)


ALICE = user(RoomRole.OWNER)
ADMIN = user(RoomRole.ADMIN)
BOB = user(RoomRole.MEMBER)
CHARLIE = user(None)
GUEST = user(RoomRole.GUEST, kind=PersonKind.GUEST)
PASSER_BY = user(None, kind=PersonKind.GUEST)
SYSTEM_ADMIN = user(None, system_role=SystemRole.ADMIN)
SYSTEM_OWNER = user(None, system_role=SystemRole.OWNER)

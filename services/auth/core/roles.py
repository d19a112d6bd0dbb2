"""Who may do what to somebody's account.

    who acts   on a lower one                      on an equal or higher one   on themselves
    owner      gives any role, disables, logs out  nothing                     steps down
    admin      disables, logs out                  nothing                     steps down
    member     nothing                             nothing                     nothing

Only owners give a role, as only they may give others one as high as their own. The last owner who
is not disabled stays one. Of two who step down at once one stays, because whoever asks here holds
the rows of all owners.

Whoever may do less than before logs in again: their sockets may listen to rooms that they may not
see any more.
"""

from collections.abc import Collection
from typing import Final

from libs.common.contracts.ids import PersonId
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import Conflict, Forbidden
from services.auth.model.accounts import Account

RANK: Final = {SystemRole.MEMBER: 0, SystemRole.ADMIN: 1, SystemRole.OWNER: 2}


class LastOwner(Conflict):
    code = "last_owner"
    message = "A server keeps an owner. Make somebody else one first."


def check_staff(actor: Account) -> None:
    """Refuse whoever does not run the server.  Raises: Forbidden."""
    if actor.is_disabled or actor.system_role is SystemRole.MEMBER:
        raise Forbidden


def check_owner(actor: Account) -> None:
    """Refuse whoever is not an owner.  Raises: Forbidden."""
    if actor.is_disabled or actor.system_role is not SystemRole.OWNER:
        raise Forbidden


def check_act(actor: Account, target: Account) -> None:
    """Refuse to disable, enable or log out somebody who does not stand below the actor.

    Raises: Forbidden.
    """
    check_staff(actor)
    if RANK[target.system_role] >= RANK[actor.system_role]:
        raise Forbidden


def check_role(
    actor: Account, target: Account, role: SystemRole, *, owners: Collection[PersonId]
) -> None:
    """Refuse a role that the actor may not give, or the target may not give up.

    `owners` are all who are not disabled.  Raises: Forbidden, LastOwner.
    """
    check_staff(actor)
    is_step_down = actor.id == target.id and RANK[role] <= RANK[actor.system_role]
    if not is_step_down:
        check_act(actor, target)
        check_owner(actor)
    if target.kind is not PersonKind.USER:
        raise Forbidden
    if role is not SystemRole.OWNER:
        check_owner_kept(target.id, owners=owners)


def is_loss(before: SystemRole, role: SystemRole) -> bool:
    """Tell whether somebody may do less with a role than with the one before."""
    return RANK[role] < RANK[before]


def check_owner_kept(account_id: PersonId, *, owners: Collection[PersonId]) -> None:
    """Refuse to take the last owner away; `owners` are all who are not disabled.

    Raises: LastOwner.
    """
    if set(owners) == {account_id}:
        raise LastOwner

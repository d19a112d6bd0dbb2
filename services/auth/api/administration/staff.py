"""The door of everything that only those may do who run the server."""

import structlog

from libs.common.contracts.people import SystemRole
from libs.common.errors import Forbidden
from libs.common.http.people import Caller
from services.auth.core.roles import check_owner, check_staff
from services.auth.store.accounts import AccountNotFound, AccountStore

log = structlog.get_logger()


class StaffDoor:
    """Looks the caller's role up: a token does not say it."""

    def __init__(self, accounts: AccountStore) -> None:
        self._accounts = accounts

    async def admit(self, caller: Caller, *, least: SystemRole) -> None:
        """Return for an admin, or with `least` of owner only for an owner.  Raises: Forbidden."""
        try:
            account = await self._accounts.find(caller.id)
        except AccountNotFound:
            raise Forbidden from None
        check = check_owner if least is SystemRole.OWNER else check_staff
        try:
            check(account)
        except Forbidden:
            log.warning("administration_refused", user_id=caller.id, least=least)
            raise

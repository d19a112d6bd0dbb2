"""Whether somebody may have a name: what every way to get one asks first."""

from libs.common.contracts.ids import PersonId
from services.auth.core.names import check_name
from services.auth.store.staff import Staff


class Naming:
    """Knows whose names may not be imitated."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff

    async def check(self, name: str, *, account_id: PersonId | None, is_staff: bool) -> None:
        """Refuse a name that deceives.

        `account_id` is who is to have it, None for a new account; `is_staff`: they are an owner or
        an admin, and may call themselves so.

        Raises: Invalid, on `name`.
        """
        of_staff = await self._staff.names(but=account_id)
        check_name(name, of_staff=of_staff, is_staff=is_staff)

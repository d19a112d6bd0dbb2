"""What a ban says to whom it keeps out."""

from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import SystemRole
from libs.common.errors import Forbidden
from services.rooms.model import SeenRoom


class Banned(Forbidden):
    """Said at the door to who holds a link; to others a ban says what the permissions say."""

    code = "banned"
    message = "You are banned from this room."


def check_not_banned(seen: SeenRoom, who: PersonCard) -> None:
    """Refuse who holds a link and is banned; those who look after the whole system never are.

    Raises: Banned.
    """
    if seen.is_banned and who.system_role is SystemRole.MEMBER:
        raise Banned

"""Who may make an account: the policy of the server, and links that let people in.

Times are seconds since 1970.
"""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from libs.common.contracts.ids import PersonId


class RegistrationMode(StrEnum):
    """Who may make an account: anybody, whoever has an invitation, nobody."""

    OPEN = "open"
    INVITE = "invite"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """`domains` are those of which an e-mail address must be; of any, without one."""

    registration: RegistrationMode
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    """A link with which `max_uses` people may make an account."""

    id: UUID
    made_by: PersonId
    max_uses: int
    uses: int
    made_at: float
    expires_at: float
    is_revoked: bool

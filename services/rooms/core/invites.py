"""Invitations to rooms: their codes, and when they are good.

A code is 128 bits that follow from the invitation's id and a secret that is not in the database:
so it can be shown to admins again, and who reads the database can come in with nothing it holds.
Without a secret codes are random, and shown only once. What is stored of a code is its hash, by
which it is looked up: how long an index takes says nothing of a code that nobody can choose.

An invitation is good for its one room, until it is used up, expires or is revoked, and only while
who made it may make it: it lends their right, and has none of its own.
"""

import base64
import hashlib
import hmac
from typing import Final
from uuid import UUID

from libs.common.contracts.people import PersonKind, RoomRole, SystemRole
from libs.common.errors import Conflict
from libs.common.permissions.case import Action, Target
from libs.common.permissions.decide import Decision
from services.rooms.core.rules import decide
from services.rooms.model import Invite, Inviter, Room, SeenRoom

PURPOSE: Final = b"hubbub.rooms.invites"

CODE_BYTES: Final = 16

CODE_CHARS: Final = 22
"""In URL-safe base64 without padding. An id has 36, so one is never taken for the other."""


class TooManyInvites(Conflict):
    code = "too_many_invites"
    message = "This room has as many invitations as it may have. Revoke one first."


class Codes:
    """Makes codes."""

    def __init__(self, secret: str | None) -> None:
        self._key = None if secret is None else hmac.digest(secret.encode(), PURPOSE, "sha256")

    def new(self, invite_id: UUID, *, random: str) -> str:
        """Return the code of a new invitation; without a secret it is the beginning of `random`,
        which nobody can guess.
        """
        return self._derived(invite_id) or random[:CODE_CHARS]

    def again(self, invite: Invite) -> str | None:
        """Return an invitation's code; None if it was made without this secret."""
        code = self._derived(invite.id)
        is_it = code is not None and hmac.compare_digest(hashed(code), invite.code_hash)
        return code if is_it else None

    def _derived(self, invite_id: UUID) -> str | None:
        if self._key is None:
            return None
        code = hmac.digest(self._key, invite_id.bytes, "sha256")[:CODE_BYTES]
        return base64.urlsafe_b64encode(code).decode().rstrip("=")


def hashed(code: str) -> bytes:
    """Return what is stored of a code. It cannot be guessed, so SHA-256 is enough."""
    return hashlib.sha256(code.encode()).digest()


def link(public_url: str, code: str) -> str:
    """Return the address at which the web client accepts an invitation."""
    return f"{public_url}/invite/{code}"


def invitee(role: RoomRole) -> Target:
    """Return whoever may come by an invitation that gives this role."""
    return Target(kind=PersonKind.USER, system_role=SystemRole.MEMBER, role=None, new_role=role)


def is_good(invite: Invite, maker: Inviter, room: Room, *, now: float) -> bool:
    """Tell whether somebody may come in with it now."""
    if invite.is_ended or (invite.expires_at is not None and invite.expires_at <= now):
        return False
    return not maker.card.is_disabled and _may_invite(invite, maker, room, now=now).is_allowed


def _may_invite(invite: Invite, maker: Inviter, room: Room, *, now: float) -> Decision:
    seen = SeenRoom(room, maker.role)
    return decide(Action.INVITE, seen, maker.card, now=now, target=invitee(invite.role))

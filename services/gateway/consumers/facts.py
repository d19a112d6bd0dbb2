"""What auth says about people and sessions, and rooms about blocks, and what becomes of it here.

See: docs/protocol.md, section 9, codes 4401 and 4403.
"""

from collections.abc import Callable
from typing import Final

import structlog

from libs.common.bus.interface import Delivery
from libs.common.contracts.facts import (
    BLOCK_CHANGED,
    KEYS_ROTATED,
    SESSION_REVOKED,
    USER_DISABLED,
    USER_UPDATED,
    BlockChanged,
    KeysRotated,
    SessionRevoked,
    UserChanged,
    decode_fact,
)
from libs.common.contracts.ids import SessionId
from libs.common.tokens.revoked import RevokedSessions
from services.gateway.core.refusals import CloseCode
from services.gateway.hub.people import People

log = structlog.get_logger()

KEPT: Final = (SESSION_REVOKED, USER_DISABLED, USER_UPDATED, KEYS_ROTATED, BLOCK_CHANGED)


class Facts:
    """`on_keys_rotated` fetches the keys of auth anew, `on_block` hears of who blocks whom."""

    def __init__(
        self,
        people: People,
        revoked: RevokedSessions,
        *,
        on_keys_rotated: Callable[[], None],
        on_block: Callable[[BlockChanged], None],
    ) -> None:
        self._people = people
        self._revoked = revoked
        self._on_keys_rotated = on_keys_rotated
        self._on_block = on_block

    def on_fact(self, delivery: Delivery) -> None:
        """Act on a fact; one heard twice changes nothing.  Raises: msgspec.DecodeError."""
        match decode_fact(delivery.key, delivery.body):
            case SessionRevoked(session_id=session_id, until=until):
                self.revoke(session_id, until=until)
            case UserChanged(person_id=person_id, is_disabled=True):
                for listener in self._people.of_person(person_id):
                    listener.end(CloseCode.DISABLED, "disabled")
            case UserChanged(person_id=person_id, name=name):
                for listener in self._people.of_person(person_id):
                    listener.rename(name)
            case KeysRotated():
                self._on_keys_rotated()
            case BlockChanged() as block:
                self._on_block(block)

    def revoke(self, session_id: SessionId, *, until: float) -> None:
        """Refuse this session from now on, and cut its connections."""
        self._revoked.add(session_id, until=until)
        for listener in self._people.of_session(session_id):
            listener.end(CloseCode.UNAUTHENTICATED, "revoked")

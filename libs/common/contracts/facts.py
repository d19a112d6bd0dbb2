"""Facts of auth and of rooms that the other services keep a copy of.

A fact is born in a transaction of its owner and leaves through the owner's outbox, so it arrives
at least once and, for one person, in order. Receivers put what they hear over what they have: a
fact heard twice changes nothing. The routing key is `<owner>.<noun>.<participle>`.
"""

from typing import Final

import msgspec

from libs.common.contracts.ids import PersonId, SessionId
from libs.common.contracts.people import PersonKind, SystemRole

FACT: Final = "fact.v1"


class UserChanged(msgspec.Struct, frozen=True, gc=False):
    """What everybody may know of a user now. `version` rises with every change of that user.
    `avatar` is the path of their picture in the public API.
    """

    person_id: PersonId
    kind: PersonKind
    name: str
    system_role: SystemRole
    is_disabled: bool
    version: int
    avatar: str | None = None


class SessionRevoked(msgspec.Struct, frozen=True, gc=False):
    """Tokens of this session are void from now on. `until` is when the last of them expires by
    itself, in seconds since 1970: after that nobody needs to remember.
    """

    session_id: SessionId
    person_id: PersonId
    until: float
    reason: str


class KeysRotated(msgspec.Struct, frozen=True, gc=False):
    """The set of public keys has changed: fetch it again."""

    key_id: str


class BlockChanged(msgspec.Struct, frozen=True, gc=False):
    """Whether `person_id` blocks `blocked_id` now. `version` rises with every change between the
    two in this direction; the other direction is a block of its own.

    Whatever a block does it does to both, so most who hear this keep only whether there is one.
    """

    person_id: PersonId
    blocked_id: PersonId
    is_blocked: bool
    version: int


USER_REGISTERED: Final = "auth.user.registered"
USER_UPDATED: Final = "auth.user.updated"
USER_DISABLED: Final = "auth.user.disabled"
USER_ERASED: Final = "auth.user.erased"
SESSION_REVOKED: Final = "auth.session.revoked"
KEYS_ROTATED: Final = "auth.keys.rotated"
BLOCK_CHANGED: Final = "rooms.block.changed"

Fact = UserChanged | SessionRevoked | KeysRotated | BlockChanged

FACTS: Final[dict[str, type[Fact]]] = {
    USER_REGISTERED: UserChanged,
    USER_UPDATED: UserChanged,
    USER_DISABLED: UserChanged,
    USER_ERASED: UserChanged,
    SESSION_REVOKED: SessionRevoked,
    KEYS_ROTATED: KeysRotated,
    BLOCK_CHANGED: BlockChanged,
}

_encoder = msgspec.msgpack.Encoder()


def encode_fact(fact: Fact) -> bytes:
    return _encoder.encode(fact)


def decode_fact(key: str, body: bytes) -> Fact:
    """Return the fact published under `key`.

    Raises: msgspec.ValidationError when the key is unknown or the body does not fit it.
    """
    expected = FACTS.get(key)
    if expected is None:
        raise msgspec.ValidationError(f"unknown fact: {key!r}")
    return msgspec.msgpack.decode(body, type=expected)

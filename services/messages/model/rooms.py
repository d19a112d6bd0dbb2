"""A room as its log knows it: the head, what rooms has told of it, and who is in.

Times are seconds since 1970.
"""

import msgspec

from libs.common.contracts.ids import Epoch, PersonId, RoomId, Seq
from libs.common.contracts.people import Person, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState


class Room(msgspec.Struct, frozen=True, gc=False):
    """The head of a room's log and what rooms has told of the room.

    Everything that a decision may depend on moves `head_seq` or `version`, so two rooms that agree
    in both are the same room at the same moment. A new room has version 0 and head 0.
    """

    id: RoomId
    epoch: Epoch
    head_seq: Seq
    version: int
    kind: RoomKind
    state: RoomState
    title: str
    topic: str
    slow_mode_s: int
    opens_at: float | None = None
    closes_at: float | None = None
    is_locked: bool = False
    is_archived: bool = False


class Member(msgspec.Struct, frozen=True, gc=False):
    """How a person stands in a room. `role=None`: not in it, and kept because they are banned.

    `is_blocked`: in a direct room, either of the two has blocked the other. `banned_until=None`: a
    ban is for ever.
    """

    person: Person
    role: RoomRole | None
    is_banned: bool = False
    muted_until: float | None = None
    is_blocked: bool = False
    banned_until: float | None = None

    def is_kept_out(self, now: float) -> bool:
        """Tell whether a ban holds now."""
        return self.is_banned and (self.banned_until is None or self.banned_until > now)


class Absence(msgspec.Struct, frozen=True, gc=False):
    """What rooms said of somebody whom the projection does not know.

    `is_late`: they are a member, or rooms did not answer; otherwise they are none, and `kind` is
    the room's, None if there is no such room.
    """

    kind: RoomKind | None
    is_late: bool


class Standing(msgspec.Struct, frozen=True, gc=False):
    """How a person stands in a room: what they may, how far they have read, what they have not.

    `unread` and `mentions` are counted up to a limit, and for members only.
    """

    person_id: PersonId
    room: Room | None
    member: Member | None
    system_role: SystemRole
    read_seq: Seq
    unread: int
    mentions: int

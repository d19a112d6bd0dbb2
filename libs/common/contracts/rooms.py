"""What a room is, in the words that every service shares."""

from enum import StrEnum


class RoomKind(StrEnum):
    """Who may know of a room and how one gets in.

    public: everybody with an account sees it and may join. private: members only. direct and
    group: the one room of exactly these people. guest: opened by a facilitator to people without
    accounts.
    """

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"
    GROUP = "group"
    GUEST = "guest"


class RoomState(StrEnum):
    """Whether a room can be written to: scheduled (not yet), open, read_only, closed, deleted.

    The times of a room can be ahead of its state: see `libs.common.permissions.schedule`.
    """

    SCHEDULED = "scheduled"
    OPEN = "open"
    READ_ONLY = "read_only"
    CLOSED = "closed"
    DELETED = "deleted"


class Departure(StrEnum):
    """Why somebody is no longer a member."""

    LEFT = "left"
    REMOVED = "removed"
    BANNED = "banned"

"""What guests send and get, and what a facilitator sees of them."""

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from libs.common.contracts.frames import PersonShown
from libs.common.contracts.guests import MAX_TOKEN_CHARS
from libs.common.contracts.rooms import RoomState
from libs.common.times import rfc3339
from services.rooms.api.bodies import Body, RoomShown, mute_shown
from services.rooms.core.aliases import clean_alias
from services.rooms.model import Guest

MIN_PASSWORD_CHARS = 4
MAX_PASSWORD_CHARS = 128

Alias = Annotated[str, AfterValidator(clean_alias)]
Device = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
"""What a browser made up and keeps, so that the same one is known again."""

DoorPassword = Annotated[
    SecretStr, Field(min_length=MIN_PASSWORD_CHARS, max_length=MAX_PASSWORD_CHARS)
]
"""Of a new guest room."""


class NewGuest(Body):
    alias: Alias
    password: Annotated[SecretStr, Field(max_length=MAX_PASSWORD_CHARS)] | None = None
    device: Device | None = None


class GuestRefresh(Body):
    refresh_token: str = Field(max_length=MAX_TOKEN_CHARS)


class GuestRoomsOffered(Body):
    """What this server has of guest rooms for those who would make one."""

    may_be_made: bool


class DoorShown(Body):
    """What a passer-by may know of a guest room. `server_time` lets a page count down to
    `opens_at` whatever its own clock says.
    """

    title: str
    topic: str
    facilitator: str
    state: RoomState
    opens_at: str | None
    closes_at: str | None
    has_password: bool
    is_locked: bool
    is_full: bool
    server_time: str


class GuestIn(Body):
    """Tokens of a guest, good for this room only. `expires_in` is the access token's."""

    room: RoomShown
    person: PersonShown
    access_token: str
    refresh_token: str
    expires_in: int


class GuestShown(Body):
    """A guest as the facilitator sees them. `last_seen_at` is when they last fetched tokens, which
    a client that is there does every few minutes. Who `is_muted` without a time is so for good.
    """

    person: PersonShown
    alias: str
    since: str
    last_seen_at: str
    is_muted: bool
    muted_until: str | None

    @classmethod
    def of(cls, guest: Guest, *, now: float) -> "GuestShown":
        is_muted, muted_until = mute_shown(guest.muted_until, now=now)
        return cls(
            person=PersonShown.of(guest.person),
            alias=guest.person.name,
            since=rfc3339(guest.began_at),
            last_seen_at=rfc3339(guest.refreshed_at),
            is_muted=is_muted,
            muted_until=muted_until,
        )

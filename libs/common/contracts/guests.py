"""What rooms asks auth for on behalf of guests: rooms lets them in, auth signs their tokens.

Law: additive, like all bodies between services.
"""

from typing import Annotated

from pydantic import Field

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.contracts.internal import MAX_SUBJECTS, Body

MAX_TOKEN_CHARS = 256

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class GuestTokensRequest(Body):
    """To auth `POST /internal/guest-tokens`: begin a session of a guest of a room.

    It ends `max_s` after it began, and no later than `good_until` (seconds since 1970, None: its
    room does not close). `client` is the SHA-256 of what tells one client of a guest from another.
    """

    person_id: PersonId
    name: str
    room_id: RoomId
    max_s: float
    good_until: float | None
    client: Hash


class GuestRefreshRequest(Body):
    """To auth `POST /internal/guest-refreshes`: exchange a refresh token of a guest of this room.

    `good_until` may be later than it was: a room's time can be extended.  Refused with
    `session_revoked`, whatever is wrong with the token.
    """

    refresh_token: str = Field(max_length=MAX_TOKEN_CHARS)
    room_id: RoomId
    max_s: float
    good_until: float | None
    client: Hash


class GuestTokensAnswer(Body):
    """The tokens and whose they are; `expires_in` is the access token's, in seconds."""

    person_id: PersonId
    access_token: str
    refresh_token: str
    expires_in: int


class GuestEndingsRequest(Body):
    """To auth `POST /internal/guest-endings`: all tokens of these guests are void from now on.

    Told twice it changes nothing.
    """

    person_ids: list[PersonId] = Field(max_length=MAX_SUBJECTS)


class GuestEndingsAnswer(Body):
    """How many sessions were ended now."""

    count: int

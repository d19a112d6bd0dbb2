"""Bodies of the calls that services make to each other over internal HTTP.

Every call is a POST with a JSON body, wants a service token and carries a deadline. Calls take
lists, so that a service can ask once per turn of its loop for all who wait.

Law: additive, like commands. Either end may be a release ahead, so what is not known is ignored,
and a new field has a default.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from libs.common.contracts.ids import Epoch, PersonId, RoomId, Seq, SessionId
from libs.common.contracts.people import ChosenState, PersonKind, RoomRole, SystemRole
from libs.common.contracts.rooms import RoomKind, RoomState

MAX_SUBJECTS = 1_000
"""How many rooms or people one call may name."""

MAX_RANGES = 64
"""How many ranges of logs one call may ask for."""


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class RoomCursor(Body):
    """Where somebody stands in a room: `epoch=None` and `seq=None` mean nowhere yet."""

    room_id: RoomId
    seq: Seq | None = None
    epoch: Epoch | None = None


class AttachRequest(Body):
    """Somebody wants to hear a room's live stream. `kind=None`: an older gateway does not say."""

    person_id: PersonId
    room_id: RoomId
    kind: PersonKind | None = None


class AttachRequests(Body):
    """To messages: `POST /internal/attach`."""

    requests: list[AttachRequest] = Field(max_length=MAX_SUBJECTS)


class RoomStanding(Body):
    """How one person stands in one room, as far as the log goes at this moment.

    `role=None`: not a member, but the room is public. `code` is set when the person may not hear
    the room.
    """

    person_id: PersonId
    room_id: RoomId
    code: str | None = None
    epoch: Epoch = Epoch("")
    head_seq: Seq = Seq(0)
    read_seq: Seq = Seq(0)
    unread: int = 0
    mentions: int = 0
    role: RoomRole | None = None
    muted_until: float | None = None


class RoomStandings(Body):
    """Answers in the order of the requests."""

    standings: list[RoomStanding]


class PeopleRequest(Body):
    """To messages `POST /internal/rooms-of`, to auth `POST /internal/people`, to presence
    `POST /internal/chosen` and to rooms `POST /internal/blocks`.
    """

    person_ids: list[PersonId] = Field(max_length=MAX_SUBJECTS)


class Range(Body):
    """Entries `(after_seq, ...]` of a room, at most `limit`, oldest first."""

    room_id: RoomId
    after_seq: Seq
    limit: int = Field(ge=1, le=500)


class EventsRequest(Range):
    """To messages: `POST /internal/events`. `more` are ranges asked for in the same breath."""

    more: list[Range] = Field(default=[], max_length=MAX_RANGES - 1)


class RangeAnswer(Body):
    """Ready frames with their seqs.

    `detach` and `reason` have the meaning they have in `RoomEvent`. `first_available_seq` is the
    oldest entry that is still kept.
    """

    events: list[tuple[Seq, str, str | None, str | None]]
    epoch: Epoch
    head_seq: Seq
    first_available_seq: Seq


class EventsAnswer(RangeAnswer):
    """`more` answers `EventsRequest.more`, a room that is not there with None.

    No `more` at all: an older messages service answers one range at a time.
    """

    more: list[RangeAnswer | None] | None = None


class HeadsRequest(Body):
    """To messages: `POST /internal/heads`."""

    room_ids: list[RoomId] = Field(max_length=MAX_SUBJECTS)


class HeadsAnswer(Body):
    heads: dict[RoomId, Seq]


class AccessRequest(Body):
    """To rooms: `POST /internal/access`: what are these people in this room?"""

    room_id: RoomId
    person_ids: list[PersonId] = Field(max_length=MAX_SUBJECTS)


class AccessAnswer(Body):
    """`kind=None`: there is no such room. `roles` names members only, `seers` all who may see the
    room, from inside or outside; None: an older release does not say.
    """

    kind: RoomKind | None
    state: RoomState | None
    roles: dict[PersonId, RoomRole]
    seers: list[PersonId] | None = None


class BlocksAnswer(Body):
    """For each person those whom they have blocked or who have blocked them: which of the two is
    never to be shown to the other. Who has no block is left out.
    """

    blocks: dict[PersonId, list[PersonId]]


class SharedRoomsRequest(Body):
    """To rooms: `POST /internal/acquaintances`: which of `person_ids` share a room with
    `person_id`, and have no block between them?
    """

    person_id: PersonId
    person_ids: list[PersonId] = Field(max_length=MAX_SUBJECTS)


class SharedRoomsAnswer(Body):
    person_ids: list[PersonId]


class PersonCard(Body):
    """What services may know of a person; never an address. `avatar` is the path of their picture
    in the public API.
    """

    id: PersonId
    kind: PersonKind
    name: str
    system_role: SystemRole
    is_disabled: bool
    version: int
    avatar: str | None = None


class PeopleAnswer(Body):
    """From auth; who does not exist is left out."""

    people: list[PersonCard]


class RevokedSession(Body):
    session_id: SessionId
    until: float


class RevocationsAnswer(Body):
    """From auth: `POST /internal/revocations`, all whose tokens have not yet expired by
    themselves.
    """

    sessions: list[RevokedSession]


class OnlineRequest(Body):
    """To presence: `POST /internal/online`: who is there now?

    `show`: nobody waits for the answer, but people in these rooms were told that it is not known.
    Tell them all by a signal, as soon as it is.
    """

    room_ids: list[RoomId] = Field(max_length=MAX_SUBJECTS)
    show: bool = False


class PersonOnline(Body):
    """How somebody is seen; of two the higher `rev` is the newer."""

    person_id: PersonId
    state: Literal["online", "away", "dnd", "offline"]
    status_text: str | None = None
    rev: int


class RoomOnline(Body):
    """At most 100 people and how many there are in all.

    `states` has those of them who are not simply online. Not `is_known`: presence does not know
    yet, which an older gateway takes for nobody.
    """

    room_id: RoomId
    person_ids: list[PersonId]
    count: int
    is_known: bool = True
    states: list[PersonOnline] = []


class OnlineAnswer(Body):
    rooms: list[RoomOnline]


class ChosenAnswer(Body):
    """Who is left out chose nothing else than to be seen as online.

    Never to be shown to others: it says who is invisible.
    """

    chosen: dict[PersonId, ChosenState]

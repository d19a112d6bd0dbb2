"""What a client hears that depends on its own connection; the rest is `libs.common.contracts`.

`ts` is left empty here and set when a frame is sent.

See: docs/protocol.md, section 5.
"""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from libs.common.contracts.acks import Acknowledged, ProblemShown, Shows
from libs.common.contracts.frames import EntryFrame, Frame, PersonShown, PresenceShown
from libs.common.contracts.ids import ConnectionId, Epoch, PersonId, RoomId, Seq, SessionId
from libs.common.contracts.people import ChosenState, RoomRole
from libs.common.errors import ChatError

MAX_ROOMS: Final = 200
"""Rooms that `ready` lists; a client reads the rest over HTTP."""

GapReason = Literal["too_many", "retention", "epoch"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Spoken(Frame):
    """A frame made here. A reply has the `ref` of its command."""

    model_config = ConfigDict(serialize_by_alias=True)

    ts: str = ""
    ref: str | None = None

    def stamped(self, ts: str) -> bytes:
        """Return the frame as JSON, sent at `ts`. Only a `ref` without value is left out."""
        frame = self.model_copy(update={"ts": ts})
        return frame.model_dump_json(exclude={"ref"} if self.ref is None else None).encode()


class LimitsShown(Part):
    """What a client should keep to. Each is the setting of the same name."""

    frame_bytes: int
    auth_frame_bytes: int
    content_chars: int
    content_bytes: int
    rooms_attached: int
    connections_per_person: int
    in_flight: int
    commands_per_s: float
    commands_burst: int
    sends_per_s: float
    sends_burst: int
    room_sends_per_s: float
    room_sends_burst: int
    typing_interval_ms: int
    replay_events_per_room: int
    sync_limit: int
    backlog_frames: int
    backlog_bytes: int


class HelloShown(Part):
    connection_id: ConnectionId
    server_time: str
    auth_timeout_ms: int
    heartbeat_ms: int
    limits: LimitsShown


class Hello(Spoken):
    """The first frame of every connection."""

    type: Literal["hello"] = "hello"
    data: HelloShown


class StandingShown(Part):
    room_id: RoomId
    epoch: Epoch
    head_seq: Seq
    read_seq: Seq
    unread: int
    mentions: int
    role: RoomRole | None


class ReadyShown(Part):
    person: PersonShown
    session_id: SessionId | None
    expires_at: str
    rooms: tuple[StandingShown, ...]
    presence_state: ChosenState


class Ready(Spoken):
    type: Literal["ready"] = "ready"
    data: ReadyShown


class Recovered(Part):
    """A cursor from which nothing is missing: the events `(from, to]` were sent."""

    room_id: RoomId
    recovered: Literal[True] = True
    from_seq: Seq = Field(serialization_alias="from")
    to: Seq


class NotRecovered(Part):
    """After a gap the connection is attached and live; otherwise it is not attached."""

    room_id: RoomId
    recovered: Literal[False] = False
    reason: GapReason | Literal["not_found", "unavailable"]


class ResumedShown(Part):
    rooms: tuple[Recovered | NotRecovered, ...]


class Resumed(Spoken):
    """The end of a replay: everything later is live."""

    type: Literal["resumed"] = "resumed"
    data: ResumedShown


class JoinedShown(Part):
    """Without `role`: listening to a public room and not in it. Not `recovered`: a gap was told.

    Without `online_count` it is not known who is there; a `presence` of the room says it later.
    `states` has those of `online` who are not simply online.
    """

    room_id: RoomId
    epoch: Epoch
    head_seq: Seq
    read_seq: Seq
    role: RoomRole | None
    recovered: bool
    online: tuple[PersonId, ...]
    online_count: int | None
    states: tuple[PresenceShown, ...] = ()


class RoomJoined(Spoken):
    type: Literal["room_joined"] = "room_joined"
    data: JoinedShown


class RoomLeftShown(Part):
    """`reason` is `client`, or what the event that took the room away says: `left`, `removed`,
    `banned`, `deleted`.
    """

    room_id: RoomId
    reason: str


class RoomLeft(Spoken):
    """This connection hears nothing more of the room."""

    type: Literal["room_left"] = "room_left"
    data: RoomLeftShown


class GapShown(Part):
    """Both ends belong to the gap."""

    from_seq: Seq
    to_seq: Seq
    reason: GapReason


class Gap(Spoken):
    """These events will not come: read the room's history instead."""

    type: Literal["gap"] = "gap"
    room_id: RoomId
    data: GapShown


class PongShown(Part):
    """`pressure`: 0 calm; 1 busy, typing is neither taken nor passed on; 2 overloaded, nor is
    presence.
    """

    server_time: str
    pressure: Literal[0, 1, 2]


class Pong(Spoken):
    type: Literal["pong"] = "pong"
    data: PongShown


class HeadShown(Part):
    head_seq: Seq
    unread: int
    mentions: int


class RoomHead(Spoken):
    """How a room stands for somebody who is in it and does not listen to it."""

    type: Literal["room_head"] = "room_head"
    room_id: RoomId
    data: HeadShown


class TokenExpiringShown(Part):
    expires_at: str


class TokenExpiring(Spoken):
    type: Literal["token_expiring"] = "token_expiring"
    data: TokenExpiringShown


class ReconnectShown(Part):
    reason: Literal["drain", "rebalance"]
    after_ms: int


class Reconnect(Spoken):
    type: Literal["reconnect"] = "reconnect"
    data: ReconnectShown


class Acked(Spoken):
    """The answer to a command that the gateway obeys itself."""

    type: Literal["ack"] = "ack"
    data: Annotated[dict[str, Any], Shows(Acknowledged)] = Field(default_factory=dict)


class Refused(Spoken):
    """A command that was not obeyed, or without a `ref` a complaint."""

    type: Literal["error"] = "error"
    data: Annotated[dict[str, Any], Shows(ProblemShown)]

    @classmethod
    def because(cls, error: ChatError, ref: str | None) -> Self:
        return cls(ref=ref, data=error.body())


class EventsShown(Part):
    """Entries after the asked for seq, oldest first. `more`: ask again from the last of them."""

    events: tuple[EntryFrame, ...]
    head_seq: Seq
    more: bool


class Events(Spoken):
    """The answer to `sync`, as `events_frame` writes it."""

    type: Literal["events"] = "events"
    ref: str
    room_id: RoomId
    data: EventsShown


def events_frame(
    events: list[bytes], *, ref: str, room_id: RoomId, head_seq: Seq, more: bool, ts: str
) -> bytes:
    """Return the answer to `sync` around frames that are JSON already."""
    head = f'{{"type":"events","ts":"{ts}","ref":"{ref}","room_id":"{room_id}","data":'
    tail = f'],"head_seq":{head_seq},"more":{str(more).lower()}}}}}'
    return b"".join((head.encode(), b'{"events":[', b",".join(events), tail.encode()))

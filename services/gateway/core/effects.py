"""What a session wants done. It decides; the connection does."""

from dataclasses import dataclass
from uuid import UUID

from libs.common.contracts.commands import LeaseChange, Payload
from libs.common.contracts.ids import CommandId, Epoch, RoomId, Seq
from libs.common.errors import ChatError
from services.gateway.core.bearer import Bearer
from services.gateway.core.refusals import CloseCode
from services.gateway.frames.heard import Refused, Spoken


@dataclass(frozen=True, slots=True)
class Tell:
    """Send a frame to the client."""

    frame: Spoken


@dataclass(frozen=True, slots=True)
class Batch:
    """Send what goes out of one room in one turn as one message from now on."""


@dataclass(frozen=True, slots=True)
class TellTime:
    """Answer a `ping`."""

    ref: str | None


@dataclass(frozen=True, slots=True)
class Ping:
    """Send a WebSocket ping."""


@dataclass(frozen=True, slots=True)
class Close:
    """End the connection. See: docs/protocol.md, section 9."""

    code: CloseCode
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Admit:
    """Find out who this is, unless the handshake has told, and in which rooms."""

    who: str | Bearer


@dataclass(frozen=True, slots=True)
class Renew:
    """Check the token that is to replace the present one."""

    token: str
    ref: str


@dataclass(frozen=True, slots=True)
class Submit:
    """Put a command on the bus. `subject` is a room, or for presence the person."""

    subject: UUID
    payload: Payload
    command_id: CommandId
    ref: str | None


@dataclass(frozen=True, slots=True)
class From:
    """A room to listen to, and how much of it is known: `seq=None` means nothing is asked for."""

    room_id: RoomId
    seq: Seq | None = None
    epoch: Epoch | None = None


@dataclass(frozen=True, slots=True)
class Attach:
    """Join the live streams of rooms, with a replay of what was missed.

    A `join_room` names one room and is answered for it; a resume is answered for all. `ref=None`:
    the resume was part of `auth`.
    """

    rooms: tuple[From, ...]
    ref: str | None
    is_join: bool


@dataclass(frozen=True, slots=True)
class Detach:
    """Leave the live stream of a room; a member wants to know how it stands all the same."""

    room_id: RoomId
    is_member: bool


@dataclass(frozen=True, slots=True)
class ReadLog:
    """Answer a `sync`."""

    room_id: RoomId
    after_seq: Seq
    limit: int
    ref: str


@dataclass(frozen=True, slots=True)
class ShowTyping:
    """Tell the others in a room that this person is typing, or no more."""

    room_id: RoomId
    is_typing: bool


@dataclass(frozen=True, slots=True)
class Report:
    """Tell the presence service that this connection lives, or no more."""

    change: LeaseChange


Effect = (
    Tell
    | Batch
    | TellTime
    | Ping
    | Close
    | Admit
    | Renew
    | Submit
    | Attach
    | Detach
    | ReadLog
    | ShowTyping
    | Report
)


def refused(refusal: ChatError, ref: str | None) -> Tell:
    """Return the one negative answer to a command."""
    return Tell(Refused.because(refusal, ref))

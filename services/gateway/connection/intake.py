"""What the network brings to a socket: parsed a slice at a time, and put together to texts.

    bytes --slices--> frames --whole ones--> texts, or what is wrong with them

- One read of asyncio can hold 43,000 frames, over which the loop would stand still for 0.4 s.
  Between two slices the socket sees what came out and may end it, or read on later.
- Behind a handshake nothing is parsed before it is answered: a token in it takes time to check.
- Frames that are no whole text (pings, pongs, fragments) reach nobody who counts them, nor does
  what comes after our goodbye, so all of that is counted here.
"""

import logging
from dataclasses import dataclass
from typing import Final

from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol

from libs.common.errors import TooMany
from libs.common.ratelimit import Bucket, Limit
from services.gateway.connection.fragments import Fragments
from services.gateway.connection.handshake import DEFLATE, select_subprotocol
from services.gateway.core.refusals import CloseCode
from services.gateway.settings import GatewaySettings

SLICE_BYTES: Final = 4 * 1024
"""At most 700 frames, which take 6 ms."""

PACKED_SLICE_BYTES: Final = 512
"""At most 8 compressed frames, which unpack to as many times the largest frame."""

END_OF_HEAD: Final = b"\r\n\r\n"

LIBRARY_LOG: Final = logging.getLogger("hubbub.websockets")
"""The library tells of each connection twice; app.py lets only its errors through."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why the connection has to end."""

    code: CloseCode
    reason: str


Event = Request | bytes | Fault


class Wire(ServerProtocol):
    """The library's side of one connection, which does not take a goodbye in the middle of a
    message; clients that go away say it there too. See: RFC 6455 section 5.4.
    """

    def recv_frame(self, frame: Frame) -> None:
        """Take in a frame."""
        if frame.opcode is Opcode.CLOSE:
            self.current_size = None
        super().recv_frame(frame)


def new_wire(settings: GatewaySettings) -> ServerProtocol:
    """Return the library's side of one connection."""
    return Wire(
        extensions=DEFLATE if settings.deflate else None,
        select_subprotocol=select_subprotocol,
        max_size=settings.frame_bytes,
        logger=LIBRARY_LOG,
    )


class Intake:
    """Feeds `wire`. `limit` is how many frames may come that are no whole text."""

    __slots__ = ("_at", "_data", "_fragments", "_has_head", "_odd", "_wire")

    def __init__(self, wire: ServerProtocol, *, limit: Limit) -> None:
        self._wire = wire
        self._odd = Bucket(limit)
        self._fragments = Fragments()
        self._data = b""
        self._at = 0
        self._has_head = False

    def __len__(self) -> int:
        """Return how many bytes were not parsed."""
        return len(self._data) - self._at

    @property
    def has_given_up(self) -> bool:
        """Tell whether it is closing, and not because the client wants to."""
        return self._wire.close_sent is not None and self._wire.close_rcvd is None

    @property
    def may_parse(self) -> bool:
        """Tell whether there is something, and not only behind an unanswered handshake."""
        is_shaking = self._has_head and self._wire.state is State.CONNECTING
        return self._at < len(self._data) and not is_shaking

    def add(self, data: bytes) -> None:
        """Take in what was read. The first piece holds a whole head."""
        self._data = self._data[self._at :] + data
        self._at = 0

    def parse(self, now: float) -> list[Event]:
        """Parse a slice and return what it completed; nothing comes behind a fault."""
        events: list[Event] = []
        # What came before a fault that the library finds counts, also in the same slice.
        is_over = self.has_given_up
        self._wire.receive_data(self._next_slice())
        for event in self._wire.events_received():
            found: Event | None = None
            if isinstance(event, Request):
                found = event
            elif isinstance(event, Frame):
                found = self._take(event, now, is_over=is_over)
            if found is not None:
                events.append(found)
            if isinstance(found, Fault):
                break
        return events

    def _next_slice(self) -> bytes:
        end = self._at + (PACKED_SLICE_BYTES if self._wire.extensions else SLICE_BYTES)
        if not self._has_head:
            self._has_head = True
            end = self._data.find(END_OF_HEAD) + len(END_OF_HEAD)
        part = self._data[self._at : end]
        self._at += len(part)
        if self._at == len(self._data):
            self._data, self._at = b"", 0
        return part

    def _take(self, frame: Frame, now: float, *, is_over: bool) -> bytes | Fault | None:
        is_whole = frame.opcode is Opcode.TEXT and frame.fin
        if not is_whole or is_over:
            try:
                self._odd.take(now)
            except TooMany:
                return Fault(CloseCode.FLOOD, "too many control frames or fragments")
        if is_over:
            return None
        if frame.opcode is Opcode.BINARY:
            return Fault(CloseCode.UNSUPPORTED, "text only")
        if frame.opcode not in (Opcode.TEXT, Opcode.CONT):
            return None
        try:
            return self._fragments.add(bytes(frame.data), is_last=frame.fin)
        except UnicodeDecodeError:
            return Fault(CloseCode.NOT_UTF8, "not UTF-8")

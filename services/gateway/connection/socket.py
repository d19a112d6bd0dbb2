"""One WebSocket: bytes from and to the network, in the order that the protocol wants.

    SHAKING --101--> OPEN --close frame sent or received, or a fault--> CLOSING --> gone

`websockets` parses, masks and keeps the states; writing, waiting and giving up is done here.

- A data frame is written only while the state is OPEN, and never in fragments, so that it may stand
  between any two frames that the library writes.
- While the peer takes nothing (`pause_writing`) nothing is written: its outbox fills up to its
  bound, and then it is closed with 4410.
- A peer that does not take the close is reset: a plain close would leave its buffers to the kernel
  for minutes.
- While too many commands of the client are unanswered the next ones wait here, and when too many
  wait nothing is read.
- Of the pongs for a peer that takes nothing only the last is kept. See: RFC 6455 section 5.5.3.
"""

import asyncio
import socket
import struct
from functools import partial
from typing import Final, cast

from websockets.frames import Close
from websockets.http11 import Response
from websockets.protocol import State

from libs.common.clock import Clock
from libs.common.ratelimit import Limit
from services.gateway.connection.flusher import Flusher
from services.gateway.connection.intake import Event, Fault, Intake, new_wire
from services.gateway.connection.owner import Owner
from services.gateway.connection.unread import Unread
from services.gateway.core.outbox import Form, Outbox
from services.gateway.core.refusals import CloseCode
from services.gateway.settings import GatewaySettings

PING: Final = b"\x89\x00"
"""An empty ping; it may stand between any two frames."""

RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER with no time: the close is a reset and frees what the peer has not taken."""

NEVER: Final = float("inf")

ABNORMAL: Final = Close(1006, "")


class Socket(asyncio.Protocol):
    """`outbox` is what waits to be sent."""

    __slots__ = (
        "_clock",
        "_close_by",
        "_intake",
        "_is_parsing",
        "_is_paused",
        "_owner",
        "_pong",
        "_settings",
        "_stalled_since",
        "_transport",
        "_unread",
        "_waiting",
        "is_open",
        "outbox",
        "wire",
    )

    def __init__(
        self,
        owner: Owner,
        *,
        settings: GatewaySettings,
        odd_frames: Limit,
        flusher: Flusher,
        clock: Clock,
    ) -> None:
        self._owner = owner
        self._settings = settings
        self._clock = clock
        self.wire = new_wire(settings)
        self.outbox = Outbox(
            max_frames=settings.backlog_frames,
            max_bytes=settings.backlog_bytes,
            max_states=settings.backlog_states,
            on_wanted=partial(flusher.add, self),
        )
        self._transport: asyncio.Transport
        self._unread = Unread(max_texts=settings.in_flight, max_bytes=settings.frame_bytes)
        self._intake = Intake(self.wire, limit=odd_frames)
        self._is_parsing = False
        self._pong = b""
        self._waiting: list[asyncio.Future[None]] = []
        # The library's state, at hand: it is asked for with every flush.
        self.is_open = False
        self._is_paused = False
        self._stalled_since = NEVER
        self._close_by = NEVER

    @property
    def close_code(self) -> int:
        """Return how it ended: the code of the first close frame, 1006 without any."""
        wire = self.wire
        first = wire.close_rcvd if wire.close_rcvd_then_sent else wire.close_sent
        return int((first or wire.close_rcvd or ABNORMAL).code)

    @property
    def due_at(self) -> float:
        """Return when `due` has something to do."""
        return min(self._close_by, self._stalled_since + self._settings.backlog_age_s)

    @property
    def is_deaf(self) -> bool:
        """Tell whether so much waits to be obeyed that nothing more is read."""
        return self._unread.is_full or len(self._intake) > 0

    # What the network says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # TCP gives no other kind
        size = self._settings.write_buffer_bytes
        self._transport.set_write_buffer_limits(high=size, low=size // 4)
        self._set_option(socket.SO_SNDBUF, self._settings.socket_buffer_bytes)
        peer = transport.get_extra_info("peername")
        self._owner.on_made(str(peer[0]) if peer else "")

    def data_received(self, data: bytes) -> None:
        self._owner.on_alive()
        self._intake.add(data)
        self._parse()

    def eof_received(self) -> None:
        self.wire.receive_eof()
        self._write()
        # asyncio closes only when the peer has taken what was written, which it may never do.
        self._begin_to_close()

    def pause_writing(self) -> None:
        self._is_paused = True
        self._stalled_since = self._clock.monotonic()
        self._owner.look_again()

    def resume_writing(self) -> None:
        self._is_paused = False
        self._stalled_since = NEVER
        pong, self._pong = self._pong, b""
        if self.is_open:
            self._transport.write(pong)
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self.wire.receive_eof()
        self.outbox.close()
        self._owner.on_gone()

    # What the owner wants

    def open(self, response: Response, greeting: bytes) -> None:
        """Answer the handshake with 101 and the first frame, in one write as each is costly."""
        self.wire.send_response(response)
        self.is_open = True
        if self.wire.extensions:
            self.outbox.form = Form(self._settings.deflate_above_bytes, is_batched=False)
        self.outbox.put(greeting)
        self._transport.write(b"".join((*self.wire.data_to_send(), self.outbox.take())))

    def refuse(self, response: Response) -> None:
        """Answer the handshake with anything else, which ends the connection."""
        self.wire.send_response(response)
        self._write()

    def flush(self) -> None:
        """Write what waits, if the peer takes it."""
        if self.outbox.is_over:
            if self.is_open:
                self._owner.on_slow()
            return
        if self._is_paused or not self.is_open:
            return
        self._transport.write(self.outbox.take())
        if self._waiting:
            self._wake()

    async def drained(self) -> None:
        """Wait until nothing waits."""
        while len(self.outbox):
            flushed = asyncio.get_running_loop().create_future()
            self._waiting.append(flushed)
            await flushed

    def ping(self) -> None:
        if self.is_open:
            self._transport.write(PING)

    def read_on(self) -> None:
        """Hand in what was read and not yet obeyed, as far as the owner takes it."""
        while self._unread and self._owner.may_read:
            self._owner.on_text(self._unread.take())
        self._parse()
        if not self.is_deaf:
            self._transport.resume_reading()

    def close(self, code: CloseCode, reason: str) -> None:
        """Say goodbye behind all that waits; a slow reader gets nothing more than that."""
        if self.wire.state is State.CONNECTING:
            self.reset()
        # Not `is_open`: the client's own close may have been read a moment ago.
        if self.wire.state is not State.OPEN:
            return
        if code is not CloseCode.SLOW:
            self._transport.write(self.outbox.take())
        self.outbox.close()
        self.wire.send_close(code, reason)
        self._write()

    def due(self, now: float) -> None:
        """Reset a peer that does not take the close, and give up one that takes nothing."""
        if now >= self._close_by:
            self.reset()
        elif now >= self._stalled_since + self._settings.backlog_age_s:
            self._stalled_since = now
            if len(self.outbox):
                self._owner.on_slow()

    def reset(self) -> None:
        """End the connection at once; the peer gets nothing of what it has not taken."""
        self._set_option(socket.SO_LINGER, RESET_ON_CLOSE)
        self._transport.abort()

    def _parse(self) -> None:
        """Hand in what was read, as far as the owner can follow."""
        if self._is_parsing:
            return
        self._is_parsing = True
        # What comes after the goodbye waits for nobody: the client's own is somewhere in it.
        while self._intake.may_parse and not (self._unread.is_full and self.is_open):
            for event in self._intake.parse(self._clock.monotonic()):
                self._take(event)
        self._is_parsing = False
        self._write()
        if self.is_deaf:
            self._transport.pause_reading()

    def _take(self, event: Event) -> None:
        if isinstance(event, bytes):
            self._hand_in(event)
        elif isinstance(event, Fault):
            self.wire.fail(event.code, event.reason)
        else:
            self._owner.on_request(event)

    def _hand_in(self, raw: bytes) -> None:
        if self._owner.may_read and not self._unread:
            self._owner.on_text(raw)
        else:
            self._unread.add(raw)

    def _write(self) -> None:
        """Write what the library wants written, and notice when it has opened or closed."""
        was_open, self.is_open = self.is_open, self.wire.state is State.OPEN
        writes = self.wire.data_to_send()
        if was_open and not self.is_open:
            # What was answered before a goodbye or a fault is said before it ends.
            writes.insert(0, b"" if self._is_paused else self.outbox.take())
            self.outbox.close()
        if self.is_open and self._is_paused:
            self._pong = writes[-1] if writes else self._pong
        elif writes:
            self._transport.write(b"".join(writes))
            if not writes[-1] and self._transport.can_write_eof():
                self._transport.write_eof()
        if self.wire.close_expected():
            self._begin_to_close()

    def _begin_to_close(self) -> None:
        if self._close_by == NEVER:
            self._close_by = self._clock.monotonic() + self._settings.close_timeout_s
            # The client's own close frame has to be read, whatever was not.
            self._transport.resume_reading()
            self._owner.on_closing()
            self._parse()
            if self.close_code == CloseCode.FLOOD:
                # Of a flood nothing has: to throw it away costs more than to let it stand.
                self._transport.pause_reading()

    def _wake(self) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    def _set_option(self, option: int, value: int | bytes) -> None:
        its = self._transport.get_extra_info("socket")
        if its is not None:
            its.setsockopt(socket.SOL_SOCKET, option, value)

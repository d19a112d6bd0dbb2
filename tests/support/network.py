"""A network without sockets: one end is a protocol of ours; what the other does, a test says."""

import asyncio


class Network(asyncio.Transport):
    """Carries bytes as asyncio would, and is as strict.

    `takes`: whether the other end takes what is written, all of which is in `written`. `held` is
    how many bytes it has not taken.
    """

    def __init__(self, protocol: asyncio.Protocol) -> None:
        super().__init__(extra={"peername": ("192.0.2.7", 40_000)})
        self.protocol = protocol
        self.written = bytearray()
        self.writes = 0
        self.held = 0
        self.takes = True
        self.is_read = True
        self.has_ended = False
        self.is_lost = False
        self._high = 64 * 1024
        self._is_paused = False
        self._unread: list[bytes] = []
        protocol.connection_made(self)

    def say(self, data: bytes) -> None:
        """Let the other end send something; it waits while our end does not read."""
        self._unread.append(data)
        self._hand_in()

    def take(self) -> None:
        """Let the other end take all that is there."""
        self.takes, self.held = True, 0
        if self._is_paused:
            self._is_paused = False
            self.protocol.resume_writing()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.has_ended:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self.is_lost or not data:
            return
        self.written += data
        self.writes += 1
        self.held += 0 if self.takes else len(data)
        if self.held > self._high and not self._is_paused:
            self._is_paused = True
            self.protocol.pause_writing()

    def write_eof(self) -> None:
        self.has_ended = True

    def can_write_eof(self) -> bool:
        return True

    def is_closing(self) -> bool:
        return self.is_lost

    def close(self) -> None:
        self.abort()

    def abort(self) -> None:
        if not self.is_lost:
            self.is_lost = True
            asyncio.get_running_loop().call_soon(self.protocol.connection_lost, None)

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True
        asyncio.get_running_loop().call_soon(self._hand_in)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = high or self._high

    def get_write_buffer_size(self) -> int:
        return self.held

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def _hand_in(self) -> None:
        while self._unread and self.is_read and not self.is_lost:
            self.protocol.data_received(self._unread.pop(0))

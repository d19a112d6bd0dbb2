"""What one client has not yet been sent: bounded, and what may be given up of it.

    typing             goes first: nobody misses it
    presence, receipt  wait as the newest of each key, which is never given up: nobody would tell
                       it again before it changes
    everything else    is never given up either: when that is too much the connection is

Frames are complete WebSocket frames, shared by all who get them. A flush takes everything as one
piece, so several events of one turn of the loop cost one system call.
"""

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

MEDIUM_PAYLOAD: Final = 126
LONG_PAYLOAD: Final = 65_536
FINAL_TEXT: Final = 0x81
"""First byte of an unfragmented text message. See: RFC 6455 section 5.2."""

StateKey = tuple[str, UUID, UUID]
"""What makes an older frame worthless: the kind of state, the room and the person."""


class Form(NamedTuple):
    """What a client can read beside single frames as they are. See: forms.py."""

    deflate_above_bytes: int | None
    """Smaller frames are not worth deflating; None: it cannot read deflated ones."""

    is_batched: bool


PLAIN: Final = Form(None, is_batched=False)


def text_frame(payload: bytes, *, first: int = FINAL_TEXT) -> bytes:
    """Return the WebSocket frame that a server sends for one text message."""
    size = len(payload)
    if size < MEDIUM_PAYLOAD:
        return bytes((first, size)) + payload
    if size < LONG_PAYLOAD:
        return bytes((first, 126)) + size.to_bytes(2) + payload
    return bytes((first, 127)) + size.to_bytes(8) + payload


class Outbox:
    """The frames that wait for one connection.

    `max_bytes` bounds all of them, `max_states` the states, `max_frames` everything else.
    `on_wanted` is called when somebody has to look after it: the first frame came in, or the bound
    was broken. Then `is_over` is set, what was in it is gone, and nothing is taken in any more.
    `form` is what the client can read; several frames of one message count as several.
    """

    __slots__ = (
        "_bytes",
        "_count",
        "_count_limit",
        "_frames",
        "_max_bytes",
        "_max_states",
        "_on_wanted",
        "_states",
        "_typing",
        "form",
        "is_over",
        "taken",
    )

    def __init__(
        self, *, max_frames: int, max_bytes: int, max_states: int, on_wanted: Callable[[], None]
    ) -> None:
        self._max_bytes = max_bytes
        self._max_states = max_states
        self._on_wanted = on_wanted
        self._frames: list[bytes] = []
        self._states: dict[StateKey, bytes] = {}
        self._typing: dict[StateKey, bytes] = {}
        self._bytes = 0
        self._count = 0
        # What is left of `max_frames` beside typing, so that `put` has one number to compare: it
        # runs once per event and reader.
        self._count_limit = max_frames
        self.form = PLAIN
        self.is_over = False
        self.taken = 0

    def __len__(self) -> int:
        return self._count + len(self._states) + len(self._typing)

    @property
    def waiting_bytes(self) -> int:
        return self._bytes

    def put(self, frames: bytes, count: int = 1) -> None:
        """Add `count` frames, one behind the other, that must arrive."""
        if self.is_over:
            return
        if not self._bytes:
            self._on_wanted()
        self._frames.append(frames)
        self._bytes += len(frames)
        self._count += count
        if self._count > self._count_limit or self._bytes > self._max_bytes:
            self._shed()

    def put_state(self, key: StateKey, frame: bytes) -> None:
        """Add a frame that replaces an older one of the same key."""
        self._put_keyed(self._states, key, frame)

    def put_typing(self, key: StateKey, frame: bytes) -> None:
        """Add a frame that replaces an older one of the same key and may be given up first."""
        self._put_keyed(self._typing, key, frame)

    def take(self) -> bytes:
        """Empty the outbox and return all it held, one frame after the other."""
        frames = self._frames
        self.taken += len(self)
        if self._states or self._typing:
            frames.extend(self._states.values())
            frames.extend(self._typing.values())
            self._states.clear()
            self._forget_typing()
        self._frames = []
        self._bytes = self._count = 0
        return b"".join(frames)

    def forget_room(self, room_id: UUID) -> None:
        """Drop the states of a room that this client hears no more."""
        before = len(self._typing)
        for kept in (self._states, self._typing):
            for key in [key for key in kept if key[1] == room_id]:
                self._bytes -= len(kept.pop(key))
        self._count_limit += before - len(self._typing)

    def close(self) -> None:
        """Drop everything and take nothing in any more."""
        self.is_over = True
        self._frames = []
        self._states.clear()
        self._typing.clear()
        self._bytes = self._count = 0

    def _put_keyed(self, kept: dict[StateKey, bytes], key: StateKey, frame: bytes) -> None:
        if self.is_over:
            return
        if not self._bytes:
            self._on_wanted()
        before = len(self._typing)
        self._bytes += len(frame) - len(kept.pop(key, b""))
        kept[key] = frame
        self._count_limit += before - len(self._typing)
        if self._is_full():
            self._shed()

    def _forget_typing(self) -> None:
        self._count_limit += len(self._typing)
        self._typing.clear()

    def _is_full(self) -> bool:
        return (
            self._count > self._count_limit
            or self._bytes > self._max_bytes
            or len(self._states) > self._max_states
        )

    def _shed(self) -> None:
        self._bytes -= sum(map(len, self._typing.values()))
        self._forget_typing()
        if self._is_full():
            self.close()
            self._on_wanted()

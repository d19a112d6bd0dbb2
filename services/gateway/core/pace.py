"""How much one connection may ask for, and when asking too much ends it.

See: docs/protocol.md, section 10.
"""

from collections import deque
from typing import Final

from libs.common.contracts.ids import PersonId, RoomId
from libs.common.errors import TooLarge, TooMany
from libs.common.ratelimit import Bucket, Limit, RateLimiter
from services.gateway.frames import said
from services.gateway.settings import GatewaySettings

BAD_FRAMES: Final = 5
BAD_FRAMES_WITHIN_S: Final = 10.0

REFUSALS: Final = Limit(per_s=10.0, burst=100)
"""Who goes on after so many `rate_limited` answers does not listen."""

MAX_SENDERS: Final = 100_000


class Paces:
    """The limits of this gateway, and what is counted over all its connections."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.commands = Limit(settings.commands_per_s, settings.commands_burst)
        self.reactions = Limit(settings.reactions_per_s, round(2 * settings.reactions_per_s) or 1)
        self.reads = Limit(settings.reads_per_s, round(4 * settings.reads_per_s) or 1)
        self.joins = Limit(settings.joins_per_s, round(10 * settings.joins_per_s) or 1)
        self.typing = Limit(1000 / settings.typing_interval_ms, 1)
        self.odd_frames = Limit(settings.odd_frames_per_s, settings.odd_frames_burst)
        self.sends = RateLimiter(
            Limit(settings.sends_per_s, settings.sends_burst), max_keys=MAX_SENDERS
        )
        self.content_chars = settings.content_chars
        self.content_bytes = settings.content_bytes
        self.rooms_attached = settings.rooms_attached


class Pace:
    """What one connection has used up. Times are monotonic."""

    __slots__ = (
        "_bad",
        "_commands",
        "_joins",
        "_paces",
        "_reactions",
        "_reads",
        "_refusals",
        "_typing",
    )

    def __init__(self, paces: Paces) -> None:
        self._paces = paces
        self._commands = Bucket(paces.commands)
        self._reactions = Bucket(paces.reactions)
        self._reads = Bucket(paces.reads)
        self._joins = Bucket(paces.joins)
        self._refusals = Bucket(REFUSALS)
        self._bad: deque[float] | None = None
        self._typing: RateLimiter | None = None

    def take_any(self, now: float) -> None:
        """Count one frame of any kind.  Raises: TooMany."""
        self._commands.take(now)

    def take(self, frame: said.Known, person_id: PersonId, now: float) -> None:
        """Count one command against the limits of its kind.  Raises: TooMany, TooLarge."""
        match frame:
            case said.SendMessage():
                self._check_size(frame.data.content)
                self._paces.sends.take(person_id, now)
            case said.EditMessage():
                self._check_size(frame.data.content)
            case said.AddReaction() | said.RemoveReaction():
                self._reactions.take(now)
            case said.Read():
                self._reads.take(now)
            case said.JoinRoom():
                self._joins.take(now)
            case _:
                pass

    def take_typing(self, room_id: RoomId, now: float) -> None:
        """Count one announcement of typing.  Raises: TooMany."""
        if self._typing is None:
            self._typing = RateLimiter(self._paces.typing, max_keys=self._paces.rooms_attached)
        self._typing.take(room_id, now)

    def is_flood(self, now: float) -> bool:
        """Count one `rate_limited` answer; say whether there were too many of them."""
        try:
            self._refusals.take(now)
        except TooMany:
            return True
        return False

    def is_one_bad_too_many(self, now: float) -> bool:
        """Count one frame that says nothing; say whether there were too many of them."""
        if self._bad is None:
            self._bad = deque(maxlen=BAD_FRAMES)
        is_full = len(self._bad) == BAD_FRAMES and now - self._bad[0] < BAD_FRAMES_WITHIN_S
        self._bad.append(now)
        return is_full

    def _check_size(self, content: str) -> None:
        if len(content) > self._paces.content_chars:
            raise TooLarge(fields={"data.content": f"at most {self._paces.content_chars} chars"})
        if len(content.encode()) > self._paces.content_bytes:
            raise TooLarge(fields={"data.content": f"at most {self._paces.content_bytes} bytes"})

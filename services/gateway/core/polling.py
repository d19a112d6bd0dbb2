"""What a client asks for that polls, and how far it got in each room.

See: docs/protocol.md, section 14.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from libs.common.contracts.ids import Epoch, RoomId, Seq
from services.gateway.core.effects import From
from services.gateway.frames.heard import NotRecovered, Recovered
from services.gateway.frames.polled import CursorShown, NotAttachedShown

Reached = Callable[[RoomId], tuple[Seq, Epoch] | None]
"""Tells up to where the client was sent a room, if it is on its way in or live."""

Shown = CursorShown | NotAttachedShown


@dataclass(frozen=True, slots=True)
class Wanted:
    """`timeout_s` is how long to wait for something to say. Each room stands there once."""

    rooms: tuple[From, ...]
    timeout_s: float
    greet: bool


class Progress:
    """How the rooms of one poll came out. `only`: no other room is good for this token."""

    __slots__ = ("_only", "_outcomes", "_stopped", "_wanted")

    def __init__(self, wanted: Sequence[From], *, only: RoomId | None) -> None:
        self._wanted = wanted
        self._only = only
        self._outcomes: dict[RoomId, Recovered | NotRecovered] = {}
        self._stopped: dict[RoomId, tuple[Seq, Epoch]] = {}

    def resumed(self, outcomes: Iterable[Recovered | NotRecovered], reached: Reached) -> None:
        """Note which rooms were attached. Part of a room that was not may have been sent."""
        for outcome in outcomes:
            room_id = outcome.room_id
            self._outcomes[room_id] = outcome
            at = reached(room_id)
            if isinstance(outcome, NotRecovered) and at is not None:
                self._stopped[room_id] = at

    @property
    def has_news(self) -> bool:
        """Tell whether the cursors alone say something that the client does not know."""
        return any(room.seq is None or self._is_barred(room.room_id) for room in self._wanted)

    @property
    def has_doubts(self) -> bool:
        """Tell whether there is a room that could not be asked about."""
        return any(map(_is_unavailable, self._outcomes.values()))

    @property
    def is_in_vain(self) -> bool:
        """Tell whether no room at all could be asked about."""
        return bool(self._outcomes) and all(map(_is_unavailable, self._outcomes.values()))

    def cursors(self, reached: Reached, lost: Collection[RoomId]) -> dict[RoomId, Shown]:
        """Return from where the client goes on in each room, as of now."""
        return {
            room.room_id: self._cursor(room.room_id, reached, is_lost=room.room_id in lost)
            for room in self._wanted
        }

    def _cursor(self, room_id: RoomId, reached: Reached, *, is_lost: bool) -> Shown:
        at = reached(room_id) or self._stopped.get(room_id)
        if is_lost or self._is_barred(room_id):
            return NotAttachedShown(reason="not_found")
        if at is None:
            return NotAttachedShown(reason="unavailable")
        return CursorShown(seq=at[0], epoch=at[1])

    def _is_barred(self, room_id: RoomId) -> bool:
        """Tell whether the room is none of this person's, as far as that is known."""
        if self._only is not None and room_id != self._only:
            return True
        outcome = self._outcomes.get(room_id)
        return isinstance(outcome, NotRecovered) and outcome.reason == "not_found"


def _is_unavailable(outcome: Recovered | NotRecovered) -> bool:
    return isinstance(outcome, NotRecovered) and outcome.reason == "unavailable"

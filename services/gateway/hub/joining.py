"""A listener on its way into a room: what it has got, and what came meanwhile.

holding  --go_live--> waiting --an event behind `position`--> live
    |                    (only when the log was ahead of the bus)
    `-- events beyond the allowance are let go, and read from the log again
"""

from typing import Final

from libs.common.contracts.events import EVERYBODY, RoomEvent
from libs.common.contracts.ids import Epoch, PersonId, Seq
from services.gateway.core.outbox import StateKey

HELD_EVENTS: Final = 128
HELD_BYTES: Final = 256 * 1024
"""Both well below the bounds of an outbox: what was held goes into it at once, in the end."""

HELD_STATES: Final = 1_024
"""Each the newest of one person; more end the join, as dropping them would leave it wrong."""


class Allowance:
    """What the joins of one connection may hold together."""

    __slots__ = ("events", "size", "states")

    def __init__(self) -> None:
        self.events = HELD_EVENTS
        self.states = HELD_STATES
        self.size = HELD_BYTES

    def take(self, size: int) -> bool:
        """Take room for one event; return False when there is none."""
        if self.events < 1 or self.size < size:
            return False
        self.events -= 1
        self.size -= size
        return True

    def give_back(self, size: int) -> None:
        self.events += 1
        self.size += size


class Joining:
    """`position` is the seq up to which the listener has everything, or was told a gap.

    `since` is how far the log went when the listener was found to be allowed: an event behind it
    may take that back. `out` is the last that came and takes the listener out, whether or not it
    could be held. `epoch` is that of `position`, and None before there is one.
    """

    __slots__ = (
        "_allowance",
        "_held",
        "_states",
        "epoch",
        "is_cancelled",
        "is_holding",
        "out",
        "position",
        "since",
    )

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._held: list[RoomEvent] = []
        self._states: dict[StateKey, bytes] = {}
        self.position = Seq(0)
        self.since = Seq(0)
        self.out: RoomEvent | None = None
        self.epoch: Epoch | None = None
        self.is_holding = True
        self.is_cancelled = False

    def hold(self, event: RoomEvent, person_id: PersonId) -> None:
        """Keep an event for later; when there is no room for it let go of all that were kept."""
        if detaches(event.detach, person_id):
            self.out = event
        if self._allowance.take(len(event.frame)):
            self._held.append(event)
            return
        self.let_go()

    def hold_state(self, key: StateKey, frame: bytes) -> bool:
        """Keep the newest of a state for later; return False when there is no room for it."""
        if key not in self._states:
            if self._allowance.states < 1:
                return False
            self._allowance.states -= 1
        # Behind all others: what is told of a room counts for what was told of people before.
        self._states.pop(key, None)
        self._states[key] = frame
        return True

    def let_go(self) -> None:
        """Forget what was held."""
        for event in self._held:
            self._allowance.give_back(len(event.frame))
        self._held.clear()

    def is_next(self, last: Seq | None) -> bool:
        """Tell whether what is held goes on right behind `position`.

        `last` is how far the room's stream has got. If not, the log has to be asked again.
        """
        while self._held and self._held[0].seq <= self.position:
            self._allowance.give_back(len(self._held.pop(0).frame))
        if self._held:
            return self._held[0].seq == self.position + 1
        return last is None or last <= self.position

    def take(self) -> list[RoomEvent]:
        """Stop holding and return what is to be sent now."""
        self.is_holding = False
        held, self._held = self._held, []
        return held

    def take_states(self) -> dict[StateKey, bytes]:
        """Return the states that are to be sent behind what was held."""
        states, self._states = self._states, {}
        return states

    def ends_with(self, seq: Seq, detach: str | None, person_id: PersonId) -> bool:
        """Tell whether this event takes the listener out of the room."""
        return seq > self.since and detaches(detach, person_id)


def detaches(detach: str | None, person_id: PersonId) -> bool:
    """Tell whether an event that detaches `detach` means this person."""
    return detach is not None and detach in (EVERYBODY, str(person_id))

"""Signals on their way from the bus to the rooms, and what becomes of them under pressure.

    typing     left out from the first level on, and nobody hears of it later
    presence   left out from the second on; afterwards the rooms are told anew who is there
    receipt    from the second on kept, of each person and room the newest, and passed on later

A whole signal is left out before it is dealt out to listeners: that is where the work is.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.events import Signal
from libs.common.contracts.ids import PersonId, RoomId
from services.gateway.core.pressure import Pressure
from services.gateway.hub.hub import Hub
from services.gateway.hub.unshown import Unshown
from services.gateway.settings import GatewaySettings

LOOK_S: Final = 0.5
"""How often it is looked whether what was kept may go on."""

MAX_RECEIPTS: Final = 10_000
"""Beyond that the oldest goes on at once."""

FRAMES_AT_ONCE: Final = 10_000
"""About 10 ms of work; then others have a turn."""


class Signals:
    """`on_left_out` hears of what kind each signal was that was left out."""

    def __init__(
        self,
        hub: Hub,
        unshown: Unshown,
        pressure: Pressure,
        *,
        settings: GatewaySettings,
        on_left_out: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._hub = hub
        self._unshown = unshown
        self._pressure = pressure
        self._held_s = settings.receipts_held_s
        self._retold_at_once = max(1, round(settings.rooms_retold_per_s * LOOK_S))
        self._on_left_out = on_left_out
        self._clock = clock
        self._receipts: dict[tuple[RoomId, PersonId], Signal] = {}
        self._held_until = 0.0
        # In the order in which they missed something, so that none waits for ever.
        self._untold: dict[RoomId, None] = {}

    def pass_on(self, signal: Signal) -> int:
        """Deliver a signal, unless there are more important things; return into how many outboxes
        it went.
        """
        if signal.kind == "receipt":
            return self._pass_on_receipt(signal)
        if self._pressure.leaves_out(signal.kind):
            self._on_left_out(signal.kind)
            if signal.kind == "presence":
                self.lost([signal.room_id])
            return 0
        return self._hub.on_signal(signal)

    def lost(self, rooms: Iterable[RoomId]) -> None:
        """Have these rooms told anew who is there, once there is time for it."""
        self._untold.update((room_id, None) for room_id in rooms if self._hub.serves(room_id))

    async def run(self) -> None:
        """Make up for what was left out, for ever."""
        while True:
            await self._clock.sleep(LOOK_S)
            await self._pass_on_held()
            if not self._pressure.leaves_out("presence"):
                self._have_retold()

    def _pass_on_receipt(self, signal: Signal) -> int:
        key = (signal.room_id, signal.person_id)
        self._receipts.pop(key, None)
        if not self._pressure.leaves_out("receipt"):
            return self._hub.on_signal(signal)
        self._on_left_out("receipt")
        self._receipts[key] = signal
        if len(self._receipts) > MAX_RECEIPTS:
            return self._hub.on_signal(self._receipts.pop(next(iter(self._receipts))))
        return 0

    async def _pass_on_held(self) -> None:
        now = self._clock.monotonic()
        if self._pressure.leaves_out("receipt") and now < self._held_until:
            return
        self._held_until = now + self._held_s
        frames = 0
        for key in list(self._receipts):
            if frames >= FRAMES_AT_ONCE:
                frames = 0
                await self._clock.sleep(0)
            held = self._receipts.pop(key, None)
            frames += 0 if held is None else self._hub.on_signal(held)

    def _have_retold(self) -> None:
        rooms = list(islice(self._untold, self._retold_at_once))
        for room_id in rooms:
            del self._untold[room_id]
        self._unshown.add(rooms)

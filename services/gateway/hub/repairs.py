"""Closes holes in rooms' streams with what the log says, and looks for holes nobody noticed.

A hole in the middle shows by itself. A lost last event shows in a head digest, or when all heads
are compared: after the bus may have lost something, and after this process stood still.
"""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from libs.common.clock import Clock
from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import RoomId, Seq
from libs.common.contracts.internal import RangeAnswer
from libs.common.errors import ChatError
from services.gateway.frames.heard import GapReason
from services.gateway.hub.asking import RANGE_LIMIT, Asking
from services.gateway.hub.hub import Hub
from services.gateway.hub.room import Room

log = structlog.get_logger()

LOOK_S: Final = 0.05
"""How often holes are looked at: they are given 0.25 s to close by themselves."""

RETRY_S: Final = 1.0


class Repairs:
    """`max_events`: a hole larger than that is not read but told as a gap.

    `on_outcome` hears of each hole: repaired, unread, or why it became a gap.
    """

    def __init__(
        self,
        hub: Hub,
        asking: Asking,
        *,
        max_events: int,
        on_outcome: Callable[[str], None],
        clock: Clock,
    ) -> None:
        self._hub = hub
        self._asking = asking
        self._max_events = max_events
        self._on_outcome = on_outcome
        self._clock = clock
        self._is_in_doubt = asyncio.Event()
        self._reading: set[asyncio.Task[None]] = set()

    def doubt(self) -> None:
        """Compare all heads: something may have been missed."""
        self._is_in_doubt.set()

    async def close_holes(self) -> None:
        """Ask for what is missing, for ever."""
        while True:
            await self._clock.sleep(LOOK_S)
            for room in self._hub.due(self._clock.monotonic()):
                room.stream.asked()
                reading = asyncio.create_task(self._read(room))
                self._reading.add(reading)
                reading.add_done_callback(self._reading.discard)

    async def compare_heads(self) -> None:
        """Compare all heads whenever there is doubt, for ever."""
        while True:
            await self._is_in_doubt.wait()
            self._is_in_doubt.clear()
            try:
                heads = await self._asking.heads(self._hub.room_ids)
            except ChatError:
                self._is_in_doubt.set()
                await self._clock.sleep(RETRY_S)
                continue
            for room_id, head in heads.items():
                self._hub.compare(room_id, head)

    async def stop(self) -> None:
        """Ask no more."""
        for reading in self._reading:
            reading.cancel()

    async def _read(self, room: Room) -> None:
        last = room.stream.last or Seq(0)
        try:
            answer = await self._asking.events(room.room_id, last, RANGE_LIMIT)
        except ChatError:
            self._hub.repair(room, [])
            self._on_outcome("unread")
            return
        reason = self._reason_for_gap(room, last, answer)
        if reason is None:
            self._hub.repair(room, events_of(room.room_id, answer))
            log.info("room_repaired", room_id=str(room.room_id), count=len(answer.events))
        else:
            self._hub.give_up(room, answer.head_seq, answer.epoch, reason)
        self._on_outcome(reason or "repaired")

    def _reason_for_gap(self, room: Room, last: Seq, answer: RangeAnswer) -> GapReason | None:
        """Return why the hole cannot be closed with this answer; None when it can."""
        if answer.epoch != room.stream.epoch:
            return "epoch"
        if answer.first_available_seq > last + 1:
            return "retention"
        if answer.head_seq - last > self._max_events:
            return "too_many"
        return None


def events_of(room_id: RoomId, answer: RangeAnswer) -> list[RoomEvent]:
    """Return what the log said in the form in which the bus says it."""
    return [
        RoomEvent(room_id, seq, frame.encode(), detach, reason)
        for seq, frame, detach, reason in answer.events
    ]

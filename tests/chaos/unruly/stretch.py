"""A stretch of way between the bus and an inbox, on which events are lost, doubled and late.

What a bus may do to an inbox is said in `libs.common.bus.interface`; this one does it on order.
"""

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from libs.common.bus.interface import Delivery
from libs.common.bus.rabbit.inbox import RabbitInbox
from libs.common.contracts.events import EVENT_BATCH, RoomEvent, decode_events, encode_batch
from tests.chaos.unruly.order import Order


def put_before_inboxes(file: Path) -> None:
    """Put one before every inbox that this process opens; the file may have an order for it."""
    begin = RabbitInbox.__init__

    def begin_behind(
        inbox: RabbitInbox, instance: Any, bindings: Any, on_delivery: Any, **more: Any
    ) -> None:
        begin(inbox, instance, bindings, Stretch(on_delivery, file).carry, **more)

    RabbitInbox.__init__ = begin_behind  # type: ignore[assignment, method-assign]


class Stretch:
    """The way of one inbox's deliveries; all but events pass as they are."""

    def __init__(self, pass_on: Callable[[Delivery], None], file: Path) -> None:
        self._pass_on = pass_on
        self._file = file
        self._written_at: int | None = None
        self._order = Order(seed=0)
        self._chance = random.Random(0)

    def carry(self, delivery: Delivery) -> None:
        """Let a delivery come, now, later, often or never."""
        if delivery.type != EVENT_BATCH or not self._is_ordered():
            self._pass_on(delivery)
            return
        kept = [event for event in decode_events(delivery.body) if not self._is_lost(event)]
        if self._order.copies == 1:
            self._pass_on(replace(delivery, body=encode_batch(kept)))
            return
        for event in kept * self._order.copies:
            alone = replace(delivery, body=encode_batch([event]))
            late_s = self._chance.uniform(0, self._order.late_s)
            asyncio.get_running_loop().call_later(late_s, self._pass_on, alone)

    def _is_lost(self, event: RoomEvent) -> bool:
        never = self._order.never
        is_named = never is not None and never.encode() in event.frame
        return is_named or self._chance.random() < self._order.lost

    def _is_ordered(self) -> bool:
        """Take note of an order that was given or taken back since the last delivery."""
        try:
            written_at = self._file.stat().st_mtime_ns
        except FileNotFoundError:
            return False
        if written_at != self._written_at:
            self._written_at = written_at
            self._order = Order.read(self._file)
            self._chance = random.Random(f"{self._order.seed} {os.environ['GATEWAY_PORT']}")
        return True

"""What the rules of messages cost, without a database and a bus.

    python -m tests.bench.messages_rules

Batches of messages of one member to random rooms of a thousand, with all limits as they are by
default but the pace of a room. Microseconds of CPU for each message, of the quickest of many
batches: to decide what a command comes to and note it, and to write the frame that says so. Their
ratio says more than either, which is the machine's.
"""

import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Final
from uuid import UUID

from libs.common.chance import SystemChance
from libs.common.clock import SystemClock
from libs.common.contracts.commands import PostMessage
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.ratelimit import Limit
from services.messages.core.decide import decide
from services.messages.core.draft import Circumstances
from services.messages.core.frames import event
from services.messages.core.limits import habits_of, limits_of
from services.messages.core.pace import Pace
from services.messages.model.changes import Asked
from services.messages.model.log import Entry
from services.messages.settings import MessagesSettings
from tests.bench.claims import tell
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import BOB, asked, known, room

ROOMS: Final = 1_000
TEXT: Final = "A message of some three hundred letters. " * 7
SIZES: Final = (1, 10, 100, 500)
MESSAGES: Final = 30_000
NS: Final = 1_000_000_000


class Rules:
    """A thousand rooms as they are remembered, and a member who never says the same twice."""

    def __init__(self) -> None:
        settings = MessagesSettings()
        self._limits = replace(limits_of(settings), room_sends=Limit(1e6, 1_000_000))
        self._habits = habits_of(settings)
        self._rooms = [RoomId(UUID(int=number, version=4)) for number in range(ROOMS)]
        self._known = {
            room_id: known(room(id=room_id), is_complete=False) for room_id in self._rooms
        }
        self._chance = SystemChance(SystemClock())
        self._texts = count()

    def batch(self, size: int) -> dict[RoomId, list[Asked]]:
        """Return commands as they come together in one delivery, by room."""
        by_room: dict[RoomId, list[Asked]] = defaultdict(list)
        for room_id in random.choices(self._rooms, k=size):
            by_room[room_id].append(asked(BOB, PostMessage(f"{TEXT}{next(self._texts)}")))
        return by_room

    def obey(self, by_room: Mapping[RoomId, Sequence[Asked]], now_s: int) -> list[Entry]:
        """Decide upon what is remembered, note what it takes of people's habits, and return what
        is to be written.
        """
        entries: list[Entry] = []
        around = Circumstances(
            now=TEN_O_CLOCK,
            now_ns=now_s * NS,
            limits=self._limits,
            habits=self._habits,
            new_id=lambda: MessageId(self._chance.new_id()),
        )
        for room_id, ones in by_room.items():
            decision = decide(room_id, self._known[room_id], ones, pace=Pace(), around=around)
            self._habits.note(decision.taken, now_ns=around.now_ns)
            entries += decision.change.entries
        return entries


def measure(rules: Rules, size: int) -> tuple[float, float]:
    """Return the microseconds of one message: to decide, and to write its frame."""
    deciding, writing = [], []
    for now_s in range(MESSAGES // size):
        batch = rules.batch(size)
        began = time.process_time_ns()
        entries = rules.obey(batch, now_s)
        decided_at = time.process_time_ns()
        for entry in entries:
            event(entry)
        writing.append(time.process_time_ns() - decided_at)
        deciding.append(decided_at - began)
        assert len(entries) == size
    return min(deciding) / size / 1000, min(writing) / size / 1000


def main() -> None:
    rules = Rules()
    tell("| messages in a batch | us to decide one | us to write its frame | ratio |")
    tell("|---|---|---|---|")
    for size in SIZES:
        deciding, writing = measure(rules, size)
        tell(f"| {size} | {deciding:.1f} | {writing:.1f} | {deciding / writing:.2f} |")


if __name__ == "__main__":
    main()

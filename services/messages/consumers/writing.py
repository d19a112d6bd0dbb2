"""Decides a batch and writes it: upon memory if that will do, upon what was read if not.

    remembered or read -> decide -> sure?  -> write -> fresh?  -> remember
                           ^         | no               | no
                           '-- read -+------------------'

Only what is not sure or not fresh is read and decided again; what is written is the whole batch.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from libs.common.clock import Clock
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.errors import Unavailable
from services.messages.consumers.aside import Aside
from services.messages.consumers.memory import Memory
from services.messages.core.decide import Decision, decide
from services.messages.core.draft import Circumstances
from services.messages.core.habits import Habits
from services.messages.core.limits import Limits
from services.messages.core.wanted import wanted_of
from services.messages.model.changes import Asked, Known
from services.messages.store.known import KnownStore
from services.messages.store.log import LogStore

ByRoom = Mapping[RoomId, Sequence[Asked]]

NS: Final = 1e9


class RoomWriter:
    """Writes what the commands of a batch come to; all of it, or nothing."""

    def __init__(
        self,
        known: KnownStore,
        log: LogStore,
        *,
        memory: Memory,
        aside: Aside,
        limits: Limits,
        habits: Habits,
        rounds: int,
        new_id: Callable[[], MessageId],
        clock: Clock,
    ) -> None:
        self._known = known
        self._log = log
        self._memory = memory
        self._aside = aside
        self._limits = limits
        self._habits = habits
        self._rounds = rounds
        self._new_id = new_id
        self._clock = clock

    async def write(self, by_room: ByRoom) -> list[Decision]:
        """Return what each room's commands came to, once that is written.

        Raises: Unavailable when the database is away or others write to the same rooms all the
        time; RoomNeverTold.
        """
        around = Circumstances(
            now=self._clock.now(),
            now_ns=int(self._clock.monotonic() * NS),
            limits=self._limits,
            habits=self._habits,
            new_id=self._new_id,
        )
        decisions = await self._decide(by_room, self._recall(by_room), around=around)
        for _ in range(self._rounds):
            changes = [each.change for each in decisions.values() if each.change.outcomes]
            stale = await self._log.write(changes, now=around.now) if changes else set()
            if not stale:
                self._remember(decisions.values(), now_ns=around.now_ns)
                return list(decisions.values())
            again = {room_id: by_room[room_id] for room_id in stale}
            decisions |= await self._decide(again, {}, around=around)
        raise Unavailable

    async def _decide(
        self, by_room: ByRoom, known: dict[RoomId, Known], *, around: Circumstances
    ) -> dict[RoomId, Decision]:
        """Decide upon what is `known`, and read what is not or does not suffice."""
        known |= await self._read(by_room, by_room.keys() - known.keys())
        decisions = {
            room_id: self._decide_one(room_id, known[room_id], commands, around=around)
            for room_id, commands in by_room.items()
        }
        unsure = {room_id for room_id, decision in decisions.items() if decision.is_unsure}
        for room_id, read in (await self._read(by_room, unsure)).items():
            commands = by_room[room_id]
            decisions[room_id] = self._decide_one(room_id, read, commands, around=around)
        return decisions

    def _decide_one(
        self, room_id: RoomId, known: Known, commands: Sequence[Asked], *, around: Circumstances
    ) -> Decision:
        pace = self._memory.pace(room_id)
        return decide(room_id, known, commands, pace=pace, around=around)

    def _recall(self, by_room: ByRoom) -> dict[RoomId, Known]:
        recalled = {
            room_id: self._memory.recall(room_id, commands) for room_id, commands in by_room.items()
        }
        return {room_id: known for room_id, known in recalled.items() if known is not None}

    async def _read(self, by_room: ByRoom, rooms: Iterable[RoomId]) -> dict[RoomId, Known]:
        wanted = [wanted_of(room_id, by_room[room_id]) for room_id in rooms]
        if not wanted:
            return {}
        found = await self._known.look_up(wanted)
        for room_id, known in found.items():
            for person_id, member in known.members.items():
                absence = None if member else self._aside.absence(room_id, person_id)
                if absence is not None:
                    known.absences[person_id] = absence
        return found

    def _remember(self, decisions: Iterable[Decision], *, now_ns: int) -> None:
        for decision in decisions:
            room = decision.change.room
            if room is not None:
                self._memory.keep(decision.known, room, changed=decision.change.members)
                self._memory.keep_pace(room.id, decision.pace)
            self._habits.note(decision.taken, now_ns=now_ns)

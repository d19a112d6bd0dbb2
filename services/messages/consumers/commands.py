"""Obeys the commands to rooms: read, decide, write, tell, in that order and nothing twice.

    batch -> by room -> decide and write -> read cursors -> answers and events, confirmed
                                                                 '-> the worker settles the batch

Whatever fails on the way, the same batch comes again: what was written is found by its command ids,
answered as it was the first time, and told once more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import structlog

from libs.common.bus.answering import UNREADABLE, bury, bury_delivery
from libs.common.bus.intake import Taken
from libs.common.bus.interface import Bus, Delivery
from libs.common.chance import Chance
from libs.common.clock import Clock
from libs.common.contracts.frames import MemberShown
from libs.common.contracts.ids import RoomId
from libs.common.patience import Patience
from services.messages.consumers.aside import Aside
from services.messages.consumers.counting import CommandCounts
from services.messages.consumers.reading import read_commands
from services.messages.consumers.receipts import Receipts
from services.messages.consumers.telling import Teller
from services.messages.consumers.writing import RoomWriter
from services.messages.core.decide import TOLD_BY_ROOMS, Decision
from services.messages.model.changes import Asked
from services.messages.model.log import EntryKind
from services.messages.store.receipts import ReceiptStore
from services.messages.store.tries import Try, TryStore

log = structlog.get_logger()


class RoomCommands:
    """What the worker of this instance does with the commands of its shards.

    See: `libs.common.bus.worker.Obey`.
    """

    def __init__(
        self,
        bus: Bus,
        *,
        writer: RoomWriter,
        cursors: ReceiptStore,
        tries: TryStore,
        teller: Teller,
        receipts: Receipts,
        aside: Aside,
        counts: CommandCounts,
        publish_timeout_s: float,
        clock: Clock,
        chance: Chance,
    ) -> None:
        self._bus = bus
        self._writer = writer
        self._cursors = cursors
        self._tries = tries
        self._teller = teller
        self._receipts = receipts
        self._aside = aside
        self._counts = counts
        self._publish_timeout_s = publish_timeout_s
        self._clock = clock
        self._chance = chance
        self._patience = Patience()

    async def obey(self, batch: Sequence[Taken]) -> Sequence[Taken]:
        """Obey a batch and return the commands that were put aside.

        Raises: Unavailable, to be called again with the same batch; anything else, as TooSlow, when
        one of the commands cannot be obeyed by anybody.
        """
        with self._patience.over(batch):
            return await self._obey(batch)

    async def _obey(self, batch: Sequence[Taken]) -> Sequence[Taken]:
        self._aside.hold()
        started = self._clock.monotonic()
        by_room, waiting = self._sort(read_commands(batch))
        decisions = await self._writer.write(by_room)
        await self._move_cursors(decisions)
        written = self._clock.monotonic()
        await self._teller.tell(decisions)
        told = self._clock.monotonic()
        waiting += [asked for decision in decisions for asked in decision.aside]
        put_aside = [batch[asked.place] for asked in sorted(waiting, key=_place)]
        for taken in put_aside:
            self._aside.put(taken)
        self._note_arrivals(decisions)
        self._aside.release()
        self._counts.count(
            decisions,
            duration_s=self._clock.monotonic() - started,
            write_s=written - started,
            tell_s=told - written,
        )
        return put_aside

    async def tries(self, batch: Sequence[Taken]) -> Sequence[int]:
        """Return how often each command was begun after a crash."""
        self._aside.hold()
        return await self._tries.tries([_try(taken) for taken in batch])

    async def count_try(self, batch: Sequence[Taken]) -> None:
        """Note that these are about to be begun again."""
        self._aside.hold()
        await self._tries.count([_try(taken) for taken in batch], now=self._clock.now())

    async def bury(self, taken: Taken, reason: str) -> None:
        """Lay a command among the dead letters and tell its sender that the fault is ours."""
        error_id = str(self._chance.new_id())
        log.error(
            "room_command_buried",
            reason=reason,
            kind=taken.command.kind,
            room_id=taken.command.subject,
            user_id=taken.command.actor.id,
            request_id=taken.command.request_id,
            error_id=error_id,
        )
        await bury(
            self._bus,
            taken.command,
            reason=reason,
            error_id=error_id,
            now=self._clock.now(),
            timeout_s=self._publish_timeout_s,
        )
        self._counts.buried.inc()
        self._aside.release()

    async def bury_unreadable(self, delivery: Delivery) -> None:
        """Lay a delivery that is no batch of commands among the dead letters."""
        await bury_delivery(
            self._bus, delivery, reason=UNREADABLE, timeout_s=self._publish_timeout_s
        )
        self._counts.buried.inc()

    def _sort(self, commands: Iterable[Asked]) -> tuple[Mapping[RoomId, list[Asked]], list[Asked]]:
        """Return the commands by room, and those whose sender's earlier ones wait."""
        by_room: dict[RoomId, list[Asked]] = defaultdict(list)
        waiting: list[Asked] = []
        for asked in commands:
            command = asked.command
            room_id = RoomId(command.subject)
            is_waiting = self._aside.is_waiting(room_id, command.actor.id)
            if is_waiting and command.kind not in TOLD_BY_ROOMS:
                waiting.append(asked)
            else:
                by_room[room_id].append(asked)
        return by_room, waiting

    async def _move_cursors(self, decisions: Sequence[Decision]) -> None:
        reads = [
            (decision.change.room_id, person_id, seq)
            for decision in decisions
            for person_id, seq in decision.change.reads.items()
        ]
        if reads:
            self._receipts.moved(await self._cursors.move(reads))

    def _note_arrivals(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            for entry in decision.moved:
                if entry.kind is EntryKind.JOINED and isinstance(entry.detail, MemberShown):
                    self._aside.arrived(entry.room_id, entry.detail.person.id)


def _place(asked: Asked) -> int:
    return asked.place


def _try(taken: Taken) -> Try:
    return RoomId(taken.command.subject), taken.command.actor.id, taken.command.command_id

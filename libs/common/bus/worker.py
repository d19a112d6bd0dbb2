"""The consuming end of commands: take all that came, obey it in one go, settle, again.

One worker serves all shards that an instance holds, because the cost of a transaction is nearly
the same for one command and for a hundred. The running transaction is the clock: what comes
meanwhile is the next batch. Shards take turns at the head of the batch, so that none starves.

    delivery -> Intake (one per shard) -> CommandWorker -> obey(batch) -> settle
                                                   |-- our fault or Postgres away: again, later
                                                   `-- one that cannot be obeyed: bisect, bury

Commands of one shard are obeyed in their order. A delivery is settled when all its commands are
done; until then the bus still holds it. When the way to the bus breaks, an intake forgets what it
holds, because all of it comes again: what is in hand is finished, and its repeat finds it done. See
docs/message-path.md.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final, ParamSpec, Protocol, TypeVar

import structlog

from libs.common.bus.intake import Intake, Taken
from libs.common.bus.interface import Delivery
from libs.common.clock import Clock
from libs.common.errors import Unavailable

log = structlog.get_logger()

MAX_COMMANDS: Final = 500
"""One statement for 500 commands costs about 5 ms; beyond that latency grows and throughput does
not.
"""

RETRY_S: Final = 0.2
"""Pause before a batch is tried again when the database is away."""

MAX_TRIES: Final = 5
"""How often a command may be begun after a crash before it is taken for the cause."""

CHUNK_AFTER_TRIES: Final = (64, 8, 1)
"""How many commands are obeyed together after 0, 1, 2 and more crashes: the cause ends up alone."""

P = ParamSpec("P")
T = TypeVar("T")


class Obey(Protocol):
    """What a service does with commands; see `CommandWorker`."""

    async def obey(self, batch: Sequence[Taken]) -> Sequence[Taken]:
        """Obey the commands in order and return those put aside.

        Whoever puts a command aside calls `CommandWorker.resume` or `CommandWorker.settle` for it
        later. May be called again with the same commands, so it does nothing twice.
        Raises: Unavailable to be called again later with the same batch.
        """
        ...

    async def tries(self, batch: Sequence[Taken]) -> Sequence[int]:
        """Return how often each command was begun since a crash."""
        ...

    async def count_try(self, batch: Sequence[Taken]) -> None:
        """Note, for ever, that these are about to be begun again."""
        ...

    async def bury(self, taken: Taken, reason: str) -> None:
        """Lay a command that cannot be obeyed among the dead letters and answer its sender."""
        ...

    async def bury_unreadable(self, delivery: Delivery) -> None:
        """Lay a whole delivery among the dead letters: it is no batch of commands."""
        ...


class CommandWorker:
    """Serves any number of shards with one batch at a time."""

    def __init__(self, obey: Obey, clock: Clock) -> None:
        self._obey = obey
        self._clock = clock
        self._wake = asyncio.Event()
        self._in_hand = asyncio.Lock()
        self._intakes: list[Intake] = []
        self._first = 0

    def add_intake(self) -> Intake:
        """Return a new intake; give its `on_delivery` and `on_lost` to a consumer and the consumer
        to it.
        """
        intake = Intake(self._wake.set)
        self._intakes.append(intake)
        return intake

    async def finish(self, intake: Intake) -> None:
        """Begin nothing more of a shard, and return once what is in hand is done and settled.

        What follows is to close its consumer and to drop the intake. When this is cancelled, the
        shard goes on as before.
        """
        self._intakes.remove(intake)
        try:
            async with self._in_hand:
                return
        except BaseException:
            self._intakes.append(intake)
            self._wake.set()
            raise

    def drop_intake(self, intake: Intake) -> None:
        """Forget a shard that another instance serves now; what was in hand comes again there."""
        if intake in self._intakes:
            self._intakes.remove(intake)
        intake.on_lost()

    def settle(self, taken: Taken) -> None:
        """Count a command that was put aside as done."""
        taken.intake.settle([taken.source])

    def resume(self, aside: Sequence[Taken]) -> None:
        """Take commands that were put aside up again, before all that came after them.

        Those that were lost meanwhile are left: their repeats have come, or will.
        """
        for taken in reversed(aside):
            if not taken.source.is_lost:
                taken.intake.ready.appendleft(taken)
        self._wake.set()

    @property
    def waiting(self) -> int:
        """Return how many commands wait to be obeyed."""
        return sum(len(intake.ready) for intake in self._intakes)

    async def run(self) -> None:
        """Work until cancelled.  A failure here ends the process: another one takes over."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            async with self._in_hand:
                await self._bury_unreadable()
            while await self._work_off_a_batch():
                pass

    async def _work_off_a_batch(self) -> bool:
        """Return False when nothing waited."""
        async with self._in_hand:
            batch = self._take()
            if batch:
                await self._work(batch)
        return bool(batch)

    def _take(self) -> list[Taken]:
        """Take what waits, shard by shard, starting with another shard each time."""
        batch: list[Taken] = []
        shards = len(self._intakes)
        for offset in range(shards):
            ready = self._intakes[(self._first + offset) % shards].ready
            while ready and len(batch) < MAX_COMMANDS:
                batch.append(ready.popleft())
        if batch:
            self._first = (self._first + 1) % shards
        return batch

    async def _work(self, batch: Sequence[Taken]) -> None:
        if any(taken.source.is_inherited for taken in batch):
            await self._work_after_crash(batch)
        else:
            await self._obey_or_bisect(batch)

    async def _work_after_crash(self, batch: Sequence[Taken]) -> None:
        """Obey in chunks that shrink with the tries: one of these commands may have ended a
        process.
        """
        tries = await self._retrying(self._obey.tries, batch)
        for chunk in chunks(tries):
            part = batch[chunk]
            if tries[chunk.start] >= MAX_TRIES:
                await self._bury(part[0], "crashed")
                continue
            await self._retrying(self._obey.count_try, part)
            await self._obey_or_bisect(part)

    async def _obey_or_bisect(self, batch: Sequence[Taken]) -> None:
        try:
            aside = set(await self._retrying(self._obey.obey, batch))
        except Exception as error:
            if len(batch) == 1:
                log.error("command_buried", kind=batch[0].command.kind, exc_info=error)
                await self._bury(batch[0], type(error).__name__)
                return
            middle = len(batch) // 2
            await self._obey_or_bisect(batch[:middle])
            await self._obey_or_bisect(batch[middle:])
            return
        for intake in {taken.intake for taken in batch}:
            intake.settle(
                taken.source for taken in batch if taken.intake is intake and taken not in aside
            )

    async def _bury(self, taken: Taken, reason: str) -> None:
        await self._retrying(self._obey.bury, taken, reason)
        taken.intake.settle([taken.source])

    async def _bury_unreadable(self) -> None:
        for intake in list(self._intakes):
            while intake.unreadable:
                source = intake.unreadable.popleft()
                log.error("delivery_unreadable", type=source.delivery.type)
                await self._retrying(self._obey.bury_unreadable, source.delivery)
                intake.settle([source])

    async def _retrying(
        self, step: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        postponed_at: float | None = None
        while True:
            try:
                result = await step(*args, **kwargs)
            except Unavailable as error:
                if postponed_at is None:
                    postponed_at = self._clock.monotonic()
                    log.warning("batch_postponed", reason=repr(error.__cause__ or error))
                await self._clock.sleep(RETRY_S)
            else:
                if postponed_at is not None:
                    log.info("batch_resumed", after_s=self._clock.monotonic() - postponed_at)
                return result


def chunks(tries: Sequence[int]) -> Iterator[slice]:
    """Cut a batch into runs to be obeyed together; a run starts where the number of tries
    changes.
    """
    start = 0
    while start < len(tries):
        longest = CHUNK_AFTER_TRIES[min(tries[start], len(CHUNK_AFTER_TRIES) - 1)]
        stop = start + 1
        while stop < len(tries) and stop - start < longest and tries[stop] == tries[start]:
            stop += 1
        yield slice(start, stop)
        start = stop

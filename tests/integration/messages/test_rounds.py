"""What happens when the database is away, or somebody else is always faster."""

import asyncio
from collections.abc import Sequence
from itertools import count

import pytest

from libs.common.bus.interface import Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import FACTS
from libs.common.contracts.commands import PostMessage
from libs.common.contracts.facts import FACT, USER_UPDATED, UserChanged, encode_fact
from libs.common.contracts.ids import MessageId, RoomId
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import Unavailable
from libs.common.facts import RETRY_S, USERS, Facts
from libs.common.postgres import Database
from services.messages.consumers.aside import Aside
from services.messages.consumers.memory import Memory
from services.messages.consumers.writing import RoomWriter
from services.messages.core.absences import Absences
from services.messages.model.changes import Change
from services.messages.store.log import LogStore
from services.messages.store.roles import RoleStore
from tests.integration.messages.desk import Desk
from tests.support.clock import CountedChance, SetClock, settle
from tests.unit.messages.builders import ALICE, BOB, LIMITS, LOBBY, asked, habits

ROUNDS = 3


class Beaten(LogStore):
    """Somebody else writes to the lobby before every one of the first writes."""

    def __init__(self, desk: Desk, *, times: int) -> None:
        super().__init__(desk.database)
        self._desk = desk
        self._times = times
        self.writes = count()

    async def write(self, changes: Sequence[Change], *, now: float) -> set[RoomId]:
        if next(self.writes) < self._times:
            await self._desk.post(ALICE, "first!")
        return await super().write(changes, now=now)


def writer(desk: Desk, log: LogStore) -> RoomWriter:
    clock = SetClock()
    aside = Aside(
        lambda _: asyncio.Future(),
        Absences(life_s=2, max_people=10),
        resume=lambda _: None,
        wait_s=1,
        max_people=10,
        clock=clock,
    )
    chance = CountedChance()
    return RoomWriter(
        desk.known,
        log,
        memory=Memory(max_rooms=10, max_members=10),
        aside=aside,
        limits=LIMITS,
        habits=habits(),
        rounds=ROUNDS,
        new_id=lambda: MessageId(chance.new_id()),
        clock=clock,
    )


@pytest.mark.parametrize("times", [0, 1, ROUNDS - 1])
async def test_who_was_too_late_reads_and_decides_again(desk: Desk, times: int) -> None:
    writing = writer(desk, Beaten(desk, times=times))

    [decision] = await writing.write({LOBBY: [asked(BOB, PostMessage("second"))]})

    room, entries = await desk.logged()
    assert [entry.seq for entry in decision.change.entries] == [room.head_seq]
    assert len(entries) == room.head_seq == 2 + times + 1


async def test_who_is_always_too_late_comes_back_later(desk: Desk) -> None:
    writing = writer(desk, Beaten(desk, times=ROUNDS))

    with pytest.raises(Unavailable):
        await writing.write({LOBBY: [asked(BOB, PostMessage("second"))]})

    room, _ = await desk.logged()
    assert room.head_seq == 2 + ROUNDS


class Recovering(RoleStore):
    """Is away the first time."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.is_away = True
        self.kept = asyncio.Event()

    async def learn(self, fact: UserChanged) -> None:
        if self.is_away:
            raise Unavailable
        await super().learn(fact)
        self.kept.set()


async def test_a_fact_waits_for_the_database(database: Database) -> None:
    clock, roles = SetClock(), Recovering(database)
    bus = LocalBus(clock)
    facts = Facts(bus, "messages", roles.learn, about=USERS, publish_timeout_s=1, clock=clock)
    await facts.start()
    working = asyncio.create_task(facts.run())
    fact = UserChanged(BOB.id, PersonKind.USER, "Bob", SystemRole.ADMIN, False, 2)
    await bus.publish(Outgoing(FACTS, USER_UPDATED, FACT, encode_fact(fact)), timeout_s=1)
    await settle()

    roles.is_away = False
    await clock.advance(RETRY_S)
    async with asyncio.timeout(5):
        await roles.kept.wait()

    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await facts.stop()
    assert await database.fetchval("SELECT role FROM system_role") == "admin"

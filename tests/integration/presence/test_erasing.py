"""Nothing is kept of who is erased, whatever was being written down just then."""

import asyncio
from uuid import UUID

import pytest

from libs.common.bus.local import LocalBus
from libs.common.chance import SystemChance
from libs.common.contracts.ids import PersonId
from libs.common.contracts.internal import PersonCard
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.contracts.privacy import ErasureRequest
from libs.common.postgres import Database
from services.presence.consumers.commands import PersonCommands
from services.presence.consumers.forgetting import Forgetting
from services.presence.consumers.telling import Telling
from services.presence.core.learning import Learning
from services.presence.core.news import News, Windows
from services.presence.core.roster import Roster
from services.presence.model import GONE, Change
from services.presence.settings import PresenceSettings
from services.presence.store import Store
from tests.support.clock import SetClock
from tests.support.waiting import until_one_waits

ALICE = PersonId(UUID(int=1))
BOB = PersonId(UUID(int=2))

SETTINGS = PresenceSettings()

CHOOSE = "INSERT INTO status (person_id, chosen) VALUES ($1, 'away')"


@pytest.fixture
def roster() -> Roster:
    """Return a roster that knows who is there: nobody."""
    roster = Roster(lease_s=SETTINGS.lease_s, close_grace_s=SETTINGS.close_grace_s)
    roster.is_whole = True
    return roster


@pytest.fixture
def commands(roster: Roster, store: Store) -> PersonCommands:
    clock = SetClock()
    bus = LocalBus(clock)
    windows = Windows(small_s=1.0, large_s=5.0, small_people=50, named_people=1_000)
    news = News(windows, shown_per_s=SETTINGS.shown_per_s)
    return PersonCommands(
        bus=bus,
        roster=roster,
        learning=Learning(UUID(int=9), shards=1, lease_s=1.0, settle_s=1.0),
        store=store,
        settings=SETTINGS,
        telling=Telling(bus, news, roster, settings=SETTINGS, event_buckets=1, clock=clock),
        clock=clock,
        chance=SystemChance(clock),
    )


async def test_who_is_erased_while_they_are_noted_as_seen_is_not_kept(
    database: Database, roster: Roster, store: Store, commands: PersonCommands
) -> None:
    forgetting = Forgetting(roster, store, commands)
    await commands.tell([gone(ALICE), gone(BOB)])
    async with database.transaction() as another:
        await another.execute(CHOOSE, BOB)
        noting = asyncio.create_task(commands.flush_last_seen())
        await until_one_waits(database)
        is_over = await forgetting.turn(erasure(ALICE))
    await noting

    assert not is_over
    assert await forgetting.turn(erasure(ALICE))
    assert await store.export(ALICE) is None


def gone(person_id: PersonId) -> Change:
    """Return that somebody went, of whom nobody has to be told."""
    return Change(person_id, GONE, last_seen=1_700_000_000.0, rev=1, rooms=frozenset())


def erasure(person_id: PersonId) -> ErasureRequest:
    nobody = PersonCard(
        id=person_id,
        kind=PersonKind.USER,
        name="Deleted user",
        system_role=SystemRole.MEMBER,
        is_disabled=True,
        version=9,
    )
    return ErasureRequest(erasure_id=UUID(int=7), person=nobody)

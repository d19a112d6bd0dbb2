"""What a service that went mad puts on the bus ends among the dead letters and holds up nobody.

What anybody outside can say is tried in `tests.system.test_poison`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pytest
import pytest_asyncio

from libs.common.bus.interface import Bus, Delivery
from libs.common.bus.topology import shard_of
from tests.chaos.poison import POISONS, SHARDS, Poison, all_tellers, dead_letters_of
from tests.support.fleet import Fleet
from tests.support.waiting import eventually, until
from tests.system.people import Person
from tests.system.split.numbers import count_of

pytestmark = pytest.mark.asyncio(loop_scope="package")

NEIGHBOURS_WAIT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Ward:
    """A room of Alice's in which Bob is too, the bus to poison it by, and the dead letters."""

    alice: Person
    bob: Person
    room: str
    tellers: Mapping[str, Bus]
    letters: list[Delivery]

    async def swallow(self, poison: Poison) -> None:
        """Put it between two messages of the room, on the room's own shard; both are written."""
        shard = shard_of(UUID(self.room), SHARDS)
        async with asyncio.timeout(NEIGHBOURS_WAIT_S):
            await self.alice.write(self.room, f"before {poison}")
            await poison.publish(self.tellers[poison.teller], shard=shard)
            await self.bob.write(self.room, f"after {poison}")


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def ward(running: Fleet) -> AsyncIterator[Ward]:
    alice, bob = [await Person.register(running, name) for name in ("Alice", "Bob")]
    room = await alice.make_room()
    await bob.join(room)
    async with all_tellers(running) as tellers, dead_letters_of(running) as letters:
        yield Ward(alice, bob, room, tellers, letters)
    for person in (alice, bob):
        await person.close()


BURIED: Final = {name: poison for name, poison in POISONS.items() if poison.buried}
DROPPED: Final = {name: poison for name, poison in POISONS.items() if not poison.buried}


@pytest.mark.parametrize("poison", BURIED.values(), ids=BURIED)
async def test_poison_is_buried_and_holds_up_nobody(
    fleet: Fleet, ward: Ward, poison: Poison
) -> None:
    starts, buried, letters = starts_of(fleet), await count_buried(fleet), len(ward.letters)

    await ward.swallow(poison)
    counted = await eventually(
        lambda: count_buried(fleet), lambda count: count >= buried + poison.buried
    )
    # The broker has taken them; it delivers them to us in its own time.
    await until(lambda: len(ward.letters) >= letters + poison.buried)

    assert counted == buried + poison.buried
    assert [letter.body for letter in ward.letters[letters:]] == [poison.body] * poison.buried
    assert all(letter.reason for letter in ward.letters)
    assert starts_of(fleet) == starts


@pytest.mark.parametrize("poison", DROPPED.values(), ids=DROPPED)
async def test_what_makes_no_sense_to_gateways_is_dropped_by_each(
    fleet: Fleet, ward: Ward, poison: Poison
) -> None:
    starts, dropped, letters = starts_of(fleet), await count_dropped(fleet), len(ward.letters)
    gateways = [one for one in fleet.members().values() if one["service"] == "gateway"]

    await ward.swallow(poison)
    counted = await eventually(
        lambda: count_dropped(fleet), lambda count: count >= dropped + len(gateways)
    )

    assert counted == dropped + len(gateways)
    assert ward.letters[letters:] == []
    assert starts_of(fleet) == starts


async def count_buried(fleet: Fleet) -> float:
    return await count_of(fleet, "chat_bus_publish_seconds_count", exchange="chat.dead")


async def count_dropped(fleet: Fleet) -> float:
    return await count_of(fleet, "chat_gateway_deliveries_unreadable_total")


def starts_of(fleet: Fleet) -> dict[str, int]:
    """Return how often each process was started: nobody dies of poison."""
    return {name: member["starts"] for name, member in fleet.members().items()}

"""Who has changed something can wait until the others have heard of it."""

from libs.common.errors import Unavailable
from libs.common.postgres import Database
from tests.integration.common.relaying import (
    COMES_S,
    Bus,
    bus,
    change,
    relay_of,
    running,
    store,
)

__all__ = ["bus", "store"]  # fixtures that pytest finds by these names


async def test_once_caught_up_everything_committed_is_published(store: Database, bus: Bus) -> None:
    async with running(relay_of(store, bus, max_rows=2)) as relay:
        await change(store, "a", "b", "c")

        assert await relay.caught_up(COMES_S)

    assert bus.taken == ["a", "b", "c"]


async def test_with_nothing_to_tell_it_has_caught_up_at_once(store: Database, bus: Bus) -> None:
    async with running(relay_of(store, bus)) as relay:
        assert await relay.caught_up(COMES_S)


async def test_a_failure_in_between_only_takes_longer(store: Database, bus: Bus) -> None:
    bus.fails_before = [Unavailable()]
    async with running(relay_of(store, bus)) as relay:
        await change(store, "a")

        assert await relay.caught_up(COMES_S)

    assert bus.taken == ["a"]


async def test_when_the_bus_is_away_the_wait_ends(store: Database, bus: Bus) -> None:
    bus.is_open.clear()
    async with running(relay_of(store, bus)) as relay:
        await change(store, "a")

        assert not await relay.caught_up(0.01)

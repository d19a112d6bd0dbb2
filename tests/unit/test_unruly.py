"""The stretch of way on which a test loses and doubles events does what it was ordered."""

import asyncio
from pathlib import Path
from uuid import UUID

import pytest

from libs.common.bus.interface import Delivery
from libs.common.contracts.events import (
    ANSWER_BATCH,
    EVENT_BATCH,
    RoomEvent,
    decode_events,
    encode_batch,
)
from libs.common.contracts.ids import RoomId, Seq
from tests.chaos.unruly.order import VARIABLE, Order, restore, settings_for
from tests.chaos.unruly.stretch import Stretch

LOBBY = RoomId(UUID(int=1))
TEN = range(1, 11)


@pytest.fixture(autouse=True)
def _gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_PORT", "8080")


class Way:
    """A stretch of a fleet on a folder, and what comes out at its end."""

    def __init__(self, folder: Path) -> None:
        self.came: list[Delivery] = []
        self._stretch = Stretch(self.came.append, Path(settings_for(folder)[VARIABLE]))

    async def carry(self, *seqs: int, type_: str = EVENT_BATCH) -> list[list[int]]:
        """Carry one batch, and return the seqs of every delivery that came of it."""
        events = [RoomEvent(LOBBY, Seq(seq), f"message {seq}.".encode()) for seq in seqs]
        self.came.clear()
        self._stretch.carry(Delivery("e", type_, encode_batch(events), 1, is_redelivered=False))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return [[event.seq for event in decode_events(one.body)] for one in self.came]


async def test_without_an_order_all_comes_as_it_is(tmp_path: Path) -> None:
    assert await Way(tmp_path).carry(*TEN) == [list(TEN)]


async def test_what_was_named_never_comes(tmp_path: Path) -> None:
    Order(seed=1, never="message 3.").give(tmp_path)

    assert await Way(tmp_path).carry(2, 3, 4) == [[2, 4]]


async def test_some_are_lost_by_chance_that_the_seed_begins(tmp_path: Path) -> None:
    Order(seed=1, lost=0.5).give(tmp_path)

    [came] = await Way(tmp_path).carry(*TEN)
    [again] = await Way(tmp_path).carry(*TEN)

    assert came == again
    assert set(came) < set(TEN)
    assert came != []


async def test_each_comes_several_times_and_alone(tmp_path: Path) -> None:
    Order(seed=1, copies=3).give(tmp_path)

    came = await Way(tmp_path).carry(1, 2)

    assert sorted(came) == [[1]] * 3 + [[2]] * 3


async def test_answers_pass_whatever_was_ordered(tmp_path: Path) -> None:
    Order(seed=1, lost=1.0).give(tmp_path)

    assert await Way(tmp_path).carry(1, type_=ANSWER_BATCH) == [[1]]


async def test_an_order_holds_until_it_is_taken_back(tmp_path: Path) -> None:
    way = Way(tmp_path)
    Order(seed=1, lost=1.0).give(tmp_path)
    assert await way.carry(1) == [[]]

    restore(tmp_path)

    assert await way.carry(2) == [[2]]

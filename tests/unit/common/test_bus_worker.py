"""The consuming end of commands: order, settling, poison and crashes."""

import asyncio
from collections.abc import AsyncIterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from libs.common.bus.interface import Delivery
from libs.common.bus.worker import CHUNK_AFTER_TRIES, MAX_COMMANDS, MAX_TRIES, RETRY_S, chunks
from libs.common.contracts.commands import COMMAND_BATCH
from tests.support.clock import settle
from tests.unit.common.desk import Desk, Settled, delivery


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    working = asyncio.create_task(desk.worker.run())
    yield desk
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def test_all_that_came_is_obeyed_in_one_go_and_in_order(desk: Desk) -> None:
    desk.intake.on_delivery(delivery(1, "ab"))
    desk.intake.on_delivery(delivery(2, "c"))
    await settle()

    assert desk.clerk.batches == [["a", "b", "c"]]
    assert desk.settled.tags[-1] == 2


async def test_a_batch_is_never_larger_than_its_limit(desk: Desk) -> None:
    desk.intake.on_delivery(delivery(1, "x" * (MAX_COMMANDS + 1)))
    await settle()

    assert [len(batch) for batch in desk.clerk.batches] == [MAX_COMMANDS, 1]


async def test_shards_take_turns_at_the_head_of_a_batch(desk: Desk) -> None:
    other = desk.add_shard(Settled())
    for tag in (1, 2):
        desk.intake.on_delivery(delivery(tag, "a"))
        other.on_delivery(delivery(tag, "b"))
        await settle()

    assert desk.clerk.batches == [["a", "b"], ["b", "a"]]


async def test_a_command_put_aside_holds_back_its_delivery_and_later_ones(desk: Desk) -> None:
    desk.clerk.put_aside = {"b"}
    desk.intake.on_delivery(delivery(1, "a"))
    desk.intake.on_delivery(delivery(2, "b"))
    desk.intake.on_delivery(delivery(3, "c"))
    await settle()
    assert desk.settled.tags == [1]

    desk.worker.settle(desk.clerk.aside[0])

    assert desk.settled.tags == [1, 3]


async def test_a_resumed_command_goes_before_all_that_came_after_it(desk: Desk) -> None:
    desk.clerk.put_aside = {"a"}
    desk.intake.on_delivery(delivery(1, "a"))
    await settle()
    desk.clerk.put_aside = set()

    desk.intake.on_delivery(delivery(2, "b"))
    desk.worker.resume(desk.clerk.aside)
    await settle()

    assert desk.clerk.batches == [["a"], ["a", "b"]]
    assert desk.settled.tags == [2]


async def test_when_the_database_is_away_the_same_batch_is_tried_again(desk: Desk) -> None:
    desk.clerk.outages = 2
    desk.intake.on_delivery(delivery(1, "ab"))

    await desk.clock.advance(3 * RETRY_S)

    assert desk.clerk.batches == [["a", "b"]]
    assert desk.settled.tags == [1]
    assert desk.clerk.buried == []


async def test_an_outage_is_told_once_and_so_is_its_end(desk: Desk) -> None:
    desk.clerk.outages = 3
    with capture_logs() as lines:
        desk.intake.on_delivery(delivery(1, "a"))
        await desk.clock.advance(4 * RETRY_S)

    assert [line["event"] for line in lines] == ["batch_postponed", "batch_resumed"]
    assert lines[1]["after_s"] == pytest.approx(3 * RETRY_S)


async def test_only_the_poison_is_buried_and_its_neighbours_are_obeyed(desk: Desk) -> None:
    desk.clerk.poison = {"c"}

    desk.intake.on_delivery(delivery(1, "abcde"))
    await settle()

    assert desk.clerk.buried == [("c", "KeyError")]
    assert list(chain.from_iterable(desk.clerk.batches)) == ["a", "b", "d", "e"]
    assert desk.settled.tags == [1]


async def test_a_delivery_that_is_no_batch_is_buried_whole(desk: Desk) -> None:
    desk.intake.on_delivery(Delivery("m.0", COMMAND_BATCH, b"\xc1", 1, is_redelivered=False))
    desk.intake.on_delivery(Delivery("m.0", "cmd.v9", b"\x90", 2, is_redelivered=False))
    desk.intake.on_delivery(delivery(3, "a"))
    await settle()

    assert desk.clerk.unreadable == [b"\xc1", b"\x90"]
    assert desk.clerk.batches == [["a"]]
    assert desk.settled.tags[-1] == 3


async def test_after_a_crash_tries_are_counted_before_commands_are_begun(desk: Desk) -> None:
    desk.clerk.known_tries = {"b": 2}

    desk.intake.on_delivery(delivery(1, "abc", is_redelivered=True))
    await settle()

    assert desk.clerk.counted == [["a"], ["b"], ["c"]]
    assert desk.clerk.batches == [["a"], ["b"], ["c"]]


async def test_a_command_that_was_begun_too_often_is_buried_unopened(desk: Desk) -> None:
    desk.clerk.known_tries = {"b": MAX_TRIES}

    desk.intake.on_delivery(delivery(1, "abc", is_redelivered=True))
    await settle()

    assert desk.clerk.buried == [("b", "crashed")]
    assert desk.clerk.batches == [["a"], ["c"]]
    assert desk.settled.tags == [1]


async def test_what_was_done_before_its_consumer_was_known_is_settled_then(desk: Desk) -> None:
    intake = desk.worker.add_intake()
    intake.on_delivery(delivery(1, "a"))
    await settle()
    assert desk.clerk.batches == [["a"]]

    settled = Settled()
    intake.consumer = settled

    assert settled.tags == [1]


async def test_a_dropped_shard_is_served_no_more(desk: Desk) -> None:
    desk.intake.on_delivery(delivery(1, "a"))
    desk.worker.drop_intake(desk.intake)
    await settle()

    assert desk.clerk.batches == []


async def test_the_number_of_waiting_commands_is_known() -> None:
    desk = Desk()

    desk.intake.on_delivery(delivery(1, "abc"))

    assert desk.worker.waiting == 3


@given(st.lists(st.integers(0, MAX_TRIES), max_size=300))
def test_chunks_cover_a_batch_in_order_and_never_mix_tries(tries: list[int]) -> None:
    cut = list(chunks(tries))

    assert list(chain.from_iterable(tries[chunk] for chunk in cut)) == tries
    for chunk in cut:
        part = tries[chunk]
        longest = CHUNK_AFTER_TRIES[min(part[0], len(CHUNK_AFTER_TRIES) - 1)]
        assert len(set(part)) == 1
        assert len(part) <= longest

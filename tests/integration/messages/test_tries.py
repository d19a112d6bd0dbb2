"""Counting how often commands were begun after a crash."""

import pytest

from libs.common.contracts.ids import CommandId
from libs.common.postgres import Database
from services.messages.store.tries import FORGET_AFTER_S, Try, TryStore
from tests.integration.messages.around import ALICE, BOB, LOBBY

FIRST: Try = (LOBBY, BOB.id, CommandId("c-1"))
SECOND: Try = (LOBBY, BOB.id, CommandId("c-2"))
ALICES: Try = (LOBBY, ALICE.id, CommandId("c-1"))


@pytest.fixture
def tries(database: Database) -> TryStore:
    return TryStore(database)


async def test_a_command_that_never_came_again_has_no_tries(tries: TryStore) -> None:
    assert await tries.tries([FIRST, SECOND]) == [0, 0]


async def test_tries_add_up_for_each_command_and_come_in_order(tries: TryStore) -> None:
    await tries.count([FIRST, SECOND], now=0)
    await tries.count([SECOND], now=1)

    assert await tries.tries([SECOND, ALICES, FIRST]) == [2, 0, 1]


async def test_a_command_twice_in_a_batch_is_tried_once(tries: TryStore) -> None:
    await tries.count([FIRST, FIRST], now=0)

    assert await tries.tries([FIRST, FIRST]) == [1, 1]


async def test_old_tries_are_forgotten(tries: TryStore) -> None:
    await tries.count([FIRST], now=0)

    await tries.count([SECOND], now=FORGET_AFTER_S + 1)

    assert await tries.tries([FIRST, SECOND]) == [0, 1]

"""Bounds on attempts whose outcome is not known yet."""

import asyncio

import pytest

from libs.common.networks import network_of
from services.auth.api.hashing import HashingBusy
from services.auth.api.limits import Line, Turns
from tests.support.clock import settle


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_a_network_of_version_6_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == network


class Queue:
    """People who want a turn, who has got one, and the moment at which all let go."""

    def __init__(self, *, at_once: int) -> None:
        self.turns = Turns(at_once=at_once)
        self.begun: list[str] = []
        self.letting_go = asyncio.Event()

    async def hold(self, who: str) -> None:
        async with self.turns.turn(who):
            self.begun.append(who)
            await self.letting_go.wait()


async def test_those_who_are_too_many_wait_for_their_turn() -> None:
    queue = Queue(at_once=2)
    people = [asyncio.create_task(queue.hold(who)) for who in ("alice", "alice", "alice", "bob")]
    await settle()
    before = list(queue.begun)

    queue.letting_go.set()
    await asyncio.gather(*people)

    assert before == ["alice", "alice", "bob"]
    assert queue.begun == ["alice", "alice", "bob", "alice"]
    assert len(queue.turns) == 0


async def test_who_loses_patience_leaves_the_line() -> None:
    queue = Queue(at_once=1)
    first = asyncio.create_task(queue.hold("alice"))
    await settle()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await queue.hold("alice")
    queue.letting_go.set()
    await first

    assert len(queue.turns) == 0
    await queue.hold("alice")


class Waiters:
    """People in a line, who has got a turn, and the moment at which all let go."""

    def __init__(self, *, max_waiting: int = 10, timeout_s: float = 30.0) -> None:
        self.line = Line(at_once=1, max_waiting=max_waiting, timeout_s=timeout_s)
        self.begun: list[str] = []
        self.letting_go = asyncio.Event()

    async def come(self, who: str) -> None:
        async with self.line.turn():
            self.begun.append(who)
            await self.letting_go.wait()


async def test_a_line_lets_people_in_in_their_order() -> None:
    waiters = Waiters()
    people = [asyncio.create_task(waiters.come(who)) for who in ("alice", "bob", "charlie")]
    await settle()
    before = list(waiters.begun)

    waiters.letting_go.set()
    await asyncio.gather(*people)

    assert (before, waiters.begun) == (["alice"], ["alice", "bob", "charlie"])


async def test_a_line_that_is_too_long_takes_nobody_more() -> None:
    waiters = Waiters(max_waiting=1)
    people = [asyncio.create_task(waiters.come(who)) for who in ("alice", "bob")]
    await settle()

    with pytest.raises(HashingBusy):
        await waiters.come("charlie")
    waiters.letting_go.set()
    await asyncio.gather(*people)

    await waiters.come("charlie")


async def test_who_has_waited_too_long_is_sent_away_and_takes_no_turn() -> None:
    waiters = Waiters(timeout_s=0.001)
    alice = asyncio.create_task(waiters.come("alice"))
    await settle()

    with pytest.raises(HashingBusy):
        await waiters.come("bob")
    waiters.letting_go.set()
    await alice

    await waiters.come("charlie")
    assert waiters.begun == ["alice", "charlie"]

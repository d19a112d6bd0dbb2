"""Bounds on attempts whose outcome is not known yet."""

import asyncio

import pytest

from libs.common.errors import TooMany
from libs.common.ratelimit import Limit
from services.auth.api.limits import FailureLimit, Turns, network_of
from tests.support.clock import settle


def limit(*, burst: int = 3, max_networks: int = 100) -> FailureLimit:
    """Return a limit of one a second."""
    return FailureLimit(Limit(per_s=1.0, burst=burst), max_networks=max_networks)


def test_after_its_burst_a_network_waits() -> None:
    failures = limit(burst=3)
    for _ in range(3):
        failures.take("192.0.2.1", 100.0)

    with pytest.raises(TooMany) as refusal:
        failures.take("192.0.2.1", 100.0)

    assert refusal.value.retry_after_ms == 1_000


def test_others_do_not_wait_with_it() -> None:
    failures = limit(burst=1)
    failures.take("192.0.2.1", 100.0)

    failures.take("192.0.2.2", 100.0)


def test_what_was_given_back_can_be_taken_again() -> None:
    failures = limit(burst=1)
    for _ in range(100):
        failures.take("192.0.2.1", 100.0)
        failures.give_back("192.0.2.1")


def test_giving_back_leaves_earlier_failures_counted() -> None:
    failures = limit(burst=2)
    failures.take("192.0.2.1", 100.0)
    failures.take("192.0.2.1", 100.0)
    failures.give_back("192.0.2.1")

    failures.take("192.0.2.1", 100.0)
    with pytest.raises(TooMany):
        failures.take("192.0.2.1", 100.0)


def test_giving_back_what_is_forgotten_changes_nothing() -> None:
    failures = limit(burst=1, max_networks=1)
    failures.take("192.0.2.1", 100.0)
    failures.take("192.0.2.2", 100.0)

    failures.give_back("192.0.2.1")

    failures.take("192.0.2.1", 100.0)


def test_time_gives_it_back_too() -> None:
    failures = limit(burst=1)
    failures.take("192.0.2.1", 100.0)

    failures.take("192.0.2.1", 101.0)


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

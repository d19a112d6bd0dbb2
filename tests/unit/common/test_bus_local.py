"""What only the in-process bus does: expiry, telling of a loss, topic patterns."""

from uuid import UUID

import pytest

from libs.common.bus.interface import Delivery, Outgoing, Queue, WhenFull
from libs.common.bus.local import LocalBus, _matches
from libs.common.bus.local_queue import LocalConsumer, LocalQueue
from libs.common.bus.topology import (
    EVENTS,
    bucket_bindings,
    bucket_key,
    person_command_key,
    room_command_key,
    shard_of,
)
from tests.support.clock import SetClock, settle

ROOM = UUID("0190b5a0-0000-7000-8000-00000000000a")


def event(body: bytes) -> Outgoing:
    return Outgoing(EVENTS, "e.1.0", "evt.v1", body)


def inbox_queue(clock: SetClock, losses: list[str], *, max_length: int = 2) -> LocalQueue:
    spec = Queue("gw.1", (), max_length, 1_000, WhenFull.DROP_OLDEST)
    return LocalQueue(spec, clock, ttl_s=30, on_loss=lambda: losses.append("lost"))


async def test_what_waited_too_long_is_dropped_and_the_loss_is_told() -> None:
    clock, losses, seen = SetClock(), list[str](), list[Delivery]()
    queue = inbox_queue(clock, losses)
    queue.put(event(b"old"))
    await clock.advance(31)
    queue.put(event(b"new"))

    LocalConsumer(queue, seen.append, prefetch=10)
    await settle()

    assert [delivery.body for delivery in seen] == [b"new"]
    assert losses == ["lost"]


async def test_what_does_not_fit_pushes_out_the_oldest_and_the_loss_is_told() -> None:
    losses, seen = list[str](), list[Delivery]()
    queue = inbox_queue(SetClock(), losses)
    for body in (b"1", b"2", b"3"):
        queue.put(event(body))

    LocalConsumer(queue, seen.append, prefetch=10)
    await settle()

    assert [delivery.body for delivery in seen] == [b"2", b"3"]
    assert losses == ["lost"]


async def test_a_message_larger_than_the_queue_is_refused() -> None:
    queue = inbox_queue(SetClock(), [])

    assert not queue.put(event(b"x" * 1_001))


async def test_a_closed_bus_forgets_its_queues() -> None:
    bus, seen = LocalBus(SetClock()), list[Delivery]()
    await bus.open_inbox("gw.1", bucket_bindings("e", 1), seen.append, on_gap=lambda: None)

    await bus.close()
    await bus.publish(event(b"gone"), timeout_s=1)
    await settle()

    assert seen == []


@pytest.mark.parametrize(
    ("pattern", "key", "fits"),
    [
        ("auth.user.updated", "auth.user.updated", True),
        ("auth.user.*", "auth.user.updated", True),
        ("auth.*", "auth.user.updated", False),
        ("auth.#", "auth.user.updated", True),
        ("#", "auth.user.updated", True),
        ("#.updated", "auth.user.updated", True),
        ("auth.user.updated.#", "auth.user.updated", True),
        ("rooms.#", "auth.user.updated", False),
    ],
)
def test_a_topic_pattern_fits_word_by_word(pattern: str, key: str, fits: bool) -> None:
    assert _matches(pattern.split("."), key.split(".")) is fits


def test_a_room_keeps_its_shard_for_ever() -> None:
    """These numbers stand in queues of running installations: they may never change."""
    assert shard_of(ROOM, 8) == 5
    assert room_command_key(ROOM, 8) == "m.5"
    assert person_command_key(ROOM, 8) == "p.5"
    assert bucket_key("e", ROOM, 256) == "e.256.181"


def test_a_gateway_that_hears_everything_is_bound_to_every_bucket() -> None:
    keys = [binding.key for binding in bucket_bindings("eu", 2)]

    assert keys == ["e.2.0", "e.2.1", "u.2.0", "u.2.1"]

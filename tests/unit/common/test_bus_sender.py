"""Sending commands: together, in order, and never dropped in silence."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import msgspec
import pytest

from libs.common.batch import Full
from libs.common.bus.interface import Bus, Outgoing, Refused, Unconfirmed
from libs.common.bus.local import LocalBus
from libs.common.bus.sender import HELD, RETRY_FIRST_S, UNWELL_AFTER, CommandSender
from libs.common.contracts.commands import Command, PostMessage, decode_commands
from libs.common.contracts.ids import CommandId
from libs.common.errors import ChatError, Draining, Unavailable
from tests.contract.samples import envelope
from tests.support.clock import CountedChance, SetClock, settle


class Wire(LocalBus):
    """A bus that notes what is published and fails as it is told to."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__(clock)
        self.published: list[list[str]] = []
        self.failures: list[Unavailable] = []

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await asyncio.sleep(0)
        if self.failures:
            raise self.failures.pop(0)
        self.published.append([command.command_id for command in decode_commands(message.body)])


class Desk:
    def __init__(self) -> None:
        self.clock = SetClock()
        self.wire = Wire(self.clock)
        self.refused: list[tuple[list[str], str]] = []
        self.sender = self.sender_on(self.wire)

    def sender_on(self, bus: Bus) -> CommandSender:
        return CommandSender(
            bus,
            ["m.0", "m.1"],
            on_refused=self.on_refused,
            publish_timeout_s=1,
            linger_s=0,
            clock=self.clock,
            chance=CountedChance(),
        )

    def on_refused(self, commands: Sequence[Command], error: ChatError) -> None:
        self.refused.append(([command.command_id for command in commands], error.code))


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    working = [asyncio.ensure_future(run()) for run in desk.sender.runs()]
    yield desk
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)


def named(name: str) -> Command:
    return msgspec.structs.replace(envelope(PostMessage(name)), command_id=CommandId(name))


async def test_what_is_sent_in_one_turn_goes_as_one_message(desk: Desk) -> None:
    desk.sender.send("m.0", named("a"))
    desk.sender.send("m.0", named("b"))
    await settle()

    assert desk.wire.published == [["a", "b"]]
    assert len(desk.sender) == 0


async def test_each_shard_has_its_own_flight(desk: Desk) -> None:
    desk.wire.failures = [Unconfirmed()]
    desk.sender.send("m.0", named("a"))
    desk.sender.send("m.1", named("b"))
    await settle()

    assert desk.wire.published == [["b"]]


async def test_what_was_not_confirmed_goes_again_before_all_else(desk: Desk) -> None:
    desk.wire.failures = [Unconfirmed(), Unconfirmed()]
    desk.sender.send("m.0", named("a"))
    await settle()
    desk.sender.send("m.0", named("b"))

    await desk.clock.advance(5)

    assert desk.wire.published == [["a"], ["b"]]
    assert desk.refused == []


async def test_senders_of_a_refused_flight_hear_it_at_once(desk: Desk) -> None:
    desk.wire.failures = [Refused()]
    desk.sender.send("m.0", named("a"))
    await settle()
    desk.sender.send("m.0", named("b"))
    await settle()

    assert desk.refused == [(["a"], "unavailable")]
    assert desk.wire.published == [["b"]]


async def test_when_nobody_serves_the_shard_senders_hear_it_at_once(desk: Desk) -> None:
    sender = desk.sender_on(LocalBus(desk.clock))
    working = [asyncio.ensure_future(run()) for run in sender.runs()]

    sender.send("m.0", named("a"))
    await settle()

    assert desk.refused == [(["a"], "unavailable")]
    for task in working:
        task.cancel()
    await asyncio.gather(*working, return_exceptions=True)


async def test_a_full_list_takes_no_more() -> None:
    sender = Desk().sender
    for _ in range(HELD.max_items):
        sender.send("m.0", named("a"))

    with pytest.raises(Full):
        sender.send("m.0", named("one too many"))


async def test_while_the_bus_is_away_nothing_new_is_taken_and_what_waits_goes_first(
    desk: Desk,
) -> None:
    desk.wire.failures = [Unconfirmed(), *(Unavailable() for _ in range(UNWELL_AFTER))]
    desk.sender.send("m.0", named("a"))
    await settle()
    desk.sender.send("m.0", named("b"))
    await desk.clock.advance(RETRY_FIRST_S)

    with pytest.raises(Unavailable):
        desk.sender.send("m.0", named("c"))
    await desk.clock.advance(5)
    desk.sender.send("m.0", named("c"))
    await settle()

    assert desk.wire.published == [["a"], ["b"], ["c"]]
    assert desk.refused == []


async def test_a_draining_sender_sends_what_it_has_and_takes_no_more(desk: Desk) -> None:
    desk.sender.send("m.0", named("a"))

    assert await desk.sender.drain(timeout_s=1) == 0

    assert desk.wire.published == [["a"]]
    with pytest.raises(Draining):
        desk.sender.send("m.0", named("late"))

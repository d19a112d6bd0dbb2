"""Asking over the bus: one question, one answer, or a clear "no"."""

import asyncio
from functools import partial

import msgspec
import pytest

from libs.common.bus.asking import Asker
from libs.common.bus.interface import Delivery, Outgoing, Unroutable
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import REPLY, room_commands
from libs.common.contracts.commands import Command, PostMessage, decode_commands
from libs.common.contracts.events import ANSWER_BATCH, Answer, encode_batch
from libs.common.contracts.ids import ConnectionId
from libs.common.errors import TimedOut
from tests.contract.samples import envelope
from tests.support.clock import SetClock


def post(text: str, origin: str, connection: ConnectionId, ref: str) -> Command:
    return msgspec.structs.replace(
        envelope(PostMessage(text)), origin=origin, connection=connection, ref=ref
    )


class Echo:
    """An owner that answers every command with its own payload, the last one first."""

    def __init__(self, bus: LocalBus) -> None:
        self._bus = bus
        self.tasks: list[asyncio.Task[None]] = []

    def __call__(self, delivery: Delivery) -> None:
        for command in decode_commands(delivery.body):
            self.tasks.append(asyncio.create_task(self.answer(command)))

    async def answer(self, command: Command) -> None:
        answer = Answer(command.connection, command.ref or "", bytes(command.payload))
        body = encode_batch([answer])
        await self._bus.publish(Outgoing(REPLY, command.origin, ANSWER_BATCH, body), timeout_s=1)


@pytest.fixture
def bus() -> LocalBus:
    return LocalBus(SetClock())


async def test_each_question_gets_its_own_answer(bus: LocalBus) -> None:
    await bus.consume(room_commands(0), Echo(bus), prefetch=10)
    asker = Asker(bus, "svc.a")
    await asker.start()

    answers = await asyncio.gather(
        *[asker.ask("m.0", partial(post, text), timeout_s=1) for text in ("one", "two")]
    )

    assert [msgspec.msgpack.decode(answer)[0] for answer in answers] == ["one", "two"]


async def test_no_answer_in_time_is_an_unknown_outcome(bus: LocalBus) -> None:
    await bus.declare(room_commands(0))
    asker = Asker(bus, "svc.a")
    await asker.start()

    with pytest.raises(TimedOut):
        await asker.ask("m.0", partial(post, "anybody?"), timeout_s=0.01)


async def test_nobody_to_ask_is_known_at_once(bus: LocalBus) -> None:
    asker = Asker(bus, "svc.a")
    await asker.start()

    with pytest.raises(Unroutable):
        await asker.ask("m.0", partial(post, "anybody?"), timeout_s=1)


async def test_an_answer_that_comes_too_late_is_dropped(bus: LocalBus) -> None:
    commands: list[Command] = []
    await bus.consume(
        room_commands(0),
        lambda delivery: commands.extend(decode_commands(delivery.body)),
        prefetch=10,
    )
    asker = Asker(bus, "svc.a")
    await asker.start()
    with pytest.raises(TimedOut):
        await asker.ask("m.0", partial(post, "late"), timeout_s=0.01)

    await Echo(bus).answer(commands[0])
    await asker.stop()


async def test_asking_before_the_start_is_a_mistake_of_ours(bus: LocalBus) -> None:
    with pytest.raises(RuntimeError):
        await Asker(bus, "svc.a").ask("m.0", partial(post, "early"), timeout_s=1)

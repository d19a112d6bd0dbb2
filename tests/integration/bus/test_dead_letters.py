"""Dead letters that name somebody are dropped at an operator's word; all others stay."""

from pathlib import Path
from uuid import UUID

import msgspec

from libs.common.bus.answering import bury
from libs.common.bus.interface import Bus, Delivery
from libs.common.bus.topology import dead_letters
from libs.common.contracts.commands import (
    ROOM_PAYLOADS,
    Command,
    PostMessage,
    decode_commands,
    read_payload,
)
from libs.common.contracts.ids import PersonId
from services.builders.dead_letters import drop
from tests.contract.samples import envelope
from tests.integration.bus.conftest import OpenBus
from tests.support.alone import Alone
from tests.support.waiting import until

BOB = PersonId(UUID("01900000-0000-7000-8000-0000000000b0"))
CHARLIE = PersonId(UUID("01900000-0000-7000-8000-0000000000c0"))
QUIET_S = 1.0


def said(by: PersonId, text: str) -> Command:
    command = envelope(PostMessage(text))
    return msgspec.structs.replace(command, actor=msgspec.structs.replace(command.actor, id=by))


async def lay(bus: Bus, *commands: Command) -> None:
    await bus.declare(dead_letters())
    for command in commands:
        await bury(bus, command, reason="poison", error_id="e1", now=0.0, timeout_s=5)


async def lying(bus: Bus, count: int) -> list[Delivery]:
    """Return the dead letters once so many lie there, and leave them."""
    found: list[Delivery] = []
    consumer = await bus.consume(dead_letters(), found.append, prefetch=100)
    await until(lambda: len(found) >= count, within_s=5)
    await consumer.close()
    return found


def texts(deliveries: list[Delivery]) -> list[str]:
    commands = [one for delivery in deliveries for one in decode_commands(delivery.body)]
    said = [read_payload(one, ROOM_PAYLOADS) for one in commands]
    return [one.content for one in said if isinstance(one, PostMessage)]


async def test_what_somebody_said_or_who_spoke_of_them_is_dropped(
    bus: Bus, new_bus: OpenBus
) -> None:
    mention = f"ask <@{BOB}>"
    commands = [said(CHARLIE, "one"), said(BOB, "two"), said(CHARLIE, mention)]
    await lay(bus, *commands, said(CHARLIE, "three"))

    assert await drop(bus, BOB, quiet_s=QUIET_S) == (2, 2)

    left = await lying(await new_bus(), 2)
    assert texts(left) == ["one", "three"]
    assert {one.reason for one in left} == {"poison"}
    assert await drop(bus, BOB, quiet_s=QUIET_S) == (0, 2)


async def test_whoever_runs_the_server_is_told_how_many(bus: Bus, url: str, tmp_path: Path) -> None:
    await lay(bus, said(BOB, "one"), said(CHARLIE, "two"))
    settings = {"BUS_URL": url}

    async with Alone("drop-dead-letters", str(BOB), keys=tmp_path, settings=settings) as command:
        status = await command.ended()

    assert status == 0
    assert command.output[-1] == "Dropped 1 dead letters; 1 that do not name this person are left"


async def test_where_none_names_them_all_stay_in_their_order(bus: Bus) -> None:
    await lay(bus, *(said(CHARLIE, str(number)) for number in range(5)))

    assert await drop(bus, BOB, quiet_s=QUIET_S) == (0, 5)

    assert texts(await lying(bus, 5)) == ["0", "1", "2", "3", "4"]

"""Answers go to whoever asked, and dead letters say why they are dead."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from libs.common.bus.answering import (
    UNREADABLE,
    acked,
    bury,
    bury_delivery,
    publish_answers,
    refused,
)
from libs.common.bus.asking import read_answer
from libs.common.bus.interface import Delivery
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import dead_letters
from libs.common.contracts.commands import Command, PostMessage, decode_commands
from libs.common.contracts.events import decode_answers
from libs.common.errors import ChatError, Forbidden
from tests.contract.samples import envelope
from tests.support.clock import TEN_O_CLOCK, SetClock, settle


class Office:
    """A bus with an inbox to which answers go, and the grave of dead letters."""

    def __init__(self) -> None:
        self.bus = LocalBus(SetClock())
        self.answers: list[Delivery] = []
        self.buried: list[Delivery] = []
        self.address = ""

    async def open(self) -> None:
        inbox = await self.bus.open_inbox("gw", (), self.answers.append, on_gap=lambda: None)
        self.address = inbox.address
        await self.bus.consume(dead_letters(), self.buried.append, prefetch=10)

    def command(self, ref: str | None) -> Command:
        return msgspec.structs.replace(envelope(PostMessage("hello")), origin=self.address, ref=ref)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    office = Office()
    await office.open()
    yield office
    await office.bus.close()


async def test_answers_to_one_inbox_go_together(office: Office) -> None:
    first, second = office.command("1"), office.command("2")

    await publish_answers(
        office.bus,
        [
            (first, acked(first, {"seq": 7}, now=TEN_O_CLOCK)),
            (second, refused(second, Forbidden(), now=TEN_O_CLOCK)),
        ],
        timeout_s=1,
    )
    await settle()

    [delivery] = office.answers
    taken, denied = decode_answers(delivery.body)
    assert (taken.ref, read_answer(taken.frame)) == ("1", {"seq": 7})
    with pytest.raises(Forbidden):
        read_answer(denied.frame)


async def test_who_waits_for_nothing_gets_no_answer(office: Office) -> None:
    quiet = office.command(None)

    assert acked(quiet, {}, now=TEN_O_CLOCK) is None
    assert refused(quiet, Forbidden(), now=TEN_O_CLOCK) is None


async def test_a_buried_command_says_why_and_its_sender_hears_that_the_fault_is_ours(
    office: Office,
) -> None:
    poison = office.command("1")

    await bury(office.bus, poison, reason="KeyError", error_id="e-1", now=TEN_O_CLOCK, timeout_s=1)
    await settle()

    [letter] = office.buried
    assert (letter.reason, decode_commands(letter.body)) == ("KeyError", [poison])
    [answer] = decode_answers(office.answers[0].body)
    with pytest.raises(ChatError) as told:
        read_answer(answer.frame)
    assert (told.value.code, told.value.error_id) == ("internal", "e-1")


async def test_a_buried_delivery_stays_as_it_came(office: Office) -> None:
    strange = Delivery("m.0", "cmd.v9", b"\xc1", 1, is_redelivered=False)

    await bury_delivery(office.bus, strange, reason=UNREADABLE, timeout_s=1)
    await settle()

    [letter] = office.buried
    assert (letter.type, letter.body, letter.reason) == ("cmd.v9", b"\xc1", "unreadable")

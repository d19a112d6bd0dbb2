"""What leaves for the bus: commands in somebody's name, leases, and who is typing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from libs.common.bus.interface import Outgoing, Refused
from libs.common.bus.topology import person_command_key, room_command_key
from libs.common.contracts.commands import (
    PERSON_PAYLOADS,
    ROOM_PAYLOADS,
    Command,
    CompleteReport,
    LeaseChange,
    PostMessage,
    ReportLease,
    SetPresence,
    read_payload,
)
from libs.common.contracts.events import decode_signals
from libs.common.contracts.frames import Typing
from libs.common.contracts.ids import CommandId, RoomId
from libs.common.errors import Unavailable
from libs.common.times import rfc3339
from services.gateway.connection.sending import Sending, tell_refused
from services.gateway.connection.typing import MAX_WAITING, TypingSignals
from services.gateway.core.effects import ShowTyping, Submit
from services.gateway.core.places import Place
from services.gateway.hub.people import People
from tests.support.clock import CountedChance, SetClock, settle
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW, standing

POST = PostMessage("hello")
ROSTER = UUID(int=77)


class FakeSender:
    def __init__(self) -> None:
        self.sent: list[tuple[str, Command]] = []
        self.is_full = False

    def send(self, key: str, command: Command) -> None:
        if self.is_full:
            raise Unavailable
        self.sent.append((key, command))


def sending(sender: FakeSender) -> Sending:
    return Sending(
        sender,
        origin=lambda: "gateway.1.7",
        gateway="gateway.1",
        shards=4,
        command_timeout_s=10,
        clock=SetClock(NOW),
        chance=CountedChance(),
    )


def submit(client: FakeClient, at: Sending, **more: Any) -> None:
    said: dict[str, Any] = {"subject": LOBBY, "payload": POST, "command_id": CommandId("m")}
    said |= {"ref": "r"} | more
    if said["ref"] is not None:
        client.session.duties.pending.add(said["ref"], by=NOW + 10)
    at.submit(client, Submit(**said))


def test_a_command_goes_to_the_owner_of_the_room_in_the_persons_name() -> None:
    sender, alice = FakeSender(), FakeClient()

    submit(alice, sending(sender))

    [(key, command)] = sender.sent
    assert key == room_command_key(LOBBY, 4)
    assert read_payload(command, ROOM_PAYLOADS) == POST
    assert (command.actor, command.command_id, command.ref) == (ALICE, "m", "r")
    assert (command.origin, command.connection) == ("gateway.1.7", "c-1")
    assert command.deadline == NOW + 10
    assert len(command.traceparent) == 55


def test_presence_goes_to_the_owner_of_the_person() -> None:
    sender = FakeSender()

    submit(FakeClient(), sending(sender), subject=ALICE.id, payload=SetPresence("away"))

    assert sender.sent[0][0] == person_command_key(ALICE.id, 4)


def test_a_command_without_ref_wants_no_answer() -> None:
    sender = FakeSender()

    submit(FakeClient(), sending(sender), ref=None)

    assert sender.sent[0][1].origin == ""


def test_a_command_that_cannot_be_sent_is_refused_at_once() -> None:
    sender, alice = FakeSender(), FakeClient()
    sender.is_full = True
    alice.frames()

    submit(alice, sending(sender))
    submit(alice, sending(sender), ref=None)

    [error] = alice.frames()
    assert (error["ref"], error["data"]["code"]) == ("r", "unavailable")


def test_what_the_bus_did_not_take_is_refused_to_who_waits() -> None:
    sender, alice, people = FakeSender(), FakeClient(), People()
    people.add(alice, max_of_person=9)
    for ref in ("a", "b", None):
        submit(alice, sending(sender), ref=ref)
    alice.session.duties.pending.settle("b")
    alice.frames()

    tell_refused(people, [command for _, command in sender.sent], Unavailable())
    people.remove(alice)
    tell_refused(people, [command for _, command in sender.sent], Unavailable())

    assert [frame["ref"] for frame in alice.frames()] == ["a"]


@pytest.mark.parametrize(
    ("change", "rooms"),
    [(LeaseChange.OPENED, (LOBBY,)), (LeaseChange.RENEWED, (LOBBY,)), (LeaseChange.CLOSED, ())],
)
def test_a_lease_names_all_rooms(change: LeaseChange, rooms: tuple[RoomId, ...]) -> None:
    sender, alice = FakeSender(), FakeClient()
    alice.listen_to(standing())

    sending(sender).report(alice, change)

    [(key, command)] = sender.sent
    assert key == person_command_key(ALICE.id, 4)
    lease = read_payload(command, PERSON_PAYLOADS)
    assert lease == ReportLease(change, alice.connection_id, "gateway.1", rooms)


def test_a_lease_that_cannot_be_sent_is_made_good_by_the_next() -> None:
    sender, alice = FakeSender(), FakeClient()
    sender.is_full = True
    alice.frames()

    sending(sender).report(alice, LeaseChange.RENEWED)

    assert alice.frames() == []


def test_whether_a_report_was_taken_is_said() -> None:
    sender, alice = FakeSender(), FakeClient()
    at = sending(sender)
    assert (at.report(alice, LeaseChange.RENEWED), at.complete_report(ROSTER)) == (True, True)

    sender.is_full = True

    assert (at.report(alice, LeaseChange.RENEWED), at.complete_report(ROSTER)) == (False, False)


def test_that_those_were_all_is_said_on_every_shard_in_the_name_of_the_gateway() -> None:
    sender = FakeSender()

    sending(sender).complete_report(ROSTER)

    assert [key for key, _ in sender.sent] == ["p.0", "p.1", "p.2", "p.3"]
    assert {(one.subject, one.ref, one.origin) for _, one in sender.sent} == {(ROSTER, None, "")}
    said = [read_payload(command, PERSON_PAYLOADS) for _, command in sender.sent]
    assert said == [CompleteReport("gateway.1", shard) for shard in range(4)]


class RecordingBus:
    """The one end of a bus that a signal needs; it takes messages unless it is full."""

    def __init__(self) -> None:
        self.messages: list[Outgoing] = []
        self.is_full = False

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        await asyncio.sleep(0)
        if self.is_full:
            raise Refused
        self.messages.append(message)


@asynccontextmanager
async def typing(bus: RecordingBus) -> AsyncIterator[TypingSignals]:
    at = TypingSignals(bus, event_buckets=4, expires_ms=6_000, clock=SetClock(NOW))
    worker = asyncio.create_task(at.run())
    yield at
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_typing_is_a_signal_to_the_others() -> None:
    bus, alice = RecordingBus(), FakeClient()

    async with typing(bus) as at:
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        await settle()

    [message] = bus.messages
    [signal] = decode_signals(message.body)
    assert (signal.room_id, signal.person_id, signal.not_to) == (LOBBY, ALICE.id, "c-1")
    shown = Typing.model_validate_json(signal.frame)
    assert (shown.ts, shown.data.expires_in_ms) == (rfc3339(NOW), 6_000)


async def test_signals_of_one_turn_travel_together_and_only_the_last_counts() -> None:
    bus, alice, bob = RecordingBus(), FakeClient(), FakeClient(BOB, name="c-2")

    async with typing(bus) as at:
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        at.show(bob, ShowTyping(LOBBY, is_typing=True))
        at.show(alice, ShowTyping(LOBBY, is_typing=False))
        await settle()

    signals = [signal for message in bus.messages for signal in decode_signals(message.body)]
    shown = [Typing.model_validate_json(signal.frame).data for signal in signals]
    assert {(one.person_id, one.is_typing) for one in shown} == {(ALICE.id, False), (BOB.id, True)}
    assert len(bus.messages) == 1


async def test_a_muted_person_is_not_shown() -> None:
    bus, alice = RecordingBus(), FakeClient()
    muted = Place.of(standing(muted_until=NOW + 60))
    alice.session.duties.places.joined(LOBBY, muted)

    async with typing(bus) as at:
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        await settle()

    assert bus.messages == []


async def test_typing_that_cannot_be_sent_is_lost() -> None:
    bus, alice = RecordingBus(), FakeClient()

    async with typing(bus) as at:
        bus.is_full = True
        at.show(alice, ShowTyping(LOBBY, is_typing=True))
        await settle()
        bus.is_full = False
        at.show(alice, ShowTyping(ATTIC, is_typing=True))
        await settle()

    [message] = bus.messages
    assert [signal.room_id for signal in decode_signals(message.body)] == [ATTIC]


async def test_only_so_much_typing_waits() -> None:
    bus = RecordingBus()
    at = TypingSignals(bus, event_buckets=1, expires_ms=6_000, clock=SetClock(NOW))
    alice = FakeClient()

    for number in range(MAX_WAITING + 10):
        at.show(alice, ShowTyping(RoomId(UUID(int=number)), is_typing=True))
    worker = asyncio.create_task(at.run())
    await settle()
    worker.cancel()

    assert sum(len(decode_signals(message.body)) for message in bus.messages) == MAX_WAITING

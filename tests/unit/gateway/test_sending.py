"""What leaves for the bus: commands in somebody's name, and leases."""

from typing import Any
from uuid import UUID

import pytest

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
from libs.common.contracts.ids import CommandId, RoomId
from libs.common.errors import Unavailable
from services.gateway.connection.sending import Sending, tell_refused
from services.gateway.core.effects import Submit
from services.gateway.core.unanswered import Unanswered
from services.gateway.hub.people import People
from tests.support.clock import CountedChance, SetClock
from tests.unit.gateway.fakes import ALICE, LOBBY
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


def unanswered(*, max_commands: int = 9) -> Unanswered:
    return Unanswered(slow_s=2.0, forget_s=20.0, max_commands=max_commands)


def sending(sender: FakeSender, waiting: Unanswered | None = None) -> Sending:
    return Sending(
        sender,
        unanswered=unanswered() if waiting is None else waiting,
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

    tell_refused(people, unanswered(), [command for _, command in sender.sent], Unavailable())
    people.remove(alice)
    tell_refused(people, unanswered(), [command for _, command in sender.sent], Unavailable())

    assert [frame["ref"] for frame in alice.frames()] == ["a"]


def test_a_client_hears_at_once_that_there_is_too_much_to_do() -> None:
    sender, alice = FakeSender(), FakeClient()
    at = sending(sender, unanswered(max_commands=1))
    submit(alice, at, ref="a")
    alice.frames()

    submit(alice, at, ref="b")

    [frame] = alice.frames()
    assert (frame["ref"], frame["data"]["code"]) == ("b", "unavailable")
    assert frame["data"]["retry_after_ms"] == 1_000
    assert len(sender.sent) == 1


def test_what_was_not_sent_is_not_waited_for() -> None:
    sender, alice, waiting = FakeSender(), FakeClient(), unanswered()
    at = sending(sender, waiting)
    sender.is_full = True
    submit(alice, at, ref="a")
    assert len(waiting) == 0

    sender.is_full = False
    submit(alice, at, ref="b")
    assert len(waiting) == 1
    tell_refused(People(), waiting, [command for _, command in sender.sent], Unavailable())

    assert len(waiting) == 0


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

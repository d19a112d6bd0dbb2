"""A room tells each listener in the form that it can read, and makes each form once."""

import json
from typing import Literal

import pytest

from libs.common.contracts.events import Personal, RoomEvent, Signal
from libs.common.contracts.ids import Seq
from services.gateway.core import effects
from services.gateway.core.apart import Apart
from services.gateway.core.forms import framed
from services.gateway.core.outbox import PLAIN, Form
from services.gateway.hub.joining import Allowance, Joining
from services.gateway.hub.people import People
from services.gateway.hub.room import Room
from tests.unit.gateway.fakes import ALICE, BOB, CHARLIE, LOBBY
from tests.unit.gateway.listening import FakeClient, payloads
from tests.unit.gateway.speaking import new_session, say

DEFLATED = Form(1_024, is_batched=False)
BATCHED = Form(None, is_batched=True)
BOTH = Form(1_024, is_batched=True)
ALL = (PLAIN, DEFLATED, BATCHED, BOTH)


def text(seq: int) -> bytes:
    return json.dumps({"type": "message", "seq": seq, "data": "tea " * 400}).encode()


def long_event(seq: int) -> RoomEvent:
    return RoomEvent(LOBBY, Seq(seq), text(seq))


@pytest.fixture
def room() -> Room:
    return Room(LOBBY)


def listener(room: Room, form: Form = PLAIN) -> FakeClient:
    """Let somebody in who can read this form."""
    client = FakeClient(name=f"c-{len(room.live)}")
    client.outbox.form = form
    come_in(room, client)
    return client


def come_in(room: Room, client: FakeClient) -> Joining:
    joining = room.expect(client, Allowance())
    room.stream.last = room.stream.last or Seq(0)
    room.go_live(client, joining)
    return joining


def test_each_listener_gets_its_own_form(room: Room) -> None:
    clients = [listener(room, form) for form in ALL]
    events = [long_event(1), long_event(2)]

    assert room.deliver(events) == 8

    told = [client.outbox.take() for client in clients]
    assert told == [framed([event.frame for event in events], form) for form in ALL]
    assert len(set(told)) == 4


def test_events_of_one_batch_count_one_by_one(room: Room) -> None:
    client = listener(room, BATCHED)

    room.deliver([long_event(seq) for seq in range(1, 9)])

    assert len(client.outbox) == 8
    [array] = payloads(client.outbox.take())
    assert json.loads(array) == [json.loads(text(seq)) for seq in range(1, 9)]


def test_listeners_of_one_form_share_its_bytes(room: Room) -> None:
    clients = [listener(room, BOTH) for _ in range(2)]

    room.deliver([long_event(1), long_event(2)])

    first, second = (client.outbox.take() for client in clients)
    assert first is second


def test_who_leaves_takes_the_form_along(room: Room) -> None:
    plain, deflated = listener(room), listener(room, DEFLATED)
    room.leave(deflated)

    room.deliver([long_event(1)])

    assert plain.heard() == [1]
    assert len(deflated.outbox) == 0


def test_a_form_announced_late_counts_from_the_next_join_at_the_latest(room: Room) -> None:
    client = listener(room)
    client.outbox.form = BATCHED
    come_in(room, client)

    room.deliver([long_event(1), long_event(2)])

    [array] = payloads(client.outbox.take())
    assert [frame["seq"] for frame in json.loads(array)] == [1, 2]


def test_what_was_held_on_the_way_in_is_deflated_too(room: Room) -> None:
    client = FakeClient()
    client.outbox.form = DEFLATED
    room.stream.last = Seq(1)
    joining = room.expect(client, Allowance())
    room.deliver([long_event(1)])

    room.go_live(client, joining)
    room.deliver([long_event(2)])

    expected = framed([long_event(1).frame, long_event(2).frame], DEFLATED)
    assert client.outbox.take() == expected


def test_who_waits_for_the_bus_gets_its_form(room: Room) -> None:
    client = FakeClient()
    client.outbox.form = DEFLATED
    joining = room.expect(client, Allowance())
    joining.position = Seq(1)
    room.go_live(client, joining)

    room.deliver([long_event(2)])

    assert client.outbox.take() == framed([long_event(2).frame], DEFLATED)


@pytest.mark.parametrize("kind", ["presence", "typing"])
def test_a_long_state_is_deflated(room: Room, kind: Literal["presence", "typing"]) -> None:
    plain, deflated = listener(room), listener(room, DEFLATED)
    frame = json.dumps({"type": kind, "users": ["somebody"] * 400}).encode()

    room.signal(Signal(LOBBY, kind, ALICE.id, frame), Apart())

    assert plain.outbox.take() == framed([frame], PLAIN)
    assert deflated.outbox.take() == framed([frame], DEFLATED)


def test_batches_are_switched_on_before_anything_is_told() -> None:
    wanted = say(new_session(), "auth", {"token": "t", "features": ["batch"]})

    assert wanted == [effects.Batch(), effects.Admit("t")]


def test_connections_of_one_person_get_their_forms() -> None:
    people = People()
    clients = [FakeClient(BOB, name=f"c-{at}") for at in range(3)]
    for client, form in zip(clients, (PLAIN, DEFLATED, BOTH), strict=True):
        client.outbox.form = form
        people.add(client, max_of_person=3)
    frame = long_event(1).frame

    assert people.tell(Personal(BOB.id, "room_added", frame)) == 3
    assert people.tell(Personal(CHARLIE.id, "room_added", frame)) == 0

    told = [client.outbox.take() for client in clients]
    assert told == [framed([frame], form) for form in (PLAIN, DEFLATED, DEFLATED)]
    assert told[1] is told[2]

"""Presence and receipts on their way to those who listen: only the newest, and it always comes."""

import json
from uuid import UUID

import pytest

from libs.common.contracts.events import Signal, SignalKind
from libs.common.contracts.ids import PersonId, RoomId, Seq
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import HELD_STATES, Allowance, Joining
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, LOBBY, event
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW, standing


@pytest.fixture
def hub() -> Hub:
    return Hub(SetClock(NOW))


def on_the_way(
    hub: Hub, client: FakeClient, *, room_id: RoomId = LOBBY, allowance: Allowance | None = None
) -> Joining:
    """Bring somebody to where everything that comes is held for them."""
    joining = hub.expect(client, room_id, allowance or Allowance())
    hub.meet(joining, standing(room_id, head_seq=Seq(0)))
    return joining


def join(hub: Hub, client: FakeClient) -> None:
    hub.go_live(client, LOBBY, on_the_way(hub, client))


def signal(
    data: str,
    *,
    kind: SignalKind = "presence",
    person_id: PersonId = BOB.id,
    room_id: RoomId = LOBBY,
) -> Signal:
    return Signal(room_id, kind, person_id, json.dumps({"type": kind, "data": data}).encode())


def test_a_state_that_comes_during_a_join_follows_it(hub: Hub) -> None:
    alice = FakeClient()
    joining = on_the_way(hub, alice)
    for data in ("online", "away"):
        hub.on_signal(signal(data))
    hub.on_events([event(1)])
    assert alice.heard() == []

    hub.go_live(alice, LOBBY, joining)

    assert [frame["data"] for frame in alice.frames()] == ["hello", "away"]


def test_a_state_that_comes_while_joining_anew_is_not_lost(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)
    joining = hub.expect(alice, LOBBY, Allowance())

    hub.on_signal(signal("7", kind="receipt"))
    hub.go_live(alice, LOBBY, joining)

    assert [frame["type"] for frame in alice.frames()] == ["receipt"]


def test_who_waits_for_the_bus_hears_states_at_once(hub: Hub) -> None:
    alice, bob = FakeClient(), FakeClient(BOB)
    join(hub, bob)
    joining = on_the_way(hub, alice)
    joining.position = Seq(5)
    hub.go_live(alice, LOBBY, joining)

    hub.on_signal(signal("away"))

    assert alice.heard() == ["presence"]


def test_nobody_is_told_later_that_somebody_was_typing(hub: Hub) -> None:
    alice = FakeClient()
    joining = on_the_way(hub, alice)

    hub.on_signal(signal("now", kind="typing"))
    hub.go_live(alice, LOBBY, joining)

    assert alice.heard() == []


def test_who_gives_up_joining_hears_nothing(hub: Hub) -> None:
    alice = FakeClient()
    on_the_way(hub, alice)
    hub.on_signal(signal("away"))

    hub.leave(alice, LOBBY)

    assert alice.heard() == []


def test_more_states_than_can_be_held_end_the_join(hub: Hub) -> None:
    alice, allowance = FakeClient(), Allowance()
    lobby = on_the_way(hub, alice, allowance=allowance)
    attic = on_the_way(hub, alice, room_id=ATTIC, allowance=allowance)
    people = [PersonId(UUID(int=number)) for number in range(HELD_STATES)]
    for person_id in people:
        hub.on_signal(signal("away", person_id=person_id))
        hub.on_signal(signal("online", person_id=person_id))
    assert not lobby.is_cancelled

    hub.on_signal(signal("online", person_id=ALICE.id, room_id=ATTIC))

    assert (lobby.is_cancelled, attic.is_cancelled) == (False, True)


def test_what_is_told_of_a_room_stays_behind_what_was_told_of_people_before(hub: Hub) -> None:
    alice = FakeClient()
    joining = on_the_way(hub, alice)
    hub.on_signal(signal("everybody", person_id=PersonId(LOBBY)))
    hub.on_signal(signal("bob is away"))
    hub.on_signal(signal("everybody again", person_id=PersonId(LOBBY)))

    hub.go_live(alice, LOBBY, joining)

    assert [frame["data"] for frame in alice.frames()] == ["bob is away", "everybody again"]


def test_who_left_a_room_hears_nothing_of_who_is_there(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)
    hub.on_signal(signal("everybody", person_id=PersonId(LOBBY)))

    hub.leave(alice, LOBBY)
    alice.forget_room(LOBBY)

    assert alice.heard() == []

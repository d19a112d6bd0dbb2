"""Who hears what: events to those who listen, each as one frame, and nothing after a removal."""

import pytest

from libs.common.contracts.events import EVERYBODY, RoomHead, Signal
from libs.common.contracts.ids import ConnectionId, Epoch, RoomId, Seq
from services.gateway.core.stream import DIGEST_S, SWAPPED_S
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import HELD_BYTES, HELD_EVENTS, Allowance, Joining
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import ALICE, ATTIC, BOB, CHARLIE, LOBBY, event
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW, standing


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def hub(clock: SetClock) -> Hub:
    return Hub(clock)


def join(hub: Hub, client: FakeClient, *, head: int = 0, room_id: RoomId = LOBBY) -> Joining:
    """Take somebody through the whole way in, without a replay."""
    joining = hub.expect(client, room_id, Allowance())
    hub.meet(joining, standing(room_id, head_seq=Seq(head)))
    joining.position = max(Seq(head), hub.head_of(room_id))
    hub.go_live(client, room_id, joining)
    return joining


def test_an_event_goes_to_all_who_listen(hub: Hub) -> None:
    alice, bob, elsewhere = FakeClient(), FakeClient(BOB), FakeClient(CHARLIE)
    join(hub, alice)
    join(hub, bob)
    join(hub, elsewhere, room_id=ATTIC)

    assert hub.on_events([event(1)]) == 2

    assert (alice.heard(), bob.heard(), elsewhere.heard()) == ([1], [1], [])


def test_an_event_of_a_room_that_nobody_hears_is_skipped(hub: Hub) -> None:
    assert hub.on_events([event(1)]) == 0
    assert hub.room_ids == []


def test_a_room_goes_with_its_last_listener(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)
    assert hub.room_ids == [LOBBY]

    hub.leave(alice, LOBBY)

    assert hub.room_ids == []
    hub.on_events([event(1)])
    assert alice.heard() == []


def test_what_comes_on_the_way_in_is_held_and_then_sent(hub: Hub) -> None:
    alice = FakeClient()
    joining = hub.expect(alice, LOBBY, Allowance())
    hub.on_events([event(5)])
    hub.meet(joining, standing(head_seq=Seq(5)))
    hub.on_events([event(6)])
    hub.on_events([event(7)])
    assert alice.heard() == []

    joining.position = Seq(5)
    assert hub.is_next(LOBBY, joining)
    hub.go_live(alice, LOBBY, joining)
    hub.on_events([event(8)])

    assert alice.heard() == [6, 7, 8]


def test_a_listener_ahead_of_the_bus_hears_nothing_twice(hub: Hub) -> None:
    alice, bob = FakeClient(), FakeClient(BOB)
    join(hub, alice)
    join(hub, bob, head=2)

    for seq in (1, 2, 3, 4):
        hub.on_events([event(seq)])

    assert alice.heard() == [1, 2, 3, 4]
    assert bob.heard() == [3, 4]


def test_what_cannot_be_held_has_to_be_read_again(hub: Hub) -> None:
    alice = FakeClient()
    joining = hub.expect(alice, LOBBY, Allowance())
    hub.meet(joining, standing(head_seq=Seq(0)))
    for seq in range(1, HELD_EVENTS + 3):
        hub.on_events([event(seq)])

    assert not hub.is_next(LOBBY, joining)
    joining.position = Seq(HELD_EVENTS + 1)
    assert hub.is_next(LOBBY, joining)


def test_an_allowance_counts_bytes_and_is_given_back() -> None:
    allowance = Allowance()
    joining = Joining(allowance)
    large = event(1, text="x" * (HELD_BYTES // 2))

    joining.hold(large, ALICE.id)
    joining.hold(large, ALICE.id)
    assert allowance.events == HELD_EVENTS

    joining.hold(large, ALICE.id)
    joining.let_go()
    assert allowance.size == HELD_BYTES


def test_a_removed_member_hears_of_it_and_nothing_after(hub: Hub) -> None:
    alice, bob, phone = FakeClient(), FakeClient(BOB), FakeClient(BOB, name="c-2")
    for client in (alice, bob, phone):
        join(hub, client)

    hub.on_events([event(1, detach=str(BOB.id), reason="banned")])
    hub.on_events([event(2)])

    assert alice.heard() == [1, 2]
    assert bob.heard() == phone.heard() == [1, "room_left"]
    assert bob.lost == [(LOBBY, "banned")]


def test_a_deleted_room_lets_everybody_go(hub: Hub) -> None:
    alice, bob = FakeClient(), FakeClient(BOB)
    join(hub, alice)
    join(hub, bob)

    hub.on_events([event(1, detach=EVERYBODY, reason="deleted")])

    assert alice.heard() == bob.heard() == [1, "room_left"]
    assert hub.room_ids == []


def test_a_removal_that_was_held_counts(hub: Hub) -> None:
    bob = FakeClient(BOB)
    joining = hub.expect(bob, LOBBY, Allowance())
    hub.meet(joining, standing(head_seq=Seq(0)))
    hub.on_events([event(1)])
    hub.on_events([event(2, detach=str(BOB.id), reason="removed")])
    hub.on_events([event(3)])

    hub.go_live(bob, LOBBY, joining)

    assert bob.heard() == [1, 2, "room_left"]
    assert hub.room_ids == []


def test_a_removal_before_somebody_came_back_does_not(hub: Hub) -> None:
    bob = FakeClient(BOB)
    joining = hub.expect(bob, LOBBY, Allowance())
    hub.meet(joining, standing(head_seq=Seq(9)))

    assert not joining.ends_with(Seq(8), str(BOB.id), BOB.id)
    assert joining.ends_with(Seq(10), str(BOB.id), BOB.id)


def test_who_leaves_on_the_way_in_is_turned_back(hub: Hub) -> None:
    alice = FakeClient()
    joining = hub.expect(alice, LOBBY, Allowance())

    hub.leave(alice, LOBBY)

    assert joining.is_cancelled
    assert hub.room_ids == []


def test_a_hole_becomes_due_and_is_closed_for_all(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)
    hub.on_events([event(2)])
    assert hub.due(NOW) == []

    [room] = hub.due(NOW + SWAPPED_S)
    room.stream.asked()
    hub.repair(room, [event(1)])

    assert alice.heard() == [1, 2]
    assert hub.due(NOW + 100) == []


def test_a_digest_shows_a_lost_last_event(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)

    hub.on_head(RoomHead(LOBBY, Seq(1)))
    hub.on_head(RoomHead(ATTIC, Seq(9)))

    assert hub.due(NOW + DIGEST_S - 0.1) == []
    assert [room.room_id for room in hub.due(NOW + DIGEST_S)] == [LOBBY]


def test_a_hole_that_is_given_up_is_told_as_a_gap(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice, head=3)
    hub.on_events([event(900)])
    [room] = hub.due(NOW + SWAPPED_S)

    hub.give_up(room, Seq(899), Epoch("e"), "too_many")
    hub.on_events([event(901)])

    gap, *events = alice.frames()
    assert gap["data"] == {"from_seq": 4, "to_seq": 899, "reason": "too_many"}
    assert gap["room_id"] == str(LOBBY)
    assert [frame["seq"] for frame in events] == [900, 901]


def test_a_rewound_log_is_noticed_by_who_comes_next(hub: Hub) -> None:
    alice, bob, charlie = FakeClient(), FakeClient(BOB), FakeClient(CHARLIE)
    join(hub, alice, head=50)
    slow = hub.expect(charlie, LOBBY, Allowance())

    joining = hub.expect(bob, LOBBY, Allowance())
    hub.meet(joining, standing(head_seq=Seq(9), epoch=Epoch("restored")))

    [gap] = alice.frames()
    assert gap["data"] == {"from_seq": 1, "to_seq": 9, "reason": "epoch"}
    assert slow.is_cancelled
    assert not joining.is_cancelled
    hub.on_events([event(10)])
    assert alice.heard() == [10]


def test_who_waits_for_the_bus_hears_of_a_gap_too(hub: Hub) -> None:
    alice, bob = FakeClient(), FakeClient(BOB)
    join(hub, alice)
    join(hub, bob, head=5)
    hub.on_head(RoomHead(LOBBY, Seq(900)))
    [room] = hub.due(NOW + DIGEST_S)

    hub.give_up(room, Seq(900), Epoch("e"), "too_many")

    assert bob.heard() == ["gap"]


def test_a_repair_that_comes_too_late_is_ignored(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)
    hub.on_events([event(2)])
    [room] = hub.due(NOW + SWAPPED_S)
    hub.leave(alice, LOBBY)

    hub.repair(room, [event(1)])
    hub.give_up(room, Seq(5), Epoch("e"), "too_many")

    assert alice.heard() == []


def test_a_signal_goes_to_all_but_its_sender(hub: Hub) -> None:
    alice, phone, bob = FakeClient(), FakeClient(name="c-2"), FakeClient(BOB, name="c-3")
    for client in (alice, phone, bob):
        join(hub, client)

    typing = Signal(LOBBY, "typing", ALICE.id, b'{"type":"typing"}', ConnectionId("c-1"))
    hub.on_signal(typing)
    hub.on_signal(Signal(ATTIC, "typing", ALICE.id, b"{}"))

    assert (alice.heard(), phone.heard(), bob.heard()) == ([], ["typing"], ["typing"])


def test_of_two_states_of_a_person_only_the_newer_is_sent(hub: Hub) -> None:
    alice = FakeClient()
    join(hub, alice)
    join(hub, alice, room_id=ATTIC)

    for room_id, state in ((LOBBY, "away"), (ATTIC, "online"), (LOBBY, "online")):
        frame = f'{{"type":"presence","data":"{state}"}}'.encode()
        hub.on_signal(Signal(room_id, "presence", BOB.id, frame))

    assert [frame["data"] for frame in alice.frames()] == ["online"]


def test_position_is_known_of_live_listeners_only(hub: Hub) -> None:
    alice, bob = FakeClient(), FakeClient(BOB)
    join(hub, alice, head=4)

    assert hub.position(alice, LOBBY) == (4, "e")
    assert hub.position(bob, LOBBY) is None
    assert hub.position(alice, ATTIC) is None
    assert hub.head_of(ATTIC) == 0

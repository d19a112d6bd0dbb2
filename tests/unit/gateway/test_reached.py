"""How far somebody was sent a room: what a poll goes on from."""

from libs.common.contracts.ids import Seq
from services.gateway.connection.way import Way
from services.gateway.core.effects import From
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import Allowance
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import ALICE, FIRST_EPOCH, LOBBY, event
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW, standing

HERE = standing(LOBBY, head_seq=Seq(7), epoch=FIRST_EPOCH)


def way_in(hub: Hub, alice: FakeClient, *, seq: int) -> Way:
    joining = hub.expect(alice, LOBBY, Allowance())
    return Way(From(LOBBY, Seq(seq), FIRST_EPOCH), joining, was_at=None)


def test_nothing_is_known_before_the_log_was_asked() -> None:
    hub, alice = Hub(SetClock(NOW)), FakeClient(ALICE)
    way_in(hub, alice, seq=3)

    assert hub.reached(alice, LOBBY) is None


def test_on_the_way_in_it_is_what_was_replayed() -> None:
    hub, alice = Hub(SetClock(NOW)), FakeClient(ALICE)
    way = way_in(hub, alice, seq=3)
    hub.meet(way.joining, HERE)
    way.plan(HERE, longest=100)
    assert hub.reached(alice, LOBBY) == (3, FIRST_EPOCH)

    way.joining.position = Seq(5)

    assert hub.reached(alice, LOBBY) == (5, FIRST_EPOCH)


def test_a_gap_counts_once_it_is_told() -> None:
    hub, alice = Hub(SetClock(NOW)), FakeClient(ALICE)
    way = way_in(hub, alice, seq=3)
    hub.meet(way.joining, HERE)

    way.plan(HERE, longest=2)

    assert way.gap is not None
    assert hub.reached(alice, LOBBY) is None
    way.told(way.gap)
    assert hub.reached(alice, LOBBY) == (7, FIRST_EPOCH)


def test_a_live_listener_has_all_that_the_room_let_out() -> None:
    hub, alice = Hub(SetClock(NOW)), FakeClient(ALICE)
    way = way_in(hub, alice, seq=7)
    hub.meet(way.joining, HERE)
    way.plan(HERE, longest=100)
    hub.go_live(alice, LOBBY, way.joining)

    hub.on_events([event(8), event(10)])

    assert hub.reached(alice, LOBBY) == (8, FIRST_EPOCH)

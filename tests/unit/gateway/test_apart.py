"""Between two of whom one has blocked the other nothing of a person is shown."""

import json
from typing import Any

import pytest

from libs.common.contracts.events import Signal, SignalKind
from libs.common.contracts.ids import PersonId, RoomId, Seq
from services.gateway.core.apart import NOBODY, Apart, without
from services.gateway.hub.hub import Hub
from services.gateway.hub.joining import Allowance
from tests.support.clock import SetClock
from tests.unit.gateway.fakes import ALICE, BOB, CHARLIE, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW, standing


class Room:
    """The lobby with Alice and Charlie in it."""

    def __init__(self) -> None:
        self.hub = Hub(SetClock(NOW))
        self.alice, self.charlie = FakeClient(ALICE), FakeClient(CHARLIE, name="c-3")
        for client in (self.alice, self.charlie):
            joining = self.hub.expect(client, LOBBY, Allowance())
            self.hub.meet(joining, standing(LOBBY, head_seq=Seq(0)))
            self.hub.go_live(client, LOBBY, joining)

    def heard(self) -> tuple[list[Any], list[Any]]:
        return self.alice.heard(), self.charlie.heard()


def about(person_id: PersonId, kind: SignalKind) -> Signal:
    frame = json.dumps({"type": kind, "data": {"person_id": str(person_id)}}).encode()
    return Signal(LOBBY, kind, person_id, frame)


def who_is_there(*people: PersonId, room_id: RoomId = LOBBY) -> Signal:
    """Return the room's form of presence."""
    users = [{"person_id": str(one), "state": "online", "rev": 1} for one in people]
    data = {"users": users, "online_count": len(users)}
    frame = json.dumps({"type": "presence", "room_id": str(room_id), "data": data}).encode()
    return Signal(room_id, "presence", PersonId(room_id), frame)


KINDS: tuple[SignalKind, ...] = ("typing", "presence", "receipt")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", [(ALICE, BOB), (BOB, ALICE)], ids=["blocking", "blocked"])
def test_nothing_of_either_is_told_to_the_other(kind: SignalKind, who: Any) -> None:
    room = Room()
    room.hub.apart.put(who[0].id, who[1].id)

    room.hub.on_signal(about(BOB.id, kind))

    assert room.heard() == ([], [kind])


@pytest.mark.parametrize("kind", KINDS)
def test_all_is_told_again_once_nobody_blocks_anybody(kind: SignalKind) -> None:
    room = Room()
    room.hub.apart.put(ALICE.id, BOB.id)
    room.hub.apart.take(BOB.id, ALICE.id)

    room.hub.on_signal(about(BOB.id, kind))

    assert room.heard() == ([kind], [kind])
    assert not room.hub.apart


def test_who_is_there_is_told_to_each_without_those_hidden_from_them() -> None:
    room = Room()
    room.hub.apart.put(ALICE.id, BOB.id)

    room.hub.on_signal(who_is_there(ALICE.id, BOB.id, CHARLIE.id))

    [alice], [charlie] = room.alice.frames(), room.charlie.frames()
    seen = [user["person_id"] for user in alice["data"]["users"]]
    assert seen == [str(ALICE.id), str(CHARLIE.id)]
    assert alice["data"]["online_count"] == 2
    assert len(charlie["data"]["users"]) == charlie["data"]["online_count"] == 3


def test_a_state_is_not_held_for_somebody_on_the_way_in_from_whom_it_is_hidden() -> None:
    room = Room()
    room.hub.apart.put(ALICE.id, BOB.id)
    joining = room.hub.expect(room.alice, LOBBY, Allowance())
    room.hub.meet(joining, standing(LOBBY, head_seq=Seq(0)))
    for signal in (about(BOB.id, "presence"), who_is_there(ALICE.id, BOB.id)):
        room.hub.on_signal(signal)

    room.hub.go_live(room.alice, LOBBY, joining)

    [only] = room.alice.frames()
    assert [user["person_id"] for user in only["data"]["users"]] == [str(ALICE.id)]


def test_a_frame_in_which_nobody_is_hidden_goes_on_as_it_is() -> None:
    frame = who_is_there(ALICE.id).frame

    assert without(frame, {BOB.id}) is frame


def test_a_number_alone_stays_as_it_is() -> None:
    frame = b'{"type":"presence","data":{"users":[],"online_count":1200}}'

    assert without(frame, {BOB.id}) is frame


def test_where_nobody_blocks_anybody_nothing_is_made_for_a_look() -> None:
    apart = Apart()

    assert apart.of(ALICE.id) is NOBODY
    assert not apart

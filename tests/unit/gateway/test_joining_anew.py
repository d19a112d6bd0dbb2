"""Who is in a room already, or changes their mind on the way in."""

import asyncio

import pytest

from libs.common.contracts.ids import Epoch
from services.gateway.hub.joining import HELD_EVENTS
from tests.support.clock import settle
from tests.unit.gateway.fakes import ALICE, BOB, LOBBY
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.staging import Stage, refused, stage_with


@pytest.fixture
def stage() -> Stage:
    return stage_with()


async def test_joining_anew_goes_on_where_one_is(stage: Stage) -> None:
    alice = FakeClient()
    await stage.join(alice)
    stage.say(3)
    stage.messages.gates["/internal/attach"] = asyncio.Event()
    joining = stage.begin(alice)
    await settle()
    stage.say(2)

    stage.messages.gates["/internal/attach"].set()
    await joining
    stage.say()

    alice.sent += alice.heard()
    assert [seq for seq in alice.sent if seq != "room_joined"] == [1, 2, 3, 4, 5, 6]


async def test_a_failed_join_of_a_live_room_changes_nothing(stage: Stage) -> None:
    alice = FakeClient()
    await stage.join(alice)
    stage.messages.gates["/internal/attach"] = asyncio.Event()
    joining = stage.begin(alice)
    await settle()
    stage.say(2)

    stage.messages.is_down = True
    stage.messages.gates["/internal/attach"].set()
    await joining
    stage.say()

    assert alice.heard() == ["room_joined", 1, 2, "error", 3]
    assert LOBBY in alice.session.duties.places.attached


async def test_a_failed_join_of_a_live_room_tells_what_could_not_be_held(stage: Stage) -> None:
    alice = FakeClient()
    await stage.join(alice)
    stage.messages.gates["/internal/attach"] = asyncio.Event()
    joining = stage.begin(alice)
    await settle()
    stage.say(HELD_EVENTS + 1)

    stage.messages.is_down = True
    stage.messages.gates["/internal/attach"].set()
    await joining
    stage.say()

    assert alice.heard() == ["room_joined", "gap", "error", HELD_EVENTS + 2]


async def test_leaving_on_the_way_in_turns_the_join_back(stage: Stage) -> None:
    stage.messages.gates["/internal/attach"] = asyncio.Event()
    alice = FakeClient()
    joining = stage.begin(alice)
    await settle()
    stage.hub.leave(alice, LOBBY)
    alice.session.duties.places.leave(LOBBY)

    stage.messages.gates["/internal/attach"].set()
    await joining
    stage.say()

    assert refused(alice) == "conflict"
    assert alice.session.duties.places.rooms() == set()


async def test_a_member_who_is_turned_back_hears_how_the_room_stands(stage: Stage) -> None:
    alice = FakeClient()
    await stage.join(alice)
    assert len(stage.relief.unattended) == 0
    stage.messages.gates["/internal/attach"] = asyncio.Event()
    joining = stage.begin(alice)
    await settle()
    stage.hub.leave(alice, LOBBY)

    stage.messages.gates["/internal/attach"].set()
    await joining

    assert len(stage.relief.unattended) == 1


async def test_a_passing_doubt_about_a_member_changes_nothing(stage: Stage) -> None:
    alice = FakeClient()
    await stage.join(alice)
    stage.messages.log().doubts.add(ALICE.id)

    await stage.join(alice)
    stage.say()

    assert [*alice.sent, *alice.heard()] == ["room_joined", "error", 1]
    assert LOBBY in alice.session.duties.places.attached


async def test_who_may_hear_a_room_no_more_is_let_out_of_it(stage: Stage) -> None:
    bob = FakeClient(BOB)
    await stage.join(bob)
    del stage.messages.log().members[BOB.id]

    await stage.join(bob)
    stage.say()

    assert [*bob.sent, *bob.heard()] == ["room_joined", "error"]
    assert bob.session.duties.places.rooms() == set()


async def test_leaving_while_the_log_is_read_turns_the_join_back(stage: Stage) -> None:
    stage.messages.log().fill(3)
    stage.messages.gates["/internal/events"] = asyncio.Event()
    alice = FakeClient()
    joining = stage.begin(alice, at=0)
    await settle()
    stage.hub.leave(alice, LOBBY)

    stage.messages.gates["/internal/events"].set()
    await joining

    assert [frame["data"]["code"] for frame in alice.frames()] == ["conflict"]


async def test_a_log_that_is_rewound_meanwhile_turns_the_join_back(stage: Stage) -> None:
    log = stage.messages.log()
    log.fill(3)
    stage.messages.gates["/internal/events"] = asyncio.Event()
    alice = FakeClient()
    joining = stage.begin(alice, at=0)
    await settle()
    log.epoch = Epoch("restored")

    stage.messages.gates["/internal/events"].set()
    await joining

    assert refused(alice) == "conflict"


async def test_a_log_that_lost_its_tail_is_not_asked_for_ever(stage: Stage) -> None:
    log = stage.messages.log()
    log.fill(3)
    stage.messages.gates["/internal/events"] = asyncio.Event()
    alice = FakeClient()
    joining = stage.begin(alice, at=0)
    await settle()
    log.events.clear()

    stage.messages.gates["/internal/events"].set()
    await joining

    assert refused(alice) == "unavailable"

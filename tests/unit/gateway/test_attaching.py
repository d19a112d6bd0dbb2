"""Joins and resumes: no hole, no double, and a plain word about what could not be replayed."""

import asyncio
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from libs.common.contracts.ids import Epoch, Seq
from libs.common.contracts.internal import PersonOnline
from services.gateway.core.effects import Attach, From
from services.gateway.hub.asking import RANGE_LIMIT
from services.gateway.hub.joining import HELD_EVENTS
from tests.support.clock import settle
from tests.unit.gateway.fakes import (
    ALICE,
    BOB,
    CHARLIE,
    FIRST_EPOCH,
    LOBBY,
)
from tests.unit.gateway.listening import FakeClient
from tests.unit.gateway.speaking import NOW
from tests.unit.gateway.staging import Stage, joined, refused, stage_with


@pytest.fixture
def stage() -> Stage:
    return stage_with()


async def test_a_join_without_cursor_is_live_from_the_head(stage: Stage) -> None:
    stage.messages.log().fill(7)
    stage.presence.online[LOBBY] = [BOB.id]
    alice = FakeClient()

    await stage.join(alice)
    stage.say()

    told = joined(alice)
    assert (told["head_seq"], told["role"], told["recovered"]) == (7, "owner", True)
    assert (told["online"], told["online_count"]) == ([str(BOB.id)], 1)
    assert alice.sent == ["room_joined", 8]
    assert alice.reads == 1


async def test_a_join_with_a_cursor_replays_what_was_missed(stage: Stage) -> None:
    stage.messages.log().fill(RANGE_LIMIT + 50)
    alice = FakeClient()

    await stage.join(alice, at=10)
    stage.say()

    assert joined(alice)["head_seq"] == RANGE_LIMIT + 50
    head = RANGE_LIMIT + 50
    assert alice.sent == [*range(11, head + 1), "room_joined", head + 1]


async def test_a_replay_waits_for_the_client(stage: Stage) -> None:
    stage.messages.log().fill(450)
    alice = FakeClient()
    alice.takes.clear()
    joining = stage.begin(alice, at=0)
    await settle()
    assert len(alice.outbox) == 64

    alice.takes.set()
    await joining

    assert alice.most_waiting <= 64
    assert joined(alice)["recovered"]
    assert alice.sent == [*range(1, 451), "room_joined"]


async def test_events_during_a_join_come_once_and_in_order(stage: Stage) -> None:
    stage.messages.log().fill(3)
    stage.messages.gates["/internal/events"] = asyncio.Event()
    alice = FakeClient()
    joining = stage.begin(alice, at=1)
    await settle()
    stage.say(2)

    stage.messages.gates["/internal/events"].set()
    await joining
    stage.say()

    joined(alice)
    assert [seq for seq in alice.sent if seq != "room_joined"] == [2, 3, 4, 5, 6]


async def test_more_than_can_be_held_is_read_from_the_log(stage: Stage) -> None:
    stage.messages.log().fill(3)
    alice = FakeClient()
    alice.takes.clear()
    joining = stage.begin(alice, at=0)
    await settle()
    stage.say(HELD_EVENTS + 40)

    alice.takes.set()
    await joining
    stage.say()

    joined(alice)
    seqs = [seq for seq in alice.sent if seq != "room_joined"]
    assert seqs == list(range(1, HELD_EVENTS + 45))


async def test_too_much_to_replay_is_a_gap(stage: Stage) -> None:
    stage.messages.log().fill(501)
    alice = FakeClient()

    await stage.join(alice, at=0)
    stage.say()

    assert alice.sent[0] == "gap"
    assert not joined(alice)["recovered"]
    assert alice.sent == ["gap", "room_joined", 502]


@pytest.mark.parametrize(("at", "epoch"), [(2, "other"), (4, FIRST_EPOCH)])
async def test_a_cursor_of_another_history_is_a_gap(stage: Stage, at: int, epoch: str) -> None:
    stage.messages.log().fill(3)
    alice = FakeClient()
    alice.takes.clear()
    place = From(LOBBY, Seq(at), Epoch(epoch))
    alice.session.duties.places.join([LOBBY])
    attach = asyncio.create_task(
        stage.attaching.attach(alice, Attach((place,), None, is_join=False))
    )
    await settle()

    [gap] = alice.frames()
    alice.takes.set()
    await attach

    assert gap["data"] == {"from_seq": 1, "to_seq": 3, "reason": "epoch"}


async def test_what_is_not_kept_any_more_is_a_gap(stage: Stage) -> None:
    stage.messages.log().fill(9)
    stage.messages.log().first_available = 6
    alice = FakeClient()

    await stage.join(alice, at=2)
    stage.say()

    assert not joined(alice)["recovered"]
    assert alice.sent == ["gap", "room_joined", 10]


async def test_a_room_that_one_may_not_know_of_is_not_found(stage: Stage) -> None:
    charlie = FakeClient(CHARLIE)

    await stage.join(charlie)
    stage.say()

    assert refused(charlie) == "not_found"
    assert stage.hub.room_ids == []
    assert charlie.session.duties.places.rooms() == set()


async def test_a_public_room_can_be_heard_without_being_in_it(stage: Stage) -> None:
    stage.messages.log().is_public = True
    charlie = FakeClient(CHARLIE)

    await stage.join(charlie)

    assert joined(charlie)["role"] is None


@pytest.mark.parametrize("trouble", ["away", "just started"])
async def test_without_presence_a_join_goes_on_and_claims_nothing(
    stage: Stage, trouble: str
) -> None:
    stage.presence.online[LOBBY] = [BOB.id]
    stage.presence.is_down = trouble == "away"
    stage.presence.is_whole = trouble != "just started"
    alice = FakeClient()

    await stage.join(alice)

    told = joined(alice)
    assert (told["online"], told["online_count"]) == ([], None)
    assert stage.relief.unshown.rooms == {LOBBY}


async def test_whoever_joins_hears_who_is_there_and_not_simply_online(stage: Stage) -> None:
    away = PersonOnline(person_id=BOB.id, state="away", status_text="lunch", rev=7)
    stage.presence.online[LOBBY] = [ALICE.id, BOB.id]
    stage.presence.states[BOB.id] = away
    alice = FakeClient()

    await stage.join(alice)

    assert joined(alice)["states"] == [
        {
            "person_id": str(BOB.id),
            "state": "away",
            "status_text": "lunch",
            "last_seen": None,
            "rev": 7,
        }
    ]


async def test_a_room_that_was_told_who_is_there_is_not_told_again(stage: Stage) -> None:
    await stage.join(FakeClient())

    assert stage.relief.unshown.rooms == set()


async def test_without_the_log_a_join_is_refused_and_leaves_nothing(stage: Stage) -> None:
    stage.messages.is_down = True
    alice = FakeClient()

    await stage.join(alice)

    assert refused(alice) == "unavailable"
    assert stage.hub.room_ids == []
    assert alice.session.duties.places.rooms() == set()


async def test_a_removal_during_a_replay_ends_it_there(stage: Stage) -> None:
    stage.messages.log().fill(2)
    stage.messages.gates["/internal/events"] = asyncio.Event()
    bob = FakeClient(BOB)
    joining = stage.begin(bob, at=0)
    await settle()
    log = stage.messages.log()
    log.add(detach=str(BOB.id), reason="banned")
    log.fill(3)

    stage.messages.gates["/internal/events"].set()
    await joining
    stage.say()

    bob.sent += bob.heard()
    assert bob.sent == [1, 2, 3, "room_left", "error"]


async def test_an_old_removal_within_a_replay_is_history(stage: Stage) -> None:
    log = stage.messages.log()
    log.add(detach=str(BOB.id), reason="left")
    log.fill(2)
    bob = FakeClient(BOB)

    await stage.join(bob, at=0)

    joined(bob)
    assert bob.sent == [1, 2, 3, "room_joined"]


@settings(max_examples=60, deadline=None)
@given(
    before=st.integers(0, 30),
    cursor=st.integers(0, 30),
    said=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4)), max_size=8),
    late=st.sets(st.integers(0, 60), max_size=10),
)
def test_whatever_happens_during_a_join_the_seqs_rise_by_one(
    before: int, cursor: int, said: list[tuple[int, int]], late: set[int]
) -> None:
    """`said`: after so many turns so many messages; those in `late` are lost on the bus."""

    async def scene() -> list[Any]:
        stage = stage_with()
        log = stage.messages.log()
        log.fill(before)
        alice, bob = FakeClient(ALICE), FakeClient(BOB, name="c-2")
        await stage.join(bob)
        joining = stage.begin(alice, at=min(cursor, before))
        for turns, number in said:
            await settle(turns)
            for added in log.fill(number):
                if added.seq not in late:
                    stage.hub.on_events([added])
        await joining
        for room in stage.hub.due(NOW + 100):
            room.stream.asked()
            stage.hub.repair(room, log.events)
        stage.say()
        return [*alice.sent, *alice.heard()]

    heard = [seq for seq in asyncio.run(scene()) if isinstance(seq, int)]

    first = min(cursor, before) + 1
    assert heard == list(range(first, first + len(heard)))

"""What the bus brings reaches those it is for: answers first, bursts in slices, nothing lost
silently.
"""

import asyncio

import pytest

from libs.common.bus.interface import Outgoing
from libs.common.bus.local import LocalBus
from libs.common.bus.topology import EVENTS, FACTS, REPLY, bucket_key
from libs.common.contracts.events import (
    ANSWER_BATCH,
    EVENT_BATCH,
    HEAD_DIGEST,
    PERSONAL_BATCH,
    SIGNAL_BATCH,
    Answer,
    Personal,
    RoomHead,
    Signal,
    encode_batch,
)
from libs.common.contracts.facts import (
    FACT,
    KEYS_ROTATED,
    SESSION_REVOKED,
    USER_DISABLED,
    USER_UPDATED,
    KeysRotated,
    SessionRevoked,
    UserChanged,
    encode_fact,
)
from libs.common.contracts.ids import ConnectionId, Seq, SessionId
from libs.common.contracts.people import PersonKind, SystemRole
from libs.common.errors import Unavailable
from services.gateway.consumers.inbox import EVENTS_PER_SLICE
from services.gateway.consumers.revocations import Revocations
from services.gateway.core.refusals import CloseCode
from services.gateway.core.stream import DIGEST_S
from tests.support.buses import ForgetfulBus
from tests.support.clock import settle
from tests.unit.gateway.bringing import Rig
from tests.unit.gateway.fakes import (
    ALICE,
    BOB,
    LOBBY,
    FakeAuth,
    event,
)
from tests.unit.gateway.speaking import NOW


@pytest.fixture
def rig() -> Rig:
    return Rig()


async def test_nothing_is_done_before_the_turn_ends(rig: Rig) -> None:
    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    assert rig.alice.heard() == []

    await settle()

    assert rig.alice.heard() == rig.bob.heard() == [1]
    assert rig.tally.deliveries == 2


async def test_an_ack_comes_before_the_news_of_the_same_turn(rig: Rig) -> None:
    rig.alice.session.duties.pending.open("r")
    answer = Answer(ConnectionId("c-1"), "r", b'{"type":"ack"}')

    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    rig.deliver(ANSWER_BATCH, encode_batch([answer]))
    await settle()

    assert rig.alice.heard() == ["ack", 1]


async def test_signals_personal_frames_and_heads_find_their_way(rig: Rig) -> None:
    typing = Signal(LOBBY, "typing", BOB.id, b'{"type":"typing"}', ConnectionId("c-2"))
    added = Personal(BOB.id, "room_added", b'{"type":"room_added"}')

    rig.deliver(SIGNAL_BATCH, encode_batch([typing]))
    rig.deliver(PERSONAL_BATCH, encode_batch([added]))
    rig.deliver(HEAD_DIGEST, encode_batch([RoomHead(LOBBY, Seq(4))]))
    await settle()

    assert (rig.alice.heard(), rig.bob.heard()) == (["typing"], ["room_added"])
    assert [room.room_id for room in rig.hub.due(NOW + DIGEST_S)] == [LOBBY]


async def test_a_burst_is_worked_through_in_slices(rig: Rig) -> None:
    number = 3 * EVENTS_PER_SLICE
    rig.deliver(EVENT_BATCH, encode_batch([event(seq) for seq in range(1, number + 1)]))

    counts = []
    for _ in range(4):
        await asyncio.sleep(0)
        counts.append(len(rig.alice.outbox))

    assert counts == [EVENTS_PER_SLICE, 2 * EVENTS_PER_SLICE, number, number]


async def test_answers_do_not_wait_for_a_burst(rig: Rig) -> None:
    rig.deliver(EVENT_BATCH, encode_batch([event(seq) for seq in range(1, 500)]))
    await asyncio.sleep(0)
    rig.alice.session.duties.pending.open("r")
    rig.deliver(ANSWER_BATCH, encode_batch([Answer(ConnectionId("c-1"), "r", b'{"type":"ack"}')]))
    await settle()

    heard = rig.alice.heard()
    assert heard.index("ack") < 300


async def test_more_than_can_be_kept_goes_and_the_heads_are_compared() -> None:
    rig = Rig(max_waiting_bytes=1_000)
    rig.alice.session.duties.pending.open("r")
    rig.deliver(ANSWER_BATCH, encode_batch([Answer(ConnectionId("c-1"), "r", b'{"type":"ack"}')]))

    for seq in range(1, 20):
        rig.deliver(EVENT_BATCH, encode_batch([event(seq)]))
    await settle()

    assert rig.gaps.calls > 0
    assert "ack" in rig.alice.heard()


@pytest.mark.parametrize("type_", [EVENT_BATCH, ANSWER_BATCH, FACT, "evt.v9"])
async def test_what_cannot_be_read_is_counted_and_disturbs_nothing(rig: Rig, type_: str) -> None:
    rig.deliver(type_, b"\xc1 nonsense", key=SESSION_REVOKED)
    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    await settle()

    assert rig.alice.heard() == [1]
    assert rig.registry.get_sample_value("chat_gateway_deliveries_unreadable_total") == 1


async def test_an_ended_session_is_cut_and_remembered(rig: Rig) -> None:
    until = NOW + 900

    rig.fact(SESSION_REVOKED, SessionRevoked(SessionId(BOB.id), BOB.id, until, "logout"))
    await settle()

    assert rig.bob.ends == [(CloseCode.UNAUTHENTICATED, "revoked")]
    assert rig.alice.ends == []
    assert rig.revoked.has(SessionId(BOB.id))


def changed(name: str = "Bobby", *, is_disabled: bool = False) -> UserChanged:
    return UserChanged(BOB.id, PersonKind.USER, name, SystemRole.MEMBER, is_disabled, 2)


async def test_a_disabled_person_is_cut(rig: Rig) -> None:
    rig.fact(USER_DISABLED, changed(is_disabled=True))
    await settle()

    assert rig.bob.ends == [(CloseCode.DISABLED, "disabled")]


async def test_a_renamed_person_goes_on_by_the_new_name(rig: Rig) -> None:
    rig.fact(USER_UPDATED, changed("Bobby"))
    await settle()

    assert rig.bob.session.bearer is not None
    assert rig.bob.session.bearer.person.name == "Bobby"
    assert rig.bob.ends == []


async def test_rotated_keys_are_fetched(rig: Rig) -> None:
    rig.fact(KEYS_ROTATED, KeysRotated("k-2"))
    await settle()

    assert rig.rotations.calls == 1


async def test_all_of_it_comes_over_the_bus(rig: Rig) -> None:
    bus = LocalBus(rig.clock)
    await rig.inbox.open(bus, gateway="gateway.1", event_buckets=4)
    ended = encode_fact(SessionRevoked(SessionId(BOB.id), BOB.id, NOW, "logout"))
    rig.alice.session.duties.pending.open("r")
    answer = encode_batch([Answer(ConnectionId("c-1"), "r", b'{"type":"ack"}')])
    messages = (
        Outgoing(EVENTS, bucket_key("e", LOBBY, 4), EVENT_BATCH, encode_batch([event(1)])),
        Outgoing(FACTS, SESSION_REVOKED, FACT, ended),
        Outgoing(REPLY, rig.inbox.address(), ANSWER_BATCH, answer),
    )
    for message in messages:
        await bus.publish(message, timeout_s=1)
    await settle()
    await rig.inbox.close()

    assert sorted(rig.alice.heard(), key=str) == [1, "ack"]
    assert len(rig.bob.ends) == 1


def test_before_it_is_open_it_has_no_address(rig: Rig) -> None:
    assert rig.inbox.address() == ""


async def test_what_was_counted_is_carried_into_the_metrics(rig: Rig) -> None:
    counting = asyncio.create_task(rig.tally.run(rig.clock))
    rig.tally.frames_in += 3
    await rig.clock.advance(1.5)
    counting.cancel()

    assert rig.registry.get_sample_value("chat_gateway_frames_in_total") == 3


async def test_ended_sessions_are_loaded_at_the_start_and_in_doubt(rig: Rig) -> None:
    auth = FakeAuth()
    auth.is_down = True
    revocations = Revocations(auth, rig.facts, revoked=rig.revoked, clock=rig.clock)
    workers = [asyncio.create_task(run()) for run in (revocations.run, revocations.forget_expired)]
    await rig.clock.advance(0.5)
    with pytest.raises(Unavailable):
        await revocations.check()

    auth.is_down = False
    auth.ended[SessionId(BOB.id)] = NOW + 70
    await rig.clock.advance(1)
    await revocations.check()
    assert rig.bob.ends == [(CloseCode.UNAUTHENTICATED, "revoked")]

    auth.ended = {SessionId(ALICE.id): NOW + 900}
    revocations.doubt()
    await rig.clock.advance(200)
    for worker in workers:
        worker.cancel()

    assert len(rig.alice.ends) == 1
    assert not rig.revoked.has(SessionId(BOB.id))


async def test_a_burst_is_timed_until_all_of_it_is_written(rig: Rig) -> None:
    rig.deliver(EVENT_BATCH, encode_batch([event(1)]))
    await rig.clock.advance(0)
    rig.deliver(EVENT_BATCH, encode_batch([event(2)]))
    rig.deliver(EVENT_BATCH, encode_batch([event(3)]))
    await rig.clock.advance(0)

    assert rig.registry.get_sample_value("chat_gateway_event_flush_seconds_count") == 2


async def test_an_answer_that_the_bus_may_have_lost_is_not_waited_for(rig: Rig) -> None:
    bus = ForgetfulBus(rig.clock)
    await rig.inbox.open(bus, gateway="gateway.a", event_buckets=1)
    pending = rig.alice.session.duties.pending
    pending.add("command", by=NOW + 10)
    pending.open("question")

    bus.say_lost()

    (refused,) = rig.alice.frames()
    assert (refused["ref"], refused["data"]["code"]) == ("command", "timeout")
    assert "question" in pending
    assert rig.gaps.calls == 1

"""How answers and events are put together and published."""

from uuid import UUID

import pytest

from libs.common.bus.interface import Outgoing, Refused
from libs.common.bus.local import LocalBus
from libs.common.contracts.events import (
    Answer,
    Personal,
    RoomEvent,
    RoomHead,
    Signal,
    decode_answers,
    decode_events,
    decode_heads,
)
from libs.common.contracts.ids import ConnectionId, RoomId, Seq
from services.messages.consumers.outbound import ENVELOPE_BYTES, Outbound, parts, publish
from tests.support.clock import SetClock
from tests.unit.messages.builders import BOB, LOBBY

KIB = 1024


def outbound(*, buckets: int = 1) -> Outbound:
    return Outbound(buckets=buckets, max_bytes=KIB)


def answer(ref: str) -> Answer:
    return Answer(ConnectionId("phone"), ref, b"{}")


def event(seq: int, *, room_id: RoomId = LOBBY, size: int = 2) -> RoomEvent:
    return RoomEvent(room_id, Seq(seq), b"x" * size)


class Recorder(LocalBus):
    """A bus that notes what it is given, and refuses some of it."""

    def __init__(self, *, refuses: str = "") -> None:
        super().__init__(SetClock())
        self._refuses = refuses
        self.taken: list[str] = []

    async def publish(self, message: Outgoing, *, timeout_s: float) -> None:
        self.taken.append(message.type)
        if message.type == self._refuses:
            raise Refused


def test_answers_leave_before_everything_else() -> None:
    out = outbound()
    out.head(RoomHead(LOBBY, Seq(1)))
    out.signal(Signal(LOBBY, "receipt", BOB.id, b"{}"))
    out.personal(Personal(BOB.id, "room_added", b"{}"))
    out.event(event(1))
    out.answer("gateway", answer("1"))

    types = [message.type for message in out.messages()]

    assert types == ["ans.v1", "evt.v1", "per.v1", "sig.v1", "head.v1"]


def test_answers_are_grouped_by_who_asked() -> None:
    out = outbound()
    for origin, ref in (("one", "1"), ("two", "2"), ("one", "3")):
        out.answer(origin, answer(ref))

    messages = {one.key: one for one in out.messages()}

    assert [one.ref for one in decode_answers(messages["one"].body)] == ["1", "3"]
    assert [one.ref for one in decode_answers(messages["two"].body)] == ["2"]


def test_events_are_grouped_by_bucket_and_keep_their_order() -> None:
    out = outbound(buckets=4)
    rooms = [RoomId(UUID(int=number)) for number in range(8)]
    for room_id in rooms:
        for seq in (1, 2):
            out.event(event(seq, room_id=room_id))

    messages = list(out.messages())

    assert len(messages) == len({message.key for message in messages}) <= 4
    told = [one for message in messages for one in decode_events(message.body)]
    for room_id in rooms:
        assert [one.seq for one in told if one.room_id == room_id] == [1, 2]


def test_much_to_tell_is_spread_over_messages() -> None:
    out = outbound()
    for seq in range(1, 11):
        out.event(event(seq, size=KIB - ENVELOPE_BYTES))

    messages = list(out.messages())

    assert len(messages) == 10
    assert [one.seq for m in messages for one in decode_events(m.body)] == list(range(1, 11))


@pytest.mark.parametrize("sizes", [[], [10], [2000], [2000, 2000], [500, 500, 500], [10, 2000, 10]])
def test_no_part_is_too_large_unless_it_is_one_item(sizes: list[int]) -> None:
    items = [event(seq, size=size) for seq, size in enumerate(sizes)]

    cut = [part for part in parts(items, max_bytes=KIB) if part]

    assert [item for part in cut for item in part] == items
    for part in cut:
        size = sum(len(item.frame) + ENVELOPE_BYTES for item in part)
        assert size <= KIB or len(part) == 1


def test_a_long_head_digest_is_cut() -> None:
    out = outbound()
    for number in range(5_001):
        out.head(RoomHead(RoomId(UUID(int=number)), Seq(1)))

    assert [len(decode_heads(message.body)) for message in out.messages()] == [5000, 1]


async def test_nothing_to_tell_is_not_told() -> None:
    bus = Recorder()

    await publish(bus, outbound(), timeout_s=1)

    assert bus.taken == []


async def test_one_refusal_does_not_keep_the_rest_back_and_is_told() -> None:
    bus = Recorder(refuses="ans.v1")
    out = outbound()
    out.answer("gateway", answer("1"))
    out.event(event(1))

    with pytest.raises(Refused):
        await publish(bus, out, timeout_s=1)

    assert bus.taken == ["ans.v1", "evt.v1"]

"""A room's stream: whatever goes in, what comes out is sorted, unique and without holes."""

from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.events import RoomEvent
from libs.common.contracts.ids import Epoch, Seq
from services.gateway.core.stream import MAX_HELD, NEVER, RETRY_S, SWAPPED_S, RoomStream
from tests.unit.gateway.fakes import event

EPOCH = Epoch("e")
NOW = 100.0


def stream_at(head: int) -> RoomStream:
    stream = RoomStream()
    assert stream.start(Seq(head), EPOCH, NOW) == []
    return stream


def seqs(events: list[RoomEvent]) -> list[int]:
    return [event.seq for event in events]


def test_events_in_order_go_straight_through() -> None:
    stream = stream_at(4)

    assert seqs(stream.offer(event(5), NOW)) == [5]
    assert seqs(stream.offer(event(6), NOW)) == [6]
    assert stream.due_at == NEVER


def test_an_event_seen_before_is_dropped() -> None:
    stream = stream_at(4)
    stream.offer(event(5), NOW)

    assert stream.offer(event(5), NOW) == []
    assert stream.offer(event(3), NOW) == []


def test_an_early_event_waits_for_the_one_before_it() -> None:
    stream = stream_at(0)

    assert stream.offer(event(2), NOW) == []
    assert seqs(stream.offer(event(1), NOW)) == [1, 2]
    assert stream.due_at == NEVER


def test_a_hole_is_worth_a_question_after_a_quarter_of_a_second() -> None:
    stream = stream_at(0)

    stream.offer(event(2), NOW)
    stream.offer(event(3), NOW + 0.1)

    assert stream.due_at == NOW + SWAPPED_S
    assert stream.missing == 3


def test_the_next_hole_gets_its_own_time() -> None:
    stream = stream_at(0)
    stream.offer(event(2), NOW)
    stream.offer(event(4), NOW)

    stream.offer(event(1), NOW + 0.2)

    assert stream.last == 2
    assert stream.due_at == NOW + 0.2 + SWAPPED_S


def test_before_the_head_is_known_events_wait() -> None:
    stream = RoomStream()
    stream.offer(event(8), NOW)
    stream.offer(event(6), NOW)
    stream.offer(event(7), NOW)

    assert seqs(stream.start(Seq(6), EPOCH, NOW)) == [7, 8]


def test_a_head_ahead_of_the_bus_shows_a_lost_last_event() -> None:
    stream = stream_at(5)

    stream.hear_head(Seq(6), NOW, patience_s=1.0)

    assert stream.due_at == NOW + 1.0
    assert stream.missing == 1


def test_a_head_that_was_heard_says_nothing_new() -> None:
    stream = stream_at(5)

    stream.hear_head(Seq(5), NOW, patience_s=1.0)

    assert stream.due_at == NEVER


def test_nothing_is_due_while_the_log_is_asked() -> None:
    stream = stream_at(0)
    stream.offer(event(2), NOW)

    stream.asked()
    stream.offer(event(4), NOW + 1)
    stream.hear_head(Seq(9), NOW + 1, patience_s=0)

    assert stream.due_at == NEVER


def test_the_answer_of_the_log_closes_the_hole() -> None:
    stream = stream_at(0)
    stream.offer(event(3), NOW)
    stream.asked()

    assert seqs(stream.answered([event(1), event(2)], NOW)) == [1, 2, 3]
    assert stream.due_at == NEVER


def test_after_an_answer_that_was_too_short_the_rest_is_due_at_once() -> None:
    stream = stream_at(0)
    stream.offer(event(9), NOW)
    stream.asked()

    stream.answered([event(1)], NOW)

    assert stream.due_at == NOW


def test_after_no_answer_the_log_gets_a_pause() -> None:
    stream = stream_at(0)
    stream.offer(event(9), NOW)
    stream.asked()

    stream.answered([], NOW)

    assert stream.due_at == NOW + RETRY_S


def test_giving_up_goes_on_behind_the_head() -> None:
    stream = stream_at(0)
    stream.offer(event(9), NOW)
    stream.offer(event(11), NOW)
    stream.offer(event(12), NOW)

    assert seqs(stream.skip(Seq(10), EPOCH, NOW)) == [11, 12]
    assert stream.last == 12


def test_a_rewound_log_starts_over_below() -> None:
    stream = stream_at(500)
    stream.offer(event(502), NOW)

    assert stream.skip(Seq(40), Epoch("restored"), NOW) == []
    assert seqs(stream.offer(event(41), NOW)) == [41]


def test_what_is_held_back_is_bounded_and_the_newest_go() -> None:
    stream = stream_at(0)
    for seq in range(2, MAX_HELD + 10):
        stream.offer(event(seq), NOW)

    released = stream.offer(event(1), NOW)

    assert seqs(released) == list(range(1, MAX_HELD + 2))
    assert stream.missing == MAX_HELD + 9 - (MAX_HELD + 1)
    assert stream.due_at == NOW + SWAPPED_S


@given(st.data(), st.integers(1, 60), st.integers(0, 20))
def test_any_order_with_repeats_comes_out_sorted_and_unique(
    data: st.DataObject, number: int, head: int
) -> None:
    wanted = list(range(head + 1, head + number + 1))
    repeats = data.draw(st.lists(st.sampled_from(wanted), max_size=30))
    order = data.draw(st.permutations(wanted + repeats))
    stream = stream_at(head)

    out = [seq for one in order for seq in seqs(stream.offer(event(one), NOW))]

    assert out == wanted
    assert stream.due_at == NEVER


@given(st.data(), st.integers(1, 400))
def test_losses_are_made_good_by_the_log(data: st.DataObject, number: int) -> None:
    arriving = data.draw(st.lists(st.integers(1, number), max_size=number))
    page = data.draw(st.integers(1, 50))
    stream, out, now = stream_at(0), [], NOW

    for seq in arriving:
        out += seqs(stream.offer(event(seq), now))
    stream.hear_head(Seq(number), now, patience_s=0)
    while stream.missing:
        assert stream.due_at < NEVER
        now = max(now, stream.due_at)
        stream.asked()
        after = stream.last or 0
        found = [event(seq) for seq in range(after + 1, number + 1)[:page]]
        out += seqs(stream.answered(found, now))

    assert out == list(range(1, number + 1))

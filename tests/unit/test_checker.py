"""The checker finds every kind of breach; a run that breaks nothing is clean."""

from dataclasses import replace

from tests.chaos.checker import RoomRecord, Stored, Verdict, judge

HISTORY = [Stored(2, "a"), Stored(3, "b"), Stored(5, "c")]


def honest() -> RoomRecord:
    return RoomRecord(
        acked={"a": 2, "b": 3},
        sent={"a", "b", "c"},
        seen={"Alice": list(HISTORY), "Bob": list(HISTORY)},
    )


def verdict_on(record: RoomRecord, history: list[Stored]) -> Verdict:
    return judge({"room": record}, {"room": history})


def test_a_run_that_kept_the_promise_is_clean() -> None:
    verdict = verdict_on(honest(), HISTORY)

    assert verdict.is_clean
    assert (verdict.sent, verdict.acked) == (3, 2)


def test_an_acknowledged_message_that_is_gone_is_lost() -> None:
    assert verdict_on(honest(), HISTORY[1:]).lost == ("a",)


def test_a_message_that_stands_twice_in_the_history_is_doubled() -> None:
    assert verdict_on(honest(), [*HISTORY, Stored(6, "a")]).doubled == ("a",)


def test_a_message_that_somebody_heard_twice_is_doubled() -> None:
    record = honest()
    record.seen["Bob"].append(HISTORY[0])

    assert verdict_on(record, HISTORY).doubled == ("Bob: a",)


def test_a_message_that_somebody_missed_is_a_hole() -> None:
    record = honest()
    del record.seen["Bob"][1]

    assert verdict_on(record, HISTORY).holes == ("Bob: entry 1: saw seq 5, history has 3",)


def test_a_message_out_of_order_is_a_hole() -> None:
    record = honest()
    record.seen["Bob"].reverse()

    assert len(verdict_on(record, HISTORY).holes) == 1


def test_somebody_who_stopped_hearing_has_a_hole_at_the_end() -> None:
    record = honest()
    record.seen["Bob"].pop()

    assert verdict_on(record, HISTORY).holes == ("Bob: saw 2 of 3",)


def test_a_message_that_nobody_sent_is_a_ghost() -> None:
    record = replace(honest(), sent={"a", "b"})

    assert verdict_on(record, HISTORY).ghosts == ("c",)


def test_a_message_that_only_a_member_saw_is_a_ghost() -> None:
    record = honest()
    record.seen["Bob"].append(Stored(6, "d"))

    assert "Bob: d" in verdict_on(record, HISTORY).ghosts


def test_a_message_acknowledged_with_another_seq_is_altered() -> None:
    record = honest()
    record.acked["a"] = 4

    assert verdict_on(record, HISTORY).altered == ("a",)


def test_a_gap_that_a_member_was_told_of_is_a_hole() -> None:
    record = honest()
    record.gaps.append("Bob: was told of a gap")

    assert verdict_on(record, HISTORY).holes == ("Bob: was told of a gap",)

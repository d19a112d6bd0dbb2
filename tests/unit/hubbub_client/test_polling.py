"""What polls ask, and what is made of their answers."""

import pytest

from hubbub_client.core import RoomLog
from hubbub_client.frames import Cursor, Frame, Json
from hubbub_client.polling import (
    GREET_EVERY_S,
    MAX_CURSORS,
    Polling,
    Question,
    begun_anew,
    is_answer,
    pause_s,
)

PLACE = {"room_id": "r1", "seq": 3, "epoch": "e1"}
STANDING = {"room_id": "r2", "read_seq": 4, "role": "member", "epoch": "e2", "head_seq": 9}


def longest(_low: float, high: float) -> float:
    return high


def greeted() -> Polling:
    polling = Polling(25_000)
    polling.answered(polling.question([], 0), answer({}, ready={"rooms": []}))
    return polling


def answer(cursors: Json, *events: Json, **more: object) -> Json:
    return {"cursors": cursors, "events": list(events), "more": False, **more}


def event(seq: int, room_id: str = "r1") -> Json:
    return {"type": "message", "room_id": room_id, "seq": seq, "data": {}}


class TestAsking:
    def test_the_first_poll_greets_and_is_answered_at_once(self) -> None:
        question = Polling(25_000).question([PLACE], 0)

        assert question.body == {
            "cursors": {"r1": {"seq": 3, "epoch": "e1"}},
            "timeout_ms": 0,
            "greet": True,
        }

    def test_the_next_is_held(self) -> None:
        question = greeted().question([PLACE], 1)

        assert (question.timeout_ms, question.is_greeting) == (25_000, False)

    def test_once_a_minute_a_held_poll_greets(self) -> None:
        polling = greeted()

        question = polling.question([], GREET_EVERY_S)

        assert (question.timeout_ms, question.is_greeting) == (25_000, True)
        polling.answered(question, answer({}))
        assert not polling.question([], GREET_EVERY_S + 1).is_greeting

    def test_a_greeting_that_was_not_answered_is_said_again(self) -> None:
        polling = Polling(25_000)
        polling.question([], 0)

        assert polling.question([], 1).is_greeting

    def test_after_a_poll_that_failed_one_greets_again(self) -> None:
        polling = greeted()

        polling.greet_again()

        assert polling.question([], 1).timeout_ms == 0

    def test_a_room_that_is_joined_is_asked_for_without_a_place_and_without_delay(self) -> None:
        polling = greeted()
        polling.join("7", "r2")

        question = polling.question([PLACE], 1)

        assert question.cursors == {"r1": {"seq": 3, "epoch": "e1"}, "r2": None}
        assert (question.timeout_ms, question.is_greeting) == (0, True)

    def test_a_room_that_is_joined_from_a_place_keeps_it(self) -> None:
        polling = greeted()
        polling.join("7", "r1")

        assert polling.question([PLACE], 1).cursors == {"r1": {"seq": 3, "epoch": "e1"}}

    def test_there_is_a_limit_to_the_rooms_of_a_poll(self) -> None:
        polling = greeted()
        polling.join("7", "one too many")
        places = [PLACE | {"room_id": str(at)} for at in range(MAX_CURSORS)]

        question = polling.question(places, 1)
        (refusal,) = polling.answered(question, answer({}))

        assert len(question.cursors) == MAX_CURSORS
        assert (refusal.ref, refusal.data["code"]) == ("7", "limit_exceeded")


class TestAnswers:
    def test_the_greeting_comes_before_the_events(self) -> None:
        polling = Polling(25_000)
        question = polling.question([PLACE], 0)
        body = answer({"r1": {"seq": 4, "epoch": "e1"}}, event(4), ready={"rooms": []})

        ready, message = polling.answered(question, body)

        assert (ready.type, ready.data) == ("ready", {"rooms": []})
        assert message == Frame("message", room_id="r1", seq=4)

    def test_a_room_is_joined_behind_what_was_missed(self) -> None:
        polling = greeted()
        polling.join("7", "r2")
        body = answer(
            {"r2": {"seq": 9, "epoch": "e2"}}, event(9, "r2"), ready={"rooms": [STANDING]}
        )

        frames = polling.answered(polling.question([], 1), body)

        assert [frame.type for frame in frames] == ["ready", "message", "room_joined"]
        assert frames[-1].ref == "7"
        assert frames[-1].data == {
            "room_id": "r2",
            "epoch": "e2",
            "head_seq": 9,
            "read_seq": 4,
            "role": "member",
            "recovered": True,
            "online": [],
            "online_count": None,
        }
        assert not polling.is_joining

    def test_a_room_that_could_not_be_replayed_is_joined_behind_its_gap(self) -> None:
        polling = greeted()
        polling.join("7", "r1")
        gap = {"type": "gap", "room_id": "r1", "data": {"from_seq": 4, "to_seq": 999}}

        *_, joined = polling.answered(
            polling.question([PLACE], 1), answer({"r1": {"seq": 999, "epoch": "e1"}}, gap)
        )

        assert joined.data["recovered"] is False

    def test_a_room_one_may_not_see_cannot_be_joined(self) -> None:
        polling = greeted()
        polling.join("7", "r2")
        body = answer({"r2": {"recovered": False, "reason": "not_found"}})

        (refusal,) = polling.answered(polling.question([], 1), body)

        assert (refusal.type, refusal.ref) == ("error", "7")
        assert (refusal.data["code"], refusal.data["retryable"]) == ("not_found", False)

    def test_a_room_that_cannot_be_looked_after_may_be_joined_later(self) -> None:
        polling = greeted()
        polling.join("7", "r2")
        body = answer({"r2": {"recovered": False, "reason": "unavailable"}})

        (refusal,) = polling.answered(polling.question([], 1), body)

        assert (refusal.data["code"], refusal.data["retryable"]) == ("unavailable", True)

    def test_a_join_that_came_after_the_poll_waits_for_the_next(self) -> None:
        polling = greeted()
        question = polling.question([], 1)
        polling.join("7", "r2")

        assert polling.answered(question, answer({})) == []
        assert polling.is_joining

    def test_a_room_that_is_lost_is_told_as_after_a_resume(self) -> None:
        polling = greeted()
        lost = {"recovered": False, "reason": "not_found"}

        (resumed,) = polling.answered(polling.question([PLACE], 1), answer({"r1": lost}))

        assert (resumed.type, resumed.data) == ("resumed", {"rooms": [{"room_id": "r1"} | lost]})

    def test_a_room_that_cannot_be_looked_after_stays(self) -> None:
        polling = greeted()
        body = answer({"r1": {"recovered": False, "reason": "unavailable"}})

        assert polling.answered(polling.question([PLACE], 1), body) == []

    def test_another_epoch_is_where_to_go_on(self) -> None:
        question = greeted().question([PLACE], 1)

        assert begun_anew(question, answer({"r1": {"seq": 4, "epoch": "e1"}})) == {}
        assert begun_anew(question, answer({"r1": {"seq": 8, "epoch": "e9"}})) == {
            "r1": Cursor("e9", 8)
        }

    def test_what_is_no_answer_is_known(self) -> None:
        assert is_answer(answer({"r1": {"seq": 4, "epoch": "e1"}}))
        assert not is_answer(None)
        assert not is_answer({"welcome": "to the free wireless network"})
        assert not is_answer({"events": [], "cursors": {"r1": 4}})
        assert not is_answer({"events": [], "cursors": {"r1": {}}})


class TestPauses:
    HELD = Question({}, 25_000, is_greeting=False, joins={}, asked_at=0)

    def test_after_an_answer_one_asks_again_at_once(self) -> None:
        assert pause_s(self.HELD, answer({}, event(4)), 0.1, longest) == 0

    def test_a_talk_does_not_make_one_ask_all_the_time(self) -> None:
        assert pause_s(self.HELD, answer({}, event(4)), 0.02, longest) == pytest.approx(0.08)

    def test_after_the_whole_time_too(self) -> None:
        assert pause_s(self.HELD, answer({}), 25, longest) == 0

    def test_an_answer_that_is_early_and_empty_is_not_followed_at_once(self) -> None:
        assert pause_s(self.HELD, answer({}), 0.1, longest) == 1
        assert pause_s(self.HELD, answer({}, more=True), 0.1, longest) == 0
        assert pause_s(self.HELD, answer({}, ready={"rooms": []}), 0.1, longest) == 0

    def test_nor_is_one_without_a_room(self) -> None:
        body = answer({"r1": {"recovered": False, "reason": "unavailable"}}, event(4))

        assert pause_s(self.HELD, body, 0.1, longest) == 1


def test_polls_and_logs_together_lose_and_double_nothing() -> None:
    """Every second answer is lost on its way, and is simply asked for again."""
    written = [event(seq) for seq in range(1, 31)]
    polling, log, heard = greeted(), RoomLog(Cursor("e1", 0)), []
    for turn in range(40):
        place = {"room_id": "r1", "seq": log.cursor.seq, "epoch": log.cursor.epoch}
        question = polling.question([place], turn)
        asked = (question.cursors["r1"] or {})["seq"]
        missed = [one for one in written if one["seq"] > asked][:3]
        body = answer({"r1": {"seq": asked + len(missed), "epoch": "e1"}}, *missed)
        if turn % 2:
            for frame in polling.answered(question, body):
                heard += [one.seq for one in log.offer(frame)]

    assert heard == list(range(1, 31))

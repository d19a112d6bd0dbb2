"""What each command of somebody known leads to, and how much of it is allowed."""

from typing import Any

import pytest

from libs.common.contracts import commands
from libs.common.contracts.ids import MessageId, Seq
from libs.common.errors import Unavailable
from services.gateway.core import effects
from services.gateway.core.session import Session
from services.gateway.frames.heard import Acked
from tests.unit.gateway.fakes import ALICE, ATTIC, LOBBY
from tests.unit.gateway.speaking import (
    CONNECTION,
    NOW,
    bearer,
    code,
    joined_session,
    new_session,
    only,
    ready_session,
    say,
    some,
    told,
)

ROOM = {"room_id": str(LOBBY)}
MESSAGE = MessageId(ALICE.id)
ABOUT = ROOM | {"message_id": str(MESSAGE)}
SEND = ROOM | {"client_msg_id": "m-1", "content": "hello"}
TYPING = ROOM | {"is_typing": True}


def submit(session: Session, type_: str, data: dict[str, Any], **more: Any) -> effects.Submit:
    return only(say(session, type_, data, **more), effects.Submit)


@pytest.mark.parametrize(
    ("type_", "data", "payload"),
    [
        ("send_message", SEND, commands.PostMessage("hello")),
        (
            "send_message",
            SEND | {"reply_to": str(MESSAGE)},
            commands.PostMessage("hello", reply_to=MESSAGE),
        ),
        (
            "edit_message",
            ABOUT | {"content": "new", "expected_rev": 2},
            commands.EditMessage(MESSAGE, "new", 2),
        ),
        ("delete_message", ABOUT, commands.DeleteMessage(MESSAGE)),
        ("add_reaction", ABOUT | {"emoji": "x"}, commands.AddReaction(MESSAGE, "x")),
        ("remove_reaction", ABOUT | {"emoji": "x"}, commands.RemoveReaction(MESSAGE, "x")),
        ("read", ROOM | {"seq": 4}, commands.MarkRead(Seq(4))),
    ],
)
def test_orders_go_to_the_owner_of_the_room(
    type_: str, data: dict[str, Any], payload: commands.Payload
) -> None:
    wanted = submit(ready_session(), type_, data, ref="o")

    assert (wanted.subject, wanted.payload, wanted.ref) == (LOBBY, payload, "o")


def test_presence_goes_to_the_owner_of_the_person() -> None:
    wanted = submit(ready_session(), "set_presence", {"state": "away"})

    assert wanted.subject == ALICE.id
    assert wanted.payload == commands.SetPresence("away")


def test_a_guest_is_there_or_not_and_chooses_nothing_else() -> None:
    session = new_session()
    say(session, "auth", {"token": "t"})
    session.admit(bearer(room_id=LOBBY), [], NOW, presence_state="online")

    assert code(say(session, "set_presence", {"state": "invisible"})) == "forbidden"


def test_a_message_brings_its_own_command_id_and_others_are_counted() -> None:
    session = ready_session()

    ids = [
        submit(session, "send_message", SEND, ref="1").command_id,
        submit(session, "delete_message", ABOUT, ref="2").command_id,
        submit(session, "delete_message", ABOUT, ref="3").command_id,
    ]

    assert ids == ["m-1", f"{CONNECTION}-1", f"{CONNECTION}-2"]


def test_a_ref_in_flight_cannot_be_used_again_before_its_answer() -> None:
    session = ready_session()
    submit(session, "delete_message", ABOUT, ref="x")

    assert code(say(session, "delete_message", ABOUT, ref="x")) == "duplicate_ref"

    session.duties.pending.settle("x")
    assert submit(session, "delete_message", ABOUT, ref="x").ref == "x"


def test_a_command_without_answer_times_out() -> None:
    session = ready_session()
    submit(session, "delete_message", ABOUT, ref="slow")
    submit(session, "delete_message", ABOUT, ref="slower", now=NOW + 1)

    [late] = told(session.tick(NOW + 10))

    assert (late["ref"], late["data"]["code"], late["data"]["retryable"]) == (
        "slow",
        "timeout",
        True,
    )
    assert session.refuse("slow", Unavailable()) == []
    assert session.due_at == NOW + 11


def test_a_read_mark_without_ref_waits_for_nothing() -> None:
    session = ready_session()

    assert submit(session, "read", ROOM | {"seq": 4}, ref=None).ref is None
    assert len(session.duties.pending) == 0


def test_with_too_many_in_flight_nothing_is_read() -> None:
    session = ready_session(in_flight=2)
    was_reading = []
    for ref in ("1", "2"):
        submit(session, "delete_message", ABOUT, ref=ref)
        was_reading.append(session.is_reading)

    session.duties.pending.settle("1")

    assert [*was_reading, session.is_reading] == [True, False, True]


def test_an_answer_of_the_gateway_is_given_once() -> None:
    session = ready_session()
    session.duties.pending.open("x")

    assert len(session.answer(Acked(ref="x"))) == 1
    assert session.answer(Acked(ref="x")) == []


def test_a_join_asks_for_one_room_and_is_answered_for_it() -> None:
    session = ready_session()

    attach = only(say(session, "join_room", ROOM, ref="j"), effects.Attach)

    assert (attach.rooms, attach.ref, attach.is_join) == ((effects.From(LOBBY),), "j", True)
    assert "j" in session.duties.pending


def test_a_join_may_name_a_cursor() -> None:
    data = ROOM | {"after_seq": 4, "epoch": "e"}

    [place] = only(say(ready_session(), "join_room", data), effects.Attach).rooms

    assert (place.seq, place.epoch) == (4, "e")


def test_a_room_that_is_being_joined_cannot_be_joined_twice() -> None:
    session = ready_session()
    say(session, "join_room", ROOM, ref="1")

    assert code(say(session, "join_room", ROOM, ref="2")) == "conflict"


def test_more_rooms_than_allowed_are_refused() -> None:
    session = joined_session(rooms_attached=1)

    assert code(say(session, "join_room", {"room_id": str(ATTIC)})) == "limit_exceeded"
    assert len(some(say(session, "join_room", ROOM, ref="anew"), effects.Attach)) == 1


def test_a_resume_names_many_rooms() -> None:
    cursors = [{"room_id": str(room), "seq": 3, "epoch": "e"} for room in (LOBBY, ATTIC)]

    attach = only(say(ready_session(), "resume", {"rooms": cursors}, ref="s"), effects.Attach)

    assert [one.room_id for one in attach.rooms] == [LOBBY, ATTIC]
    assert (attach.ref, attach.is_join) == ("s", False)


def test_leaving_is_answered_at_once_also_twice() -> None:
    session = joined_session()
    say(session, "typing", TYPING, ref=None)

    wanted = say(session, "leave_room", ROOM, ref="l")

    assert some(wanted, effects.Detach) == [effects.Detach(LOBBY, is_member=True)]
    assert some(wanted, effects.ShowTyping) == [effects.ShowTyping(LOBBY, is_typing=False)]
    [left] = told(wanted)
    assert (left["ref"], left["data"]["reason"]) == ("l", "client")
    assert told(say(session, "leave_room", ROOM))[0]["type"] == "room_left"


def test_who_only_listened_leaves_without_wanting_to_hear_more() -> None:
    session = joined_session(role=None)

    wanted = say(session, "leave_room", ROOM, ref="l")

    assert some(wanted, effects.Detach) == [effects.Detach(LOBBY, is_member=False)]


def test_sync_reads_the_log() -> None:
    data = ROOM | {"after_seq": 4, "limit": 50}

    wanted = only(say(ready_session(), "sync", data, ref="s"), effects.ReadLog)

    assert wanted == effects.ReadLog(LOBBY, Seq(4), 50, "s")


def test_sync_keeps_to_the_advertised_limit() -> None:
    data = ROOM | {"after_seq": 4, "limit": 51}

    assert code(say(ready_session(sync_limit=50), "sync", data)) == "invalid"


def test_typing_is_shown_and_needs_no_answer() -> None:
    wanted = say(joined_session(), "typing", TYPING, ref=None)

    assert wanted == [effects.ShowTyping(LOBBY, is_typing=True)]


def test_typing_with_a_ref_is_acknowledged() -> None:
    [ack] = told(say(joined_session(), "typing", TYPING, ref="t"))

    assert (ack["type"], ack["ref"]) == ("ack", "t")


def test_typing_expires() -> None:
    session = joined_session()
    say(session, "typing", TYPING, ref=None)

    assert session.due_at == NOW + 6
    assert session.tick(NOW + 6) == [effects.ShowTyping(LOBBY, is_typing=False)]


def test_typing_said_again_lasts_longer() -> None:
    session = joined_session()
    say(session, "typing", TYPING, ref=None)
    say(session, "typing", TYPING, ref=None, now=NOW + 5)

    assert session.tick(NOW + 6) == []
    assert session.tick(NOW + 11) == [effects.ShowTyping(LOBBY, is_typing=False)]


def test_typing_is_stopped_once() -> None:
    session = joined_session()
    say(session, "typing", TYPING, ref=None)
    stop = TYPING | {"is_typing": False}

    assert say(session, "typing", stop, ref=None) == [effects.ShowTyping(LOBBY, is_typing=False)]
    assert say(session, "typing", stop, ref=None) == []


def test_typing_is_limited_per_room() -> None:
    session = joined_session()
    say(session, "typing", TYPING, ref=None)

    [refusal] = told(say(session, "typing", TYPING, ref=None, now=NOW + 0.5))

    assert refusal["data"]["code"] == "rate_limited"
    assert refusal["data"]["retry_after_ms"] == 1500


def test_only_members_type_and_only_where_they_listen() -> None:
    assert code(say(ready_session(), "typing", TYPING)) == "not_found"
    assert code(say(joined_session(role=None), "typing", TYPING)) == "not_member"


@pytest.mark.parametrize(
    ("type_", "data"),
    [
        ("send_message", SEND),
        ("join_room", ROOM),
        ("resume", {"rooms": [ROOM | {"seq": 0, "epoch": "e"}]}),
        ("sync", ROOM | {"after_seq": 0, "limit": 1}),
    ],
)
def test_a_guest_stays_in_the_one_room(type_: str, data: dict[str, Any]) -> None:
    session = new_session()
    say(session, "auth", {"token": "t"})
    session.admit(bearer(room_id=ATTIC), [], NOW, presence_state="online")

    assert code(say(session, type_, data)) == "not_found"

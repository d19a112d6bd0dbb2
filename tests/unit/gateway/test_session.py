"""One connection's life, from hello to the close."""

import json

import pytest

from libs.common.contracts.commands import LeaseChange
from libs.common.errors import ChatError, TooMany, Unauthorized, Unavailable
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.signed import TokenExpired
from services.gateway.core import effects
from services.gateway.core.greeting import hello_of, limits_of
from services.gateway.core.refusals import CloseCode
from services.gateway.core.session import Phase, Session
from services.gateway.settings import GatewaySettings
from tests.unit.gateway.fakes import ALICE, ATTIC, LOBBY
from tests.unit.gateway.speaking import (
    CONNECTION,
    NOW,
    bearer,
    closes,
    code,
    hear,
    joined_session,
    new_session,
    only,
    ready_session,
    say,
    some,
    standing,
    told,
)


def test_auth_asks_who_this_is_and_stops_reading() -> None:
    session = new_session()

    assert only(say(session, "auth", {"token": "t"}), effects.Admit).who == "t"
    assert not session.is_reading


def test_who_is_let_in_hears_their_rooms() -> None:
    session = new_session()
    say(session, "auth", {"token": "t"}, ref="a-1")

    wanted = session.admit(bearer(), [standing(unread=3)], NOW, presence_state="away")

    [ready] = told(wanted)
    assert (ready["type"], ready["ref"]) == ("ready", "a-1")
    assert ready["data"]["person"] == {"kind": "user", "id": str(ALICE.id), "name": "Alice"}
    assert ready["data"]["rooms"][0]["unread"] == 3
    assert ready["data"]["presence_state"] == "away"
    assert some(wanted, effects.Report) == [effects.Report(LeaseChange.OPENED)]
    assert session.is_reading


def test_ready_lists_at_most_two_hundred_rooms() -> None:
    session = new_session()
    say(session, "auth", {"token": "t"})
    many = [standing() for _ in range(201)]

    [ready] = told(session.admit(bearer(), many, NOW, presence_state="online"))

    assert len(ready["data"]["rooms"]) == 200


def test_cursors_in_auth_are_resumed_behind_ready() -> None:
    session = new_session()
    cursors = [
        {"room_id": str(LOBBY), "seq": 4, "epoch": "e"},
        {"room_id": str(ATTIC), "seq": 1, "epoch": "e"},
        {"room_id": str(LOBBY), "seq": 5, "epoch": "e"},
    ]
    say(session, "auth", {"token": "t", "resume": cursors})

    wanted = session.admit(bearer(), [], NOW, presence_state="online")

    assert isinstance(wanted[0], effects.Tell)
    [attach] = some(wanted, effects.Attach)
    assert attach.ref is None
    assert not attach.is_join
    assert [(one.room_id, one.seq) for one in attach.rooms] == [(LOBBY, 5), (ATTIC, 1)]


def test_too_many_cursors_in_auth_cost_the_resume_and_not_the_session() -> None:
    session = new_session(rooms_attached=1)
    cursors = [{"room_id": str(room), "seq": 1, "epoch": "e"} for room in (LOBBY, ATTIC)]
    say(session, "auth", {"token": "t", "resume": cursors})

    wanted = session.admit(bearer(), [], NOW, presence_state="online")

    assert [frame["type"] for frame in told(wanted)] == ["ready", "error"]
    assert session.phase is Phase.READY


def test_a_token_of_the_handshake_needs_no_auth() -> None:
    session = new_session()

    assert only(session.present(bearer()), effects.Admit).who == bearer()
    [ready] = told(session.admit(bearer(), [], NOW, presence_state="online"))
    assert "ref" not in ready


def test_auth_without_a_token_is_fine_after_such_a_handshake_once() -> None:
    session = new_session()
    session.present(bearer())
    session.admit(bearer(), [], NOW, presence_state="online")

    assert only(say(session, "auth", ref="a-1"), effects.Admit).who == bearer()
    [ready] = told(session.admit(bearer(), [], NOW, presence_state="online"))
    assert ready["ref"] == "a-1"
    assert code(say(session, "auth")) == "already_authenticated"


def test_auth_with_another_token_is_not() -> None:
    session = new_session()
    session.present(bearer())
    session.admit(bearer(), [], NOW, presence_state="online")

    assert code(say(session, "auth", {"token": "other"})) == "already_authenticated"


def test_auth_without_any_token_is_refused() -> None:
    wanted = say(new_session(), "auth")

    assert [frame["data"]["code"] for frame in told(wanted)] == ["unauthenticated"]
    assert closes(wanted) == [(4401, "invalid")]


@pytest.mark.parametrize(
    ("refusal", "told_code", "close"),
    [
        (Unauthorized(), "unauthenticated", (4401, "invalid")),
        (TokenExpired(), "token_expired", (4401, "expired")),
        (SessionRevoked(), "session_revoked", (4401, "revoked")),
        (TooMany(), "rate_limited", (1013, "")),
        (Unavailable(), "unavailable", (1013, "")),
    ],
)
def test_a_failed_auth_is_answered_and_closed(
    refusal: ChatError, told_code: str, close: tuple[int, str]
) -> None:
    session = new_session()
    say(session, "auth", {"token": "t"}, ref="a-1")

    wanted = session.deny(refusal)

    [error] = told(wanted)
    assert (error["data"]["code"], error["ref"]) == (told_code, "a-1")
    assert closes(wanted) == [close]


def test_before_auth_only_ping_is_obeyed() -> None:
    session = new_session()

    assert only(say(session, "ping", ref="p"), effects.TellTime).ref == "p"
    assert code(say(session, "typing", {"room_id": str(LOBBY), "is_typing": True})) == (
        "unauthenticated"
    )


def test_the_third_command_before_auth_ends_it() -> None:
    session = new_session()
    join = {"room_id": str(LOBBY)}
    say(session, "join_room", join)
    say(session, "join_room", join)

    wanted = say(session, "join_room", join)

    assert closes(wanted) == [(4401, "invalid")]
    assert say(session, "ping") == []


def test_a_large_frame_before_auth_ends_it() -> None:
    session = new_session(auth_frame_bytes=1024)

    assert closes(session.hear(b" " * 1025, NOW)) == [(1009, "")]


def test_silence_ends_it() -> None:
    session = new_session()

    assert session.due_at == NOW + 5
    assert session.tick(NOW + 4.9) == []
    assert closes(session.tick(NOW + 5)) == [(4408, "")]


def test_the_time_that_admission_takes_is_ours() -> None:
    session = new_session()
    say(session, "auth", {"token": "t"})

    assert session.tick(NOW + 20) == []


def test_a_second_auth_is_refused() -> None:
    assert code(say(ready_session(), "auth", {"token": "t"})) == "already_authenticated"


def test_six_bad_frames_in_ten_seconds_end_it() -> None:
    session = ready_session()
    for second in range(5):
        assert code(hear(session, {"type": "nonsense"}, now=NOW + second)) == "unknown_type"

    wanted = session.hear(b"{", NOW + 9.9)

    assert told(wanted)[0]["data"]["code"] == "bad_json"
    assert closes(wanted) == [(4400, "")]


def test_bad_frames_that_come_slowly_do_not() -> None:
    session = ready_session()

    for number in range(20):
        assert closes(session.hear(b"{", NOW + 2.1 * number)) == []


def test_an_end_takes_back_what_others_know_once() -> None:
    session = joined_session()
    say(session, "typing", {"room_id": str(LOBBY), "is_typing": True})

    assert session.end() == [
        effects.ShowTyping(LOBBY, is_typing=False),
        effects.Report(LeaseChange.CLOSED),
    ]
    assert session.end() == []
    assert session.close(CloseCode.RESTART) == []
    assert session.tick(NOW + 10_000) == []


def test_a_renamed_person_acts_by_the_new_name() -> None:
    session = ready_session()

    session.rename("Alicia")

    assert session.bearer is not None
    assert session.bearer.person.name == "Alicia"


def test_a_name_means_nothing_before_somebody_is_known() -> None:
    session = new_session()

    session.rename("Alicia")

    assert session.bearer is None


def test_hello_tells_the_limits_by_the_names_of_the_settings() -> None:
    settings = GatewaySettings(commands_burst=7)

    hello = hello_of(settings, limits_of(settings), connection_id=CONNECTION, server_time="now")

    assert hello.data.limits.commands_burst == 7
    assert (hello.data.connection_id, hello.data.server_time) == (CONNECTION, "now")


def test_who_enters_a_room_they_listen_to_may_type_there() -> None:
    session = joined_session(role=None)
    session.duties.places.entered(ATTIC)
    typing = {"room_id": str(LOBBY), "is_typing": True}
    assert code(say(session, "typing", typing)) == "not_member"

    session.duties.places.entered(LOBBY)

    assert len(some(say(session, "typing", typing), effects.ShowTyping)) == 1


def test_a_lost_room_is_told_and_forgotten() -> None:
    session = joined_session()
    say(session, "typing", {"room_id": str(LOBBY), "is_typing": True})

    wanted = session.lose_room(LOBBY, "banned", NOW)

    assert told(wanted)[0]["data"] == {"room_id": str(LOBBY), "reason": "banned"}
    assert some(wanted, effects.ShowTyping) == [effects.ShowTyping(LOBBY, is_typing=False)]
    assert LOBBY not in session.duties.places.attached


def flood(session: Session, seconds: float, per_s: int) -> list[tuple[int, str]]:
    """Ping evenly and return how it was closed."""
    for number in range(int(seconds * per_s)):
        if found := closes(say(session, "ping", now=NOW + number / per_s)):
            return found
    return []


def test_a_flood_ends_it() -> None:
    assert flood(ready_session(), seconds=5, per_s=500) == [(4429, "")]


def test_what_is_only_a_little_too_much_does_not() -> None:
    assert flood(ready_session(), seconds=20, per_s=45) == []


def test_frames_are_stamped_when_they_are_told() -> None:
    [frame] = [one.frame for one in some(say(new_session(), "read"), effects.Tell)]

    assert json.loads(frame.stamped("2026"))["ts"] == "2026"

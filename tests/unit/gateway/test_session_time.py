"""What happens to a session by itself, and when."""

import pytest

from libs.common.contracts.commands import LeaseChange
from libs.common.contracts.ids import SessionId
from services.gateway.core import effects
from services.gateway.core.bearer import Bearer
from services.gateway.core.session import Phase
from tests.unit.gateway.fakes import ATTIC, BOB, LOBBY
from tests.unit.gateway.speaking import (
    LIFE_S,
    NOW,
    bearer,
    closes,
    code,
    joined_session,
    new_session,
    only,
    ready_session,
    say,
    some,
    told,
)


def test_a_client_is_pinged_and_has_ten_seconds_to_be_heard() -> None:
    session = ready_session()

    assert some(session.tick(NOW + 25), effects.Ping) == [effects.Ping()]
    assert session.tick(NOW + 34.9) == []
    assert closes(session.tick(NOW + 35)) == [(4411, "")]


def test_any_sign_of_life_will_do() -> None:
    session = ready_session()
    session.tick(NOW + 25)

    session.watch.alive()

    assert closes(session.tick(NOW + 35)) == []
    assert session.watch.ping_at == NOW + 50


def test_a_token_is_announced_to_expire_and_then_ends_the_session() -> None:
    session = ready_session(heartbeat_s=10_000)

    [warning] = told(session.tick(NOW + LIFE_S - 60))
    assert warning["type"] == "token_expiring"
    assert warning["data"] == {"expires_at": "later"}
    assert told(session.tick(NOW + LIFE_S - 59)) == []
    assert closes(session.tick(NOW + LIFE_S)) == [(4401, "expired")]


def test_a_newer_token_of_the_session_keeps_it() -> None:
    session = ready_session(heartbeat_s=10_000)
    assert only(say(session, "refresh", {"token": "n"}, ref="f"), effects.Renew).token == "n"

    [ack] = told(session.renew(bearer(expires_at=NOW + 2 * LIFE_S, expires_text="much"), "f"))

    assert (ack["type"], ack["ref"], ack["data"]) == ("ack", "f", {"expires_at": "much"})
    assert closes(session.tick(NOW + LIFE_S)) == []


@pytest.mark.parametrize(
    "other", [bearer(BOB), bearer(session_id=SessionId(BOB.id)), bearer(session_id=None)]
)
def test_a_token_of_another_session_ends_it(other: Bearer) -> None:
    session = ready_session()
    say(session, "refresh", {"token": "n"}, ref="f")

    wanted = session.renew(other, "f")

    assert told(wanted)[0]["ref"] == "f"
    assert closes(wanted) == [(4401, "invalid")]


def test_a_lease_is_renewed_and_soon_when_the_rooms_have_changed() -> None:
    session = ready_session()

    assert some(session.tick(NOW + 20), effects.Report) == [effects.Report(LeaseChange.RENEWED)]
    session.rooms_changed(NOW + 21)
    assert session.due_at == NOW + 21
    assert some(session.tick(NOW + 21), effects.Report) == [effects.Report(LeaseChange.RENEWED)]


def test_a_client_that_is_sent_away_is_served_until_its_time() -> None:
    session = ready_session()

    [reconnect] = told(session.leave("drain", after_s=3, now=NOW))
    assert reconnect["data"] == {"reason": "drain", "after_ms": 3000}
    assert say(session, "ping", now=NOW + 2.9)
    assert closes(session.tick(NOW + 2.9)) == []
    assert closes(session.tick(NOW + 3)) == [(1012, "")]


def test_commands_in_flight_are_waited_for_but_new_ones_not_taken() -> None:
    session = joined_session()
    say(session, "read", {"room_id": str(LOBBY), "seq": 1}, ref="last")
    session.leave("drain", after_s=0, now=NOW)

    assert closes(session.tick(NOW)) == []
    assert code(say(session, "join_room", {"room_id": str(ATTIC)}, ref="new")) == "draining"
    session.duties.pending.settle("last")
    assert session.due_at == 0
    assert closes(session.tick(NOW + 1)) == [(1012, "")]


def test_commands_in_flight_are_not_waited_for_very_long() -> None:
    session = joined_session()
    say(session, "read", {"room_id": str(LOBBY), "seq": 1}, ref="last")
    session.leave("drain", after_s=0, now=NOW)
    session.tick(NOW)

    assert closes(session.tick(NOW + 5)) == [(1012, "")]


def test_a_very_old_connection_is_asked_to_come_anew() -> None:
    session = ready_session(max_age_s=100, heartbeat_s=10_000)

    [reconnect] = told(session.tick(NOW + 100))

    assert reconnect["data"]["reason"] == "rebalance"
    assert closes(session.tick(NOW + 105)) == [(1012, "")]


def test_admission_of_a_client_that_is_sent_away_ends_in_leaving() -> None:
    session = new_session()
    say(session, "auth", {"token": "t"})
    session.leave("drain", after_s=0, now=NOW)
    session.duties.pending.open("x")
    session.tick(NOW)

    session.admit(bearer(), [], NOW, presence_state="online")

    assert session.phase is Phase.LEAVING

"""Who polls is one connection, reported by whichever gateway is asked, and never ended."""

from libs.common.contracts.commands import LeaseChange, ReportLease
from libs.common.contracts.ids import ConnectionId, RoomId
from services.presence.core.roster import Roster
from services.presence.model import Shown
from tests.unit.presence.house import ALICE, LOBBY
from tests.unit.presence.rosters import GRACE_S, LEASE_S, NOW, opened, roster

POLL = ConnectionId("poll-1")
HELD_S = 25.0


def polled(gateway: str, *rooms: RoomId) -> ReportLease:
    return ReportLease(LeaseChange.RENEWED, POLL, gateway, rooms=rooms)


def test_the_first_poll_shows_a_person_and_later_ones_anywhere_tell_nothing() -> None:
    people = roster()

    [came] = people.report(ALICE, polled("gw.1", LOBBY), NOW, late_s=0)
    assert came.look.shown is Shown.ONLINE
    for number, gateway in enumerate(["gw.2", "gw.1", "gw.1-restarted"], start=1):
        now = NOW + number * HELD_S
        assert people.expire(now) == []
        assert people.report(ALICE, polled(gateway, LOBBY), now, late_s=0) == []

    assert people.connections == 1


def test_who_stops_polling_goes_offline_when_the_last_lease_has_run_out() -> None:
    people = roster()
    people.report(ALICE, polled("gw.1", LOBBY), NOW, late_s=0)
    people.report(ALICE, polled("gw.2", LOBBY), NOW + HELD_S, late_s=0)

    assert people.expire(NOW + HELD_S + LEASE_S - 1) == []
    [left] = people.expire(NOW + HELD_S + LEASE_S)
    assert left.look.shown is Shown.OFFLINE


def test_a_socket_that_opens_beside_tells_nothing_and_may_close() -> None:
    people = roster()
    people.report(ALICE, polled("gw.1", LOBBY), NOW, late_s=0)
    socket = opened(ConnectionId("c-1"), LOBBY)
    assert people.report(ALICE, socket, NOW, late_s=0) == []

    closed = ReportLease(LeaseChange.CLOSED, socket.connection, "gw.1")
    people.report(ALICE, closed, NOW + 1, late_s=0)

    assert people.expire(NOW + 1 + GRACE_S) == []


def test_a_new_roster_learns_of_polls_as_they_come() -> None:
    people: Roster = roster(is_whole=False)
    assert people.report(ALICE, polled("gw.1", LOBBY), NOW, late_s=0) == []
    assert list(people.online_in(LOBBY)) == [ALICE]

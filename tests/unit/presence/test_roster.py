"""The roster: several devices, leases that run out, and who is told."""

from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.commands import LeaseChange, ReportLease
from libs.common.contracts.ids import ConnectionId, PersonId, RoomId
from services.presence.model import Choice, Chosen, Shown
from tests.unit.presence.rosters import (
    ALICE,
    BOB,
    CHARLIE,
    GRACE_S,
    KITCHEN,
    LAPTOP,
    LEASE_S,
    LOBBY,
    NOW,
    PHONE,
    closed,
    opened,
    renewed,
    roster,
    told,
)


def test_the_first_connection_shows_a_person_in_its_rooms() -> None:
    people = roster()

    changes = people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    assert told(changes) == [(Shown.ONLINE, {LOBBY})]
    assert list(people.online_in(LOBBY)) == [ALICE]
    assert list(people.online_in(KITCHEN)) == []


def test_a_second_device_tells_only_the_rooms_it_adds() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    changes = people.report(ALICE, opened(LAPTOP, LOBBY, KITCHEN), NOW, late_s=0)

    assert told(changes) == [(Shown.ONLINE, {KITCHEN})]


def test_renewing_a_lease_tells_nobody_anything() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    assert people.report(ALICE, renewed(PHONE, LOBBY), NOW + 20, late_s=0) == []


def test_closing_one_of_two_devices_changes_nothing() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    people.report(ALICE, opened(LAPTOP, LOBBY), NOW, late_s=0)
    people.report(ALICE, closed(PHONE), NOW, late_s=0)

    assert people.expire(NOW + GRACE_S) == []
    assert list(people.online_in(LOBBY)) == [ALICE]


def test_after_the_last_close_a_person_goes_offline_once_the_grace_is_over() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    assert people.report(ALICE, closed(PHONE), NOW, late_s=0) == []
    assert people.expire(NOW + GRACE_S - 0.1) == []
    changes = people.expire(NOW + GRACE_S)

    assert told(changes) == [(Shown.OFFLINE, {LOBBY})]
    assert changes[0].last_seen == NOW + GRACE_S
    assert list(people.online_in(LOBBY)) == []


def test_a_page_that_reloads_does_not_flicker() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    people.report(ALICE, closed(PHONE), NOW, late_s=0)

    assert people.report(ALICE, opened(LAPTOP, LOBBY), NOW + 1, late_s=0) == []
    assert people.expire(NOW + GRACE_S) == []


def test_a_lease_that_nobody_renews_runs_out() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    assert told(people.expire(NOW + LEASE_S)) == [(Shown.OFFLINE, {LOBBY})]
    assert people.connections == 0


def test_closing_an_unknown_connection_is_nothing() -> None:
    assert roster().report(ALICE, closed(PHONE), NOW, late_s=0) == []


def test_a_later_change_has_a_higher_rev_even_in_the_same_moment() -> None:
    people = roster()
    first = people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    second = people.choose(Choice(ALICE, Chosen.AWAY, None), NOW)

    assert second[0].rev > first[0].rev


def test_devices_at_two_gateways_are_one_person_until_the_last_goes() -> None:
    people = roster()
    at_another = ReportLease(LeaseChange.OPENED, LAPTOP, "gw.2", rooms=(LOBBY,))
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    assert people.report(ALICE, at_another, NOW, late_s=0) == []

    people.report(ALICE, closed(LAPTOP), NOW + 30, late_s=0)
    people.report(ALICE, renewed(PHONE, LOBBY), NOW + 30, late_s=0)
    assert people.expire(NOW + 60) == []

    people.report(ALICE, closed(PHONE), NOW + 60, late_s=0)
    [left] = people.expire(NOW + 60 + GRACE_S)
    assert left.look.shown is Shown.OFFLINE


def test_the_people_of_a_gateway_that_died_run_out_and_no_others() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    people.report(BOB, opened(LAPTOP, LOBBY), NOW, late_s=0)

    people.report(BOB, renewed(LAPTOP, LOBBY), NOW + 20, late_s=0)
    people.report(BOB, renewed(LAPTOP, LOBBY), NOW + 40, late_s=0)

    assert [change.person_id for change in people.expire(NOW + LEASE_S)] == [ALICE]
    assert list(people.online_in(LOBBY)) == [BOB]


def test_a_report_that_waited_too_long_counts_that_much_less() -> None:
    people = roster()
    people.report(ALICE, renewed(PHONE, LOBBY), NOW, late_s=40)
    people.report(BOB, renewed(LAPTOP, LOBBY), NOW, late_s=LEASE_S)

    assert list(people.online_in(LOBBY)) == [ALICE]
    assert told(people.expire(NOW + 5)) == [(Shown.OFFLINE, {LOBBY})]
    assert people.connections == 0


def test_a_new_roster_takes_in_who_was_there_before_without_a_word() -> None:
    people = roster(is_whole=False)

    assert people.report(ALICE, renewed(PHONE, LOBBY), NOW, late_s=0) == []
    assert told(people.report(BOB, opened(LAPTOP, LOBBY), NOW, late_s=0)) == [
        (Shown.ONLINE, {LOBBY})
    ]
    assert [seen.person_id for seen in people.seen_in(LOBBY, at_most=2)] == [ALICE, BOB]
    assert all(seen.rev >= NOW * 1000 for seen in people.seen_in(LOBBY, at_most=2))


def test_of_more_than_are_asked_for_those_are_named_who_came_first() -> None:
    people = roster()
    for person_id in (CHARLIE, ALICE, BOB):
        people.report(person_id, opened(PHONE, LOBBY), NOW, late_s=0)

    assert [seen.person_id for seen in people.seen_in(LOBBY, at_most=2)] == [CHARLIE, ALICE]
    assert people.count_in(LOBBY) == 3


def test_who_goes_without_having_heard_a_room_was_seen_all_the_same() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE), NOW, late_s=0)
    people.report(ALICE, closed(PHONE), NOW + 1, late_s=0)

    [change] = people.expire(NOW + 1 + GRACE_S)

    assert (change.last_seen, change.rooms) == (NOW + 1 + GRACE_S, frozenset())


def test_nobody_goes_offline_before_the_roster_is_whole() -> None:
    people = roster(is_whole=False)
    people.report(ALICE, renewed(PHONE, LOBBY), NOW, late_s=0)
    people.report(ALICE, closed(PHONE), NOW, late_s=0)

    assert people.expire(NOW + 10) == []
    assert people.look_of(ALICE, NOW + 10) is None, "nor is she said to be there"

    people.is_whole = True
    assert told(people.expire(NOW + 10)) == [(Shown.OFFLINE, {LOBBY})]


def test_while_nobody_can_be_heard_only_who_said_goodbye_goes() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    people.report(BOB, opened(LAPTOP, LOBBY), NOW, late_s=0)
    people.report(BOB, closed(LAPTOP), NOW, late_s=0)

    people.prolong(NOW + 100)

    assert [change.person_id for change in people.expire(NOW + 100)] == [BOB]
    assert [change.person_id for change in people.expire(NOW + 100 + LEASE_S)] == [ALICE]


reports = st.tuples(
    st.sampled_from([ALICE, BOB]),
    st.sampled_from([PHONE, LAPTOP]),
    st.sampled_from([LeaseChange.OPENED, LeaseChange.RENEWED, LeaseChange.CLOSED]),
    st.sets(st.sampled_from([LOBBY, KITCHEN])),
    st.floats(0, 60),
)


@given(st.lists(reports, max_size=40))
def test_who_follows_the_changes_knows_who_is_online(
    steps: list[tuple[PersonId, ConnectionId, LeaseChange, set[RoomId], float]],
) -> None:
    people, now, seen = roster(), NOW, dict[PersonId, Shown]()

    for person_id, connection, change, rooms, pause_s in steps:
        now += pause_s
        name = ConnectionId(f"{person_id}-{connection}")
        report = ReportLease(change, name, "gw.1", rooms=tuple(rooms))
        for told_change in [*people.expire(now), *people.report(person_id, report, now, late_s=0)]:
            seen[told_change.person_id] = told_change.look.shown

    online = {*people.online_in(LOBBY), *people.online_in(KITCHEN)}
    assert {one for one, shown in seen.items() if shown is Shown.ONLINE} >= online

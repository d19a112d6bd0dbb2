"""What people choose to be seen as, and what others may know of when they were seen."""

from services.presence.model import Choice, Chosen, LastSeenTo, Look, Shown
from tests.unit.presence.rosters import (
    ALICE,
    BOB,
    CHARLIE,
    KITCHEN,
    LAPTOP,
    LEASE_S,
    LOBBY,
    NOW,
    PHONE,
    opened,
    roster,
    told,
)


def test_who_turns_away_is_shown_as_away() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    changes = people.choose(Choice(ALICE, Chosen.AWAY, "lunch"), NOW)

    assert told(changes) == [(Shown.AWAY, {LOBBY})]
    assert people.look_of(ALICE, NOW) == Look(Shown.AWAY, "lunch")


def test_another_text_is_told_too() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    [change] = people.choose(Choice(ALICE, Chosen.ONLINE, "back at two"), NOW)

    assert change.look == Look(Shown.ONLINE, "back at two")
    assert people.choose(Choice(ALICE, Chosen.ONLINE, "back at two"), NOW) == []


def test_who_becomes_invisible_looks_like_somebody_who_left() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    changes = people.choose(Choice(ALICE, Chosen.INVISIBLE, None), NOW)

    assert told(changes) == [(Shown.OFFLINE, {LOBBY})]
    assert changes[0].last_seen == NOW
    assert list(people.online_in(LOBBY)) == []
    assert people.look_of(ALICE, NOW) is None


def test_what_the_invisible_do_later_moves_no_time() -> None:
    people = roster()
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)
    people.choose(Choice(ALICE, Chosen.INVISIBLE, None), NOW)

    assert people.choose(Choice(ALICE, Chosen.INVISIBLE, "busy"), NOW + 5) == []
    assert people.expire(NOW + LEASE_S) == []


def test_whoever_comes_invisible_is_never_told_of() -> None:
    people = roster()
    people.remember([Choice(ALICE, Chosen.INVISIBLE, None)], [])

    assert people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0) == []
    assert people.report(ALICE, opened(LAPTOP, KITCHEN), NOW, late_s=0) == []
    assert people.expire(NOW + LEASE_S) == []


def test_a_choice_made_while_away_counts_on_return() -> None:
    people = roster()

    assert people.choose(Choice(ALICE, Chosen.DND, None), NOW) == []

    assert told(people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)) == [(Shown.DND, {LOBBY})]


def test_what_somebody_chose_is_known_whether_or_not_they_are_there() -> None:
    people = roster()
    people.remember([Choice(BOB, Chosen.INVISIBLE, None)], [])
    people.choose(Choice(ALICE, Chosen.DND, None), NOW)
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    assert people.chosen([ALICE, BOB, CHARLIE]) == {ALICE: Chosen.DND, BOB: Chosen.INVISIBLE}


def test_who_is_simply_online_again_chose_nothing() -> None:
    people = roster()
    people.choose(Choice(ALICE, Chosen.AWAY, "lunch"), NOW)
    people.choose(Choice(ALICE, Chosen.ONLINE, None), NOW)

    assert people.chosen([ALICE]) == {}


def test_of_whom_nobody_may_know_it_is_not_told_when_they_were_seen() -> None:
    people = roster()
    people.show_last_seen(ALICE, LastSeenTo.NOBODY)
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    [gone] = people.choose(Choice(ALICE, Chosen.INVISIBLE), NOW)

    assert gone.last_seen is None


def test_it_may_be_told_again_when_they_say_so() -> None:
    people = roster()
    people.remember([], [ALICE])
    people.show_last_seen(ALICE, LastSeenTo.EVERYBODY)
    people.report(ALICE, opened(PHONE, LOBBY), NOW, late_s=0)

    [gone] = people.choose(Choice(ALICE, Chosen.INVISIBLE), NOW)

    assert gone.last_seen == NOW

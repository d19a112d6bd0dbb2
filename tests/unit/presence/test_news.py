"""What rooms are told and when: windows by their size, the newest of each person, no lie."""

from collections.abc import Iterable
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from libs.common.contracts.ids import PersonId, RoomId
from services.presence.core.news import News, Windows
from services.presence.model import Change, Look, Notice, Seen, Shown

NOW = 1_000.0
SMALL_S = 1.0
LARGE_S = 5.0
WINDOWS = Windows(small_s=SMALL_S, large_s=LARGE_S, small_people=50, named_people=1_000)

ALICE = PersonId(UUID(int=1))
BOB = PersonId(UUID(int=2))
LOBBY = RoomId(UUID(int=11))
KITCHEN = RoomId(UUID(int=12))


class Crowd:
    """As many people in each room as `counts` says; `seen` are those with a name."""

    def __init__(self) -> None:
        self.is_whole = True
        self.counts = {LOBBY: 2, KITCHEN: 2}
        self.seen: dict[PersonId, Shown] = {ALICE: Shown.ONLINE, BOB: Shown.ONLINE}

    def count_in(self, room_id: RoomId) -> int:
        return self.counts[room_id]

    def seen_in(self, room_id: RoomId, *, at_most: int) -> tuple[Seen, ...]:
        there = [(one, how) for one, how in self.seen.items() if how is not Shown.OFFLINE]
        return tuple(Seen(one, Look(how), None, 1) for one, how in there[:at_most])


def news(*, shown_per_s: float = 1_000) -> News:
    return News(WINDOWS, shown_per_s=shown_per_s)


def change(
    shown: Shown,
    *rooms: RoomId,
    person_id: PersonId = ALICE,
    rev: int = 1,
) -> Change:
    return Change(person_id, Look(shown), None, rev, frozenset(rooms or {LOBBY}))


def told(notices: Iterable[Notice]) -> dict[RoomId, list[tuple[PersonId, Shown]] | int]:
    """Return of each room what it was told of whom, or its number alone."""
    return {
        one.room_id: [(seen.person_id, seen.look.shown) for seen in one.people]
        if one.people or one.count is None
        else one.count
        for one in notices
    }


def test_the_first_change_in_a_quiet_room_is_told_at_once() -> None:
    rooms = news()
    rooms.add([change(Shown.AWAY, LOBBY, KITCHEN)], NOW)

    expected = [(ALICE, Shown.AWAY)]
    assert told(rooms.due(Crowd(), NOW)) == {LOBBY: expected, KITCHEN: expected}
    assert rooms.due(Crowd(), NOW + 10) == []


def test_what_comes_within_the_window_waits_for_its_end_and_is_told_together() -> None:
    rooms, crowd = news(), Crowd()
    rooms.add([change(Shown.AWAY)], NOW)
    rooms.due(crowd, NOW)

    rooms.add([change(Shown.DND)], NOW + 0.2)
    rooms.add([change(Shown.ONLINE, person_id=BOB)], NOW + 0.4)

    assert rooms.due(crowd, NOW + SMALL_S - 0.01) == []
    assert told(rooms.due(crowd, NOW + SMALL_S)) == {
        LOBBY: [(ALICE, Shown.DND), (BOB, Shown.ONLINE)]
    }


def test_of_a_person_only_the_newest_is_told() -> None:
    rooms, crowd = news(), Crowd()
    rooms.add([change(Shown.AWAY, rev=1), change(Shown.DND, rev=2)], NOW)

    [notice] = rooms.due(crowd, NOW)

    assert [(seen.look.shown, seen.rev) for seen in notice.people] == [(Shown.DND, 2)]


def test_who_came_and_went_within_a_window_is_told_of_once_as_gone() -> None:
    rooms, crowd = news(), Crowd()
    rooms.add([change(Shown.AWAY)], NOW)
    rooms.due(crowd, NOW)
    rooms.add([change(Shown.ONLINE, person_id=BOB)], NOW + 0.2)
    rooms.add([change(Shown.OFFLINE, person_id=BOB)], NOW + 0.4)

    assert told(rooms.due(crowd, NOW + SMALL_S)) == {LOBBY: [(BOB, Shown.OFFLINE)]}


def test_a_room_with_more_than_fifty_people_is_told_every_five_seconds() -> None:
    rooms, crowd = news(), Crowd()
    crowd.counts[LOBBY] = 51
    rooms.add([change(Shown.AWAY, LOBBY, KITCHEN)], NOW)
    rooms.due(crowd, NOW)

    rooms.add([change(Shown.ONLINE, LOBBY, KITCHEN)], NOW + 0.5)

    assert told(rooms.due(crowd, NOW + SMALL_S)) == {KITCHEN: [(ALICE, Shown.ONLINE)]}
    assert rooms.due(crowd, NOW + LARGE_S - 0.01) == []
    assert told(rooms.due(crowd, NOW + LARGE_S)) == {LOBBY: [(ALICE, Shown.ONLINE)]}


def test_fifty_people_are_still_few() -> None:
    rooms, crowd = news(), Crowd()
    crowd.counts[LOBBY] = 50
    rooms.add([change(Shown.AWAY)], NOW)
    rooms.due(crowd, NOW)
    rooms.add([change(Shown.ONLINE)], NOW)

    assert rooms.due(crowd, NOW + SMALL_S) != []


def test_above_a_thousand_only_the_number_is_told_and_only_when_it_changed() -> None:
    rooms, crowd = news(), Crowd()
    crowd.counts[LOBBY] = 1_001
    rooms.add([change(Shown.ONLINE)], NOW)
    assert told(rooms.due(crowd, NOW)) == {LOBBY: 1_001}

    rooms.add([change(Shown.AWAY)], NOW + 1)
    assert rooms.due(crowd, NOW + LARGE_S) == []

    later = NOW + 2 * LARGE_S
    crowd.counts[LOBBY] = 1_002
    rooms.add([change(Shown.ONLINE, person_id=BOB)], later)
    assert told(rooms.due(crowd, later)) == {LOBBY: 1_002}
    crowd.counts[LOBBY] = 1_003
    rooms.add([change(Shown.ONLINE)], later + 1)
    assert rooms.due(crowd, later + LARGE_S - 0.01) == []
    assert told(rooms.due(crowd, later + LARGE_S)) == {LOBBY: 1_003}


def test_a_room_that_becomes_smaller_is_told_of_everybody_again() -> None:
    rooms, crowd = news(), Crowd()
    crowd.counts[LOBBY] = 1_001
    rooms.add([change(Shown.ONLINE)], NOW)
    rooms.due(crowd, NOW)

    crowd.counts[LOBBY] = 950
    rooms.add([change(Shown.OFFLINE)], NOW + 5)
    assert told(rooms.due(crowd, NOW + 5)) == {LOBBY: 950}, "at the border it stays a number"

    crowd.counts[LOBBY] = 900
    rooms.add([change(Shown.OFFLINE)], NOW + 10)
    [notice] = rooms.due(crowd, NOW + 10)
    assert (notice.count, len(notice.people)) == (900, 2)


def test_a_shown_room_is_told_of_everybody_once_per_window() -> None:
    rooms, crowd = news(), Crowd()
    rooms.show([LOBBY])
    rooms.show([LOBBY])

    [notice] = rooms.due(crowd, NOW)
    assert (notice.count, notice.people) == (2, crowd.seen_in(LOBBY, at_most=2))

    rooms.show([LOBBY])
    assert rooms.due(crowd, NOW + 0.5) == []
    assert len(rooms.due(crowd, NOW + SMALL_S)) == 1


def test_what_waited_is_part_of_what_is_shown() -> None:
    rooms, crowd = news(), Crowd()
    rooms.add([change(Shown.AWAY)], NOW)
    rooms.show([LOBBY])

    [notice] = rooms.due(crowd, NOW)

    assert notice.count == 2
    assert rooms.due(crowd, NOW + 10) == []


def test_nothing_is_shown_before_the_roster_is_whole_and_no_number_is_told() -> None:
    rooms, crowd = news(), Crowd()
    crowd.is_whole = False
    crowd.counts[KITCHEN] = 1_200
    rooms.show([LOBBY])
    rooms.add([change(Shown.ONLINE, KITCHEN)], NOW)
    assert rooms.due(crowd, NOW) == []

    crowd.is_whole = True

    assert told(rooms.due(crowd, NOW + 1)) == {
        LOBBY: [(ALICE, Shown.ONLINE), (BOB, Shown.ONLINE)],
        KITCHEN: 1_200,
    }


def test_many_rooms_are_shown_one_after_the_other() -> None:
    rooms, crowd = news(shown_per_s=6), Crowd()
    many = [RoomId(UUID(int=number)) for number in range(10)]
    crowd.counts |= dict.fromkeys(many, 2)
    rooms.show(many)

    per_second = [len(rooms.due(crowd, NOW + second)) for second in range(6)]

    assert sum(per_second) == 10
    assert max(per_second) <= 3


def test_a_quiet_room_is_forgotten() -> None:
    rooms = news()
    rooms.add([change(Shown.AWAY)], NOW)
    rooms.due(Crowd(), NOW)

    rooms.forget_quiet(NOW + 0.5)
    assert rooms.room_count == 1
    rooms.forget_quiet(NOW + SMALL_S)
    assert rooms.room_count == 0


shown = st.sampled_from([Shown.ONLINE, Shown.AWAY, Shown.DND, Shown.OFFLINE])
steps = st.lists(
    st.tuples(
        st.sampled_from([ALICE, BOB]),
        shown,
        st.just(0) | st.integers(901, 1_100),
        st.floats(0, 3),
        st.booleans(),
    ),
    max_size=40,
)


@given(steps)
def test_who_follows_what_is_told_knows_in_the_end_how_it_is(
    story: list[tuple[PersonId, Shown, int, float, bool]],
) -> None:
    rooms, crowd, now = news(), Crowd(), NOW
    crowd.seen = {}
    believed: dict[PersonId, Shown] | int = {}

    def hear(notices: list[Notice]) -> None:
        nonlocal believed
        for notice in notices:
            people = {seen.person_id: seen.look.shown for seen in notice.people}
            if notice.count is not None:
                believed = people if people or not notice.count else notice.count
            elif isinstance(believed, dict):
                believed = {**believed, **people}

    for person_id, state, others, pause_s, is_asked in story:
        now += pause_s
        before = crowd.seen.get(person_id, Shown.OFFLINE)
        crowd.seen[person_id] = state
        there = sum(how is not Shown.OFFLINE for how in crowd.seen.values())
        crowd.counts[LOBBY] = there + others
        if before is not state:
            rooms.add([change(state, person_id=person_id)], now)
        if is_asked:
            rooms.show([LOBBY])
        hear(rooms.due(crowd, now))
    hear(rooms.due(crowd, now + LARGE_S))

    if isinstance(believed, int):
        assert believed > 900
    else:
        actual = {one: how for one, how in crowd.seen.items() if how is not Shown.OFFLINE}
        assert {one: how for one, how in believed.items() if how is not Shown.OFFLINE} == actual

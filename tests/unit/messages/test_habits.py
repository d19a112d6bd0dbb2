"""Saying the same over and over, and calling everybody all the time."""

import pytest

from libs.common.contracts.commands import PostMessage
from libs.common.contracts.people import Person, PersonKind, RoomRole
from libs.common.errors import TooMany
from services.messages.core.decide import Decision
from services.messages.core.habits import Habits, Lately, Taken
from services.messages.core.pace import Pace
from services.messages.model.rooms import Member
from tests.support.clock import TEN_O_CLOCK
from tests.unit.messages.builders import (
    ALICE,
    BOB,
    around,
    asked,
    decided,
    habits,
    known,
    only,
    refusal,
    said,
)

S = 1_000_000_000


def says(text: str, *, over: Habits, now: float = TEN_O_CLOCK) -> Decision:
    """Let Bob say something, and have it written."""
    decision = decided(
        known(), asked(BOB, PostMessage(text)), circumstances=around(now=now, over=over)
    )
    over.note(decision.taken, now_ns=int(now * S))
    return decision


def lately(*, limit: int = 2, max_keys: int = 10) -> Lately:
    return Lately(limit=limit, window_s=10, max_keys=max_keys)


def test_the_same_text_is_heard_so_often_and_then_refused() -> None:
    over = habits(same_text=2)
    says("buy", over=over, now=TEN_O_CLOCK)
    says("buy", over=over, now=TEN_O_CLOCK + 4)

    decision = says("buy", over=over, now=TEN_O_CLOCK + 5)

    assert only(decision) == "rate_limited"
    assert refusal(decision).retry_after_ms == 5000


def test_hosts_may_say_the_same_over_and_over() -> None:
    over = habits(same_text=1)
    decisions = [
        decided(known(), asked(ALICE, PostMessage("Be kind")), circumstances=around(over=over))
        for _ in range(2)
    ]

    assert [decision.taken for decision in decisions] == [Taken(), Taken()]
    assert decisions[-1].change.entries


def test_bots_may_answer_the_same_over_and_over() -> None:
    over = habits(same_text=1)
    robot = Person(PersonKind.BOT, BOB.id, "Robot")
    room = known()
    room.members[BOB.id] = Member(robot, RoomRole.MEMBER)

    decision = decided(room, asked(robot, PostMessage("pong")), circumstances=around(over=over))

    assert decision.taken == Taken()
    assert decision.change.entries


def test_who_waits_as_long_as_told_may_say_it_again() -> None:
    over = habits(same_text=2)
    for now in (TEN_O_CLOCK, TEN_O_CLOCK + 4):
        says("buy", over=over, now=now)

    assert says("buy", over=over, now=TEN_O_CLOCK + 10).change.entries


def test_repeats_of_one_batch_count_like_any_other() -> None:
    commands = [asked(BOB, PostMessage("buy")) for _ in range(3)]

    decision = decided(known(), *commands, circumstances=around(over=habits(same_text=2)))

    assert [isinstance(one, dict) for one in said(decision)] == [True, True, False]


@pytest.mark.parametrize("text", ["BUY", " buy\n", "Buy "])
def test_case_and_spaces_make_no_other_text(text: str) -> None:
    over = habits(same_text=1)
    says("buy", over=over)

    assert only(says(text, over=over)) == "rate_limited"


def test_another_text_and_another_person_are_not_held_up() -> None:
    over = habits(same_text=1)
    says("buy", over=over)

    decision = decided(
        known(),
        asked(BOB, PostMessage("bye")),
        asked(ALICE, PostMessage("buy")),
        circumstances=around(over=over),
    )

    assert len(decision.change.entries) == 2


def test_a_repeated_command_is_no_repeated_text() -> None:
    over = habits(same_text=1)
    post = asked(BOB, PostMessage("buy"), command_id="m-1")
    first = decided(known(), post, circumstances=around(over=over))
    over.note(first.taken, now_ns=int(TEN_O_CLOCK * S))

    upon = known(outcomes=first.change.outcomes)
    again = decided(upon, post, circumstances=around(over=over))

    assert only(again)["duplicate"] is True


def test_a_decision_that_is_thrown_away_counts_for_nothing() -> None:
    over = habits(same_text=1)

    decisions = [
        decided(known(), asked(BOB, PostMessage("buy")), circumstances=around(over=over))
        for _ in range(3)
    ]

    assert all(decision.change.entries for decision in decisions)


def test_what_is_refused_takes_nothing_of_the_pace() -> None:
    over = habits(same_text=1)
    says("buy", over=over)

    assert says("buy", over=over).pace == Pace()


def test_mentions_of_one_person_are_counted_together() -> None:
    over = habits(mentions=2)
    for number in range(2):
        says(f"<@{ALICE.id}> {number}", over=over)

    assert only(says(f"<@{ALICE.id}> again", over=over)) == "rate_limited"
    assert isinstance(only(says("without", over=over)), dict)


def test_links_of_one_person_are_counted_together() -> None:
    over = habits(links=3)
    says("https://one.example and HTTP://two.example", over=over)
    says("matrix://three.example", over=over)

    assert only(says("https://four.example", over=over)) == "rate_limited"
    assert isinstance(only(says("without: //", over=over)), dict)


def test_what_is_refused_for_its_links_takes_no_mentions() -> None:
    over = habits(mentions=1, links=1)
    says("https://one.example", over=over)
    says(f"<@{ALICE.id}> https://two.example", over=over)

    assert isinstance(only(says(f"<@{ALICE.id}>", over=over)), dict)


def test_a_limit_of_zero_is_none() -> None:
    over = habits()

    for _ in range(20):
        assert isinstance(only(says(f"buy <@{ALICE.id}> https://a.example", over=over)), dict)
    assert len(over.words) == len(over.mentions) == len(over.links) == 0


def test_more_at_once_than_the_limit_passes_when_nothing_else_was_done() -> None:
    calls = lately(limit=2)

    calls.check(1, count=5, pending=0, now_ns=0)
    calls.note({1: 5}, now_ns=0)

    with pytest.raises(TooMany):
        calls.check(1, count=1, pending=0, now_ns=S)


def test_what_is_over_is_forgotten() -> None:
    calls = lately()
    for key in range(5):
        calls.note({key: 1}, now_ns=0)

    calls.note({99: 1}, now_ns=11 * S)

    assert len(calls) == 1


def test_a_crowd_is_remembered_only_so_far() -> None:
    calls = lately(limit=1, max_keys=3)

    for key in range(5):
        calls.note({key: 1}, now_ns=0)

    assert len(calls) == 3
    calls.check(0, count=1, pending=0, now_ns=0)
    with pytest.raises(TooMany):
        calls.check(4, count=1, pending=0, now_ns=0)

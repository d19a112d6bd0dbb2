"""The story that is shipped keeps the rules of the services, whenever it is told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC

import pytest

from services.demo.acts import Act, Arrive, Delete, Edit, Enter, Open, React, Read, Say
from services.demo.cast import MENTION
from services.demo.plan import members_of
from services.demo.story import Story, story
from tests.unit.demo.builders import MIDNIGHT

HOUR_S = 3_600


def told(hour: float, share: float = 0.05) -> Story:
    return story(end=MIDNIGHT + hour * HOUR_S, zone=UTC, share=share)


def broken_rules(acts: Sequence[Act]) -> Iterator[str]:
    """Yield what the services would refuse."""
    arrived: set[str] = set()
    within: dict[str, set[str]] = {}
    said: dict[tuple[str, int], str] = {}
    for act in acts:
        match act:
            case Arrive(who=who):
                arrived.add(who)
                continue
            case Open(who=who, room=room, members=members):
                within[room] = {who, *members}
                yield from (f"{one} is not there yet: {act}" for one in within[room] - arrived)
                continue
            case Enter(who=who, room=room):
                within[room].add(who)
            case Read(room=room):
                pass
            case _:
                room = act.place[0]
        if act.who not in arrived or act.who not in within[room]:
            yield f"is not in the room: {act}"
        match act:
            case Say(place=place, answers=answers):
                said[place] = act.who
                if answers is not None and answers not in said:
                    yield f"answers what was not said: {act}"
            case Edit(place=place) | Delete(place=place):
                if said.get(place) != act.who:
                    yield f"is not theirs: {act}"
            case React(place=place) if place not in said:
                yield f"is not there: {act}"


@pytest.mark.parametrize("hour", [0.05, 3, 9.5, 14, 23.9])
def test_whatever_the_hour_nobody_does_what_would_be_refused(hour: float) -> None:
    assert list(broken_rules(told(hour).acts)) == []


@pytest.mark.parametrize("hour", [0.05, 12])
def test_everything_happens_in_order_and_before_the_end(hour: float) -> None:
    moments = [act.at for act in told(hour).acts]

    assert moments == sorted(moments)
    assert moments[-1] <= MIDNIGHT + hour * HOUR_S


def test_the_same_end_gives_the_same_story() -> None:
    assert told(12).acts == told(12).acts


def test_a_share_shortens_only_the_long_histories() -> None:
    few, many = (Counter(_rooms(told(12, share).acts)) for share in (0.05, 0.2))

    assert few["kitchen"] == many["kitchen"]
    assert few["weather"] < many["weather"]


def test_all_of_it_has_ten_thousand_messages_in_one_room() -> None:
    counts = Counter(_rooms(told(12, share=1.0).acts))

    assert 9_500 < counts["weather"] < 10_500
    assert sum(counts.values()) - counts["weather"] > 2_000


def test_everybody_has_something_unread_and_somebody_is_mentioned_in_it() -> None:
    this = told(12)
    read = {(act.who, act.room): act.at for act in this.acts if isinstance(act, Read)}
    unread = [
        (who, act)
        for act in this.acts
        if isinstance(act, Say)
        for who in members_of(this.rooms[act.place[0]], this.people)
        if act.at > read.get((who, act.place[0]), 0.0) and act.who != who
    ]

    assert {who for who, _ in unread} == set(this.people) - {"station"}
    assert "alice" in {who for who, act in unread if who in MENTION.findall(act.text)}


def test_whoever_is_mentioned_is_in_the_room() -> None:
    this = told(12)
    absent = [
        (act.text, key)
        for act in this.acts
        if isinstance(act, Say)
        for key in MENTION.findall(act.text)
        if key not in members_of(this.rooms[act.place[0]], this.people)
    ]

    assert absent == []


def test_every_alphabet_of_its_people_is_written() -> None:
    text = "".join(act.text for act in told(12).acts if isinstance(act, Say))

    assert [letter for letter in "üéçłїωığشקनท茶あ한🍊" if letter not in text] == []


def _rooms(acts: Sequence[Act]) -> Iterator[str]:
    return (act.place[0] for act in acts if isinstance(act, Say))

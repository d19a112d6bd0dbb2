"""Everybody counts in their own numerals, and nobody twice in a row."""

from itertools import pairwise

import pytest

from services.demo.acts import Say
from services.demo.counting import AGAIN, counting, numeral
from tests.unit.demo.builders import PEOPLE, setting


def said(share: float = 1.0) -> list[Say]:
    around = setting("counting", share=share, first=3)
    return [act for act in counting(around, PEOPLE) if isinstance(act, Say)]


@pytest.mark.parametrize(
    ("number", "language", "written"),
    [
        (7, "en", "7"),
        (120, "de", "120"),
        (120, "ar", "١٢٠"),
        (45, "hi", "४५"),
        (45, "th", "๔๕"),
        (10, "zh", "十"),
        (21, "ja", "二十一"),
        (105, "zh", "一百〇五"),
        (105, "ja", "百五"),
        (112, "zh", "一百一十二"),
        (112, "ja", "百十二"),
        (234, "zh", "二百三十四"),
        (300, "ja", "三百"),
    ],
)
def test_a_number_is_written_as_its_author_does(number: int, language: str, written: str) -> None:
    assert numeral(number, language) == written


def test_nobody_says_two_numbers_in_a_row() -> None:
    numbers = [act for act in said() if act.text not in AGAIN.values()]

    assert all(one.who != other.who for one, other in pairwise(numbers))


def test_a_mistake_sends_everybody_back_to_one() -> None:
    acts = said()
    mistakes = [place for place, act in enumerate(acts) if act.text in AGAIN.values()]

    assert mistakes
    for place in mistakes:
        wrong, begins_again = acts[place - 1], acts[place + 1]
        before = acts[place - 2]
        assert int_of(wrong) == int_of(before) + 2
        assert int_of(begins_again) == 1


def test_places_follow_what_was_said_before() -> None:
    assert [act.place[1] for act in said(0.1)] == [3 + n for n in range(len(said(0.1)))]


def int_of(act: Say) -> int:
    language = PEOPLE[act.who].language
    return next(number for number in range(1, 999) if numeral(number, language) == act.text)

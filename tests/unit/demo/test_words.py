"""The word of the day is asked each morning and answered in many languages."""

from datetime import UTC, datetime

import pytest

from services.demo.acts import Say
from services.demo.words import ASKER, FILE, read_words, word_of_the_day
from tests.unit.demo.builders import PEOPLE, setting

WORDS = read_words(FILE.read_text(encoding="utf-8"))


def said(share: float = 1.0) -> list[Say]:
    acts = word_of_the_day(setting("words", share=share), PEOPLE, WORDS)
    return [act for act in acts if isinstance(act, Say)]


@pytest.mark.parametrize("word", WORDS, ids=[word["en"] for word in WORDS])
def test_each_word_is_there_in_every_language(word: dict[str, str]) -> None:
    assert set(word) == {"sign"} | {one.language for one in PEOPLE.values()}


def test_a_word_is_asked_every_morning() -> None:
    asked = [act for act in said() if act.who == ASKER]

    assert len(asked) == len(WORDS)
    assert {datetime.fromtimestamp(act.at, UTC).hour for act in asked} == {8}


def test_the_newest_word_is_asked_on_the_last_day() -> None:
    last = [act for act in said(0.01) if act.who == ASKER]

    assert [act.text for act in last] == [f"Word of the day: **{WORDS[-1]['en']}** 👋"]


def test_answers_are_the_word_in_the_language_of_who_answers() -> None:
    answers = {act.who: act.text for act in said(0.01) if act.who != ASKER}

    assert len(answers) > 8
    assert all(text == WORDS[-1][PEOPLE[who].language] for who, text in answers.items())

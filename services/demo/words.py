"""Tells the word of the day: asked each morning, answered by everybody in their language."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from services.demo.acts import React, Say
from services.demo.moments import Moment, at
from services.demo.people import Figures
from services.demo.setting import Setting, Told

FILE: Final = Path(__file__).with_name("words.toml")

ASKER: Final = "alice"
ASKS_AT_MINUTE: Final = 8 * 60 + 5
ANSWERS_WITHIN_S: Final = 9 * 3_600.0
LIKES_AFTER_S: Final = 300.0
SLEEPY: Final = 4
"""One in so many says nothing on a day."""

Words = Sequence[Mapping[str, str]]
"""Each with its `sign`, and the word by language."""


def read_words(text: str) -> Words:
    return list(tomllib.loads(text)["words"])


def word_of_the_day(setting: Setting, people: Figures, words: Words) -> Sequence[Told]:
    """Return a question for each of the last days, and its answers; the newest word is today's."""
    days = max(1, round(len(words) * setting.share))
    acts = [act for day in range(days, 0, -1) for act in _day(setting, people, words[-day], day)]
    acts.sort(key=lambda act: act.at)
    return list(_numbered(acts, setting))


def _day(setting: Setting, people: Figures, word: Mapping[str, str], day: int) -> Iterator[Told]:
    """Yield a day's messages, all still without their place in the room."""
    asked = at(Moment(day, ASKS_AT_MINUTE), end=setting.end, zone=setting.zone)
    place = (setting.room, 0)
    yield Say(asked, ASKER, place, f"Word of the day: **{word['en']}** {word['sign']}")
    for one in people.values():
        said = asked + setting.chance.uniform(60.0, ANSWERS_WITHIN_S)
        is_there = setting.has_come(one.key, said) and said < setting.end
        if one.language == "en" or not is_there or not setting.chance.randrange(SLEEPY):
            continue
        yield Say(said, one.key, place, word[one.language])


def _numbered(acts: Sequence[Told], setting: Setting) -> Iterator[Told]:
    """Yield the messages with their places; now and then the asker likes one."""
    for number, act in enumerate(acts, start=setting.first):
        place = (setting.room, number)
        if isinstance(act, Say):
            yield Say(act.at, act.who, place, act.text)
            if act.who != ASKER and number % 5 == 0:
                yield React(min(setting.end, act.at + LIKES_AFTER_S), ASKER, place, "💛")

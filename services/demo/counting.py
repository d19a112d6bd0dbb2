"""Counts: everybody says the next number, in the numerals of their language, until somebody errs.

Some hundreds of short messages by many authors, a few a minute: what a busy room looks like.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from services.demo.acts import React, Say
from services.demo.moments import Moment, at
from services.demo.people import Figures
from services.demo.setting import Setting, Told

DAYS: Final = 13
BOUTS: Final = (10 * 60, 13 * 60 + 20, 20 * 60 + 40)
"""When on a day people feel like counting, in minutes."""

BOUT: Final = 44
"""About how many numbers that lasts."""

PAUSE_S: Final = (3.0, 45.0)
ERRS_ONE_IN: Final = 110

DIGITS: Final = {"ar": "٠١٢٣٤٥٦٧٨٩", "hi": "०१२३४५६७८९", "th": "๐๑๒๓๔๕๖๗๘๙"}
HAN: Final = "〇一二三四五六七八九"

AGAIN: Final = {
    "pt": "Ó não. Do princípio!",
    "es": "¡Desde el principio!",
    "fr": "Raté ! On recommence.",
    "de": "Von vorn!",
    "pl": "Od początku!",
    "uk": "Спочатку!",
    "en": "Nooo. From the start!",
    "tr": "Baştan!",
    "el": "Πάλι από την αρχή!",
}
"""What is said to a mistake, by language."""


def counting(setting: Setting, people: Figures) -> Sequence[Told]:
    """Return the messages, in order. Nobody says two numbers in a row."""
    return list(_Count(setting, people).told())


def numeral(number: int, language: str) -> str:
    """Return a number from 1 to 999 as a language writes it."""
    if language in DIGITS:
        return "".join(DIGITS[language][int(digit)] for digit in str(number))
    return _han(number, language) if language in ("zh", "ja") else str(number)


def _han(number: int, language: str) -> str:
    """Return a number in Chinese characters; Japanese leaves out ones and zeros before them."""
    is_chinese = language == "zh"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = ""
    if hundreds:
        text += f"{_factor(hundreds, is_said=is_chinese)}百"
        text += "〇" if is_chinese and ones and not tens else ""
    if tens:
        text += f"{_factor(tens, is_said=is_chinese and hundreds > 0)}十"
    return text + (HAN[ones] if ones else "")


def _factor(digit: int, *, is_said: bool) -> str:
    return HAN[digit] if digit > 1 or is_said else ""


class _Count:
    """One long count; `next` is the number that comes."""

    def __init__(self, setting: Setting, people: Figures) -> None:
        self._setting = setting
        self._people = [one for one in people.values() if not one.is_machine]
        self._place = setting.first
        self._next = 1
        self._last = ""

    def told(self) -> Iterator[Told]:
        setting = self._setting
        days = max(1, round(DAYS * setting.share))
        for day in range(days, 0, -1):
            for minute in BOUTS:
                yield from self._bout(at(Moment(day, minute), end=setting.end, zone=setting.zone))

    def _bout(self, now: float) -> Iterator[Told]:
        chance = self._setting.chance
        for _ in range(chance.randint(BOUT // 2, BOUT * 3 // 2)):
            now += chance.uniform(*PAUSE_S)
            here = [
                one
                for one in self._people
                if one.key != self._last and self._setting.has_come(one.key, now)
            ]
            who = chance.choice(here)
            errs = self._next > BOUT and not chance.randrange(ERRS_ONE_IN)
            yield self._say(now, who.key, numeral(self._next + errs, who.language))
            self._last = who.key
            self._next += 1
            if errs:
                complaining = next(one for one in here if one.language in AGAIN and one != who)
                yield React(now + 4, complaining.key, (self._setting.room, self._place - 1), "🙈")
                now += chance.uniform(*PAUSE_S)
                yield self._say(now, complaining.key, AGAIN[complaining.language])
                self._next = 1

    def _say(self, now: float, who: str, text: str) -> Say:
        place = (self._setting.room, self._place)
        self._place += 1
        return Say(now, who, place, text)

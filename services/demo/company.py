"""Keeps somebody company in a room: greets, types before it writes, likes, and is never a nuisance.

    somebody comes   -> a greeting, once an hour for each
    somebody writes  -> now and then a like; an answer, unless one is on its way or has just been
    nobody writes    -> something of its own, a few times
    nobody is there  -> nothing, and what was planned is forgotten

Pure: it is told what happens and what time it is (seconds that never go back), and says what to do
now and when to ask again.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

FILE: Final = Path(__file__).with_name("company.toml")

GAP_S: Final = 12.0
"""Between two messages of its own, at least."""

GREETS_AGAIN_S: Final = 3_600.0
LOOKS_UP_S: Final = (1.5, 3.5)
"""How long it takes to notice something."""

TYPES_CHARS_PER_S: Final = 14.0
TYPES_S: Final = (2.0, 7.0)
"""Somebody sees that it types for so long, whatever it writes."""

LIKES_S: Final = (1.0, 4.0)
LIKES_ONE_IN: Final = 3
QUIET_S: Final = (60.0, 110.0)
"""How long nobody must have written before it begins."""

MAX_ALONE: Final = 4
"""How often it begins in a row when nobody answers."""

BETWEEN_WORDS: Final = re.compile(r"[\s!?.,;:…。！？]+")


@dataclass(frozen=True, slots=True)
class Types:
    """Let it be seen that a message is being written."""


@dataclass(frozen=True, slots=True)
class Writes:
    """Write a message; `answers` is the id of the one that it replies to."""

    text: str
    answers: str | None = None


@dataclass(frozen=True, slots=True)
class Likes:
    message_id: str
    emoji: str


Effect = Types | Writes | Likes


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of somebody else."""

    message_id: str
    person_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """What it may say: `answers` by a word that they answer, "?" and "" for all others."""

    greetings: Sequence[str]
    answers: Mapping[str, Sequence[str]]
    openings: Sequence[str]
    emoji: Sequence[str]


def read_phrases(text: str) -> Phrases:
    """Return what a text in the form of `company.toml` holds."""
    told = tomllib.loads(text)
    answers = {word: one["say"] for one in told["answers"] for word in one["to"]}
    return Phrases(told["greetings"], answers, told["openings"], told["emoji"])


class Company:
    """One room's. `{}` in a greeting is who is greeted, by id."""

    def __init__(self, phrases: Phrases, chance: Random) -> None:
        self._phrases = phrases
        self._chance = chance
        self._there: frozenset[str] = frozenset()
        self._greeted_at: dict[str, float] = {}
        self._planned: list[tuple[float, Effect]] = []
        self._wrote_at = float("-inf")
        self._begins_at = float("inf")
        self._alone = 0
        self._said: list[str] = []

    @property
    def wakes_at(self) -> float:
        """Return when there will be something to do; infinity: not before something happens."""
        return min((self._begins_at, *(at for at, _ in self._planned)))

    def people_are(self, there: frozenset[str], now: float) -> None:
        """Note who is in the room now, itself left out."""
        come, self._there = there - self._there, there
        if not there:
            self._planned.clear()
            self._begins_at = float("inf")
            return
        self._listen(now)
        for person_id in sorted(come):
            greeted_at = self._greeted_at.get(person_id, float("-inf"))
            if now - greeted_at >= GREETS_AGAIN_S and not self._is_writing:
                self._greeted_at[person_id] = now
                greeting = self._one_of(self._phrases.greetings)
                self._plan(greeting.replace("{}", person_id), None, now=now)

    def hears(self, heard: Heard, now: float) -> None:
        """Note that somebody wrote."""
        self._alone = 0
        self._listen(now)
        if self._chance.randrange(LIKES_ONE_IN) == 0:
            like = Likes(heard.message_id, self._one_of(self._phrases.emoji))
            self._planned.append((now + self._some(LIKES_S), like))
        if not self._is_writing:
            self._plan(self._one_of(self._answers_to(heard.text)), heard.message_id, now=now)

    def due(self, now: float) -> list[Effect]:
        """Return what to do now, in order."""
        if now >= self._begins_at:
            self._begin(now)
        due = sorted((one for one in self._planned if one[0] <= now), key=lambda one: one[0])
        self._planned = [one for one in self._planned if one[0] > now]
        effects = [effect for _, effect in due]
        if any(isinstance(effect, Writes) for effect in effects):
            self._wrote_at = now
        return effects

    @property
    def _is_writing(self) -> bool:
        return any(isinstance(effect, Writes) for _, effect in self._planned)

    def _begin(self, now: float) -> None:
        """Begin by itself, unless it did so too often already."""
        self._alone += 1
        self._listen(now)
        if not self._is_writing:
            self._plan(self._one_of(self._phrases.openings), None, now=now)

    def _listen(self, now: float) -> None:
        is_enough = self._alone >= MAX_ALONE
        self._begins_at = float("inf") if is_enough else now + self._some(QUIET_S)

    def _plan(self, text: str, answers: str | None, *, now: float) -> None:
        begins = max(now + self._some(LOOKS_UP_S), self._wrote_at + GAP_S)
        shortest, longest = TYPES_S
        takes_s = min(longest, max(shortest, len(text) / TYPES_CHARS_PER_S))
        self._planned.append((begins, Types()))
        self._planned.append((begins + takes_s, Writes(text, answers)))

    def _answers_to(self, text: str) -> Sequence[str]:
        answers = self._phrases.answers
        for word in BETWEEN_WORDS.split(text.casefold()):
            if word and word in answers:
                return answers[word]
        return answers["?" if "?" in text else ""]

    def _one_of(self, texts: Sequence[str]) -> str:
        """Return one that was not said lately, while there is one."""
        fresh = [text for text in texts if text not in self._said] or texts
        chosen = self._chance.choice(fresh)
        self._said = [*self._said[-20:], chosen]
        return chosen

    def _some(self, spread_s: tuple[float, float]) -> float:
        return self._chance.uniform(*spread_s)

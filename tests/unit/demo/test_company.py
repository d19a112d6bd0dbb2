"""Company greets, answers and likes, types before it writes, and knows when to be silent."""

from itertools import pairwise
from random import Random

from services.demo.company import (
    FILE,
    GAP_S,
    MAX_ALONE,
    Company,
    Effect,
    Heard,
    Likes,
    Phrases,
    Types,
    Writes,
    read_phrases,
)

PHRASES = Phrases(
    greetings=["Hello {}!"],
    answers={"tea": ["With milk?"], "?": ["Perhaps."], "": ["True."]},
    openings=["So quiet.", "Cake?"],
    emoji=["👍"],
)
ALICE, BOB = "id-alice", "id-bob"


class Evening:
    """A room and its company, in which time passes as the test says."""

    def __init__(self, seed: int = 3) -> None:
        self.company = Company(PHRASES, Random(seed))
        self.now = 1_000.0
        self.done: list[tuple[float, Effect]] = []

    def there(self, *people: str) -> None:
        self.company.people_are(frozenset(people), self.now)

    def hears(self, text: str, who: str = ALICE) -> None:
        self.company.hears(Heard(f"m-{text}", who, text), self.now)

    def passes(self, duration_s: float) -> list[Effect]:
        """Let time pass, waking the company when it asked for it; return what it did."""
        end, before = self.now + duration_s, len(self.done)
        while self.company.wakes_at <= end:
            self.now = max(self.now, self.company.wakes_at)
            self.done += [(self.now, effect) for effect in self.company.due(self.now)]
        self.now = end
        return [effect for _, effect in self.done[before:]]

    @property
    def wrote_at(self) -> list[float]:
        return [at for at, effect in self.done if isinstance(effect, Writes)]


def written(effects: list[Effect]) -> list[Writes]:
    return [effect for effect in effects if isinstance(effect, Writes)]


def test_whoever_comes_is_greeted_after_a_moment_of_typing() -> None:
    evening = Evening()

    evening.there(ALICE)

    assert evening.passes(20) == [Types(), Writes(f"Hello {ALICE}!")]
    assert evening.done[1][0] - evening.done[0][0] >= 2


def test_nobody_is_greeted_twice_within_an_hour() -> None:
    evening = Evening()
    evening.there(ALICE)
    evening.passes(20)

    evening.there()
    evening.passes(60)
    evening.there(ALICE)

    assert written(evening.passes(20)) == []


def test_after_an_hour_somebody_is_greeted_again() -> None:
    evening = Evening()
    evening.there(ALICE)
    evening.passes(20)
    evening.there()
    evening.passes(3_601)

    evening.there(ALICE)

    assert written(evening.passes(20)) == [Writes(f"Hello {ALICE}!")]


def test_a_message_is_answered_by_what_it_is_about() -> None:
    evening = Evening()

    evening.hears("More TEA, please!")

    assert written(evening.passes(20)) == [Writes("With milk?", "m-More TEA, please!")]


def test_a_question_gets_an_answer_of_its_own() -> None:
    evening = Evening()

    evening.hears("Is it late?")

    assert written(evening.passes(20)) == [Writes("Perhaps.", "m-Is it late?")]


def test_however_much_is_written_it_writes_only_so_often() -> None:
    evening = Evening()

    for number in range(60):
        evening.hears(f"Number {number}")
        evening.passes(1)

    gaps = [later - earlier for earlier, later in pairwise(evening.wrote_at)]

    assert gaps
    assert min(gaps) >= GAP_S


def test_now_and_then_something_is_liked() -> None:
    evening = Evening()

    for number in range(30):
        evening.hears(f"Number {number}")
    likes = [effect for effect in evening.passes(10) if isinstance(effect, Likes)]

    assert 3 < len(likes) < 20
    assert likes[0].emoji == "👍"


def test_when_nobody_writes_it_begins_by_itself_but_not_for_ever() -> None:
    evening = Evening()
    evening.there(ALICE)
    evening.passes(20)

    begun = written(evening.passes(7_200))

    assert len(begun) == MAX_ALONE
    assert {effect.text for effect in begun} <= set(PHRASES.openings)


def test_an_answer_lets_it_begin_again_later() -> None:
    evening = Evening()
    evening.there(ALICE)
    evening.passes(7_200)

    evening.hears("I am here")

    assert len(written(evening.passes(7_200))) == 1 + MAX_ALONE


def test_when_everybody_has_gone_it_says_nothing_more() -> None:
    evening = Evening()
    evening.there(ALICE, BOB)
    evening.hears("Bye")

    evening.there()

    assert evening.passes(7_200) == []
    assert evening.company.wakes_at == float("inf")


def test_its_phrases_cover_every_case() -> None:
    phrases = read_phrases(FILE.read_text(encoding="utf-8"))

    assert {"", "?"} <= phrases.answers.keys()
    assert all(text.count("{}") == 1 for text in phrases.greetings)
    assert len(phrases.openings) > MAX_ALONE

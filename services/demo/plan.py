"""Makes of the texts a list of acts, each at its moment: the same for the same seed and end.

How long somebody takes to write depends on how much it is; reactions, corrections and deletions
follow some time after what they are about, and nothing happens after the end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from random import Random
from typing import Final

from services.demo.acts import Act, Arrive, Delete, Edit, Enter, Open, React, Read, Say
from services.demo.moments import Moment, at
from services.demo.people import Figures
from services.demo.script import Line, RoomScript, Scene

CHARS_PER_S: Final = 6.0
"""How fast people write on average, thinking included."""

THINKS_S: Final = (4.0, 40.0)
REACTS_S: Final = (8.0, 240.0)
CORRECTS_S: Final = (10.0, 45.0)
DELETES_S: Final = (15.0, 60.0)
ENTERS_S: Final = (30.0, 900.0)


RANKS: Final = {Arrive: 0, Open: 1, Enter: 2, Say: 3, React: 4, Edit: 4, Delete: 4, Read: 5}
"""What comes first of what happens at one moment."""

Spoken = Say | React | Edit | Delete


class Planner:
    """Gives everything its moment; `end` is when the story ends."""

    def __init__(self, people: Figures, *, end: float, zone: tzinfo | None, chance: Random) -> None:
        self._people = people
        self._end = end
        self._zone = zone
        self._chance = chance

    def acts(
        self, rooms: Iterable[RoomScript], histories: Mapping[str, Sequence[Spoken]]
    ) -> list[Act]:
        """Return everything that happens, in order. `histories` are told beside the scenes."""
        acts: list[Act] = [Arrive(self._at(one.came), one.key) for one in self._people.values()]
        for room in rooms:
            spoken = [*self._scenes(room), *histories.get(room.key, ())]
            acts += self._comings(room, spoken)
            acts += spoken
            acts += self._looks(room, spoken)
        return sorted(acts, key=lambda act: (act.at, RANKS[type(act)]))

    def _comings(self, room: RoomScript, spoken: Iterable[Spoken]) -> Iterator[Act]:
        """Yield how the room is made and filled; nobody comes after their first word."""
        opens = self._at(room.opens)
        founder, *others = members_of(room, self._people)
        is_public = room.kind == "public"
        yield Open(opens, founder, room.key, () if is_public else (founder, *others))
        if not is_public:
            return
        for who in others:
            may_come = max(opens, self._at(self._people[who].came))
            first = min((act.at for act in spoken if act.who == who), default=self._end)
            comes = min(may_come + self._some(ENTERS_S), (may_come + first) / 2)
            yield Enter(comes, who, room.key)

    def _looks(self, room: RoomScript, spoken: Sequence[Spoken]) -> Iterator[Read]:
        """Yield when everybody last read the room: when they looked, or spoke after that."""
        for who in members_of(room, self._people):
            looked = self._at(self._people[who].looked)
            spoke = max((act.at for act in spoken if act.who == who), default=looked)
            if max(looked, spoke) > self._at(room.opens):
                yield Read(max(looked, spoke), who, room.key)

    def _scenes(self, room: RoomScript) -> Iterator[Spoken]:
        for scene in room.scenes:
            yield from self._conversation(room, scene)

    def _conversation(self, room: RoomScript, scene: Scene) -> Iterator[Spoken]:
        now = self._at(scene.begins)
        waits = [line.pause_s + self._writing_s(line) for line in scene.lines]
        # What begins shortly before the end is told a little faster.
        pace = min(1.0, max(0.0, self._end - now) / (sum(waits) or 1.0))
        for number, (line, wait_s) in enumerate(zip(scene.lines, waits, strict=True)):
            now += wait_s * pace
            yield from self._message(room.key, scene.first + number, line, now=now)

    def _message(self, room: str, number: int, line: Line, *, now: float) -> Iterator[Spoken]:
        place = (room, number)
        answers = None if line.answers is None else (room, line.answers)
        yield Say(now, line.who, place, line.text, answers)
        for emoji, who in line.reactions:
            yield React(self._after(now, REACTS_S), who, place, emoji)
        if line.edited is not None:
            yield Edit(self._after(now, CORRECTS_S), line.who, place, line.edited)
        if line.is_deleted:
            yield Delete(self._after(now, DELETES_S), line.who, place)

    def _writing_s(self, line: Line) -> float:
        return len(line.text) / CHARS_PER_S + self._some(THINKS_S)

    def _after(self, now: float, spread_s: tuple[float, float]) -> float:
        return max(now, min(self._end, now + self._some(spread_s)))

    def _some(self, spread_s: tuple[float, float]) -> float:
        return self._chance.uniform(*spread_s)

    def _at(self, moment: Moment) -> float:
        return at(moment, end=self._end, zone=self._zone)


def members_of(room: RoomScript, people: Figures) -> tuple[str, ...]:
    """Return who is in a room, who made it first; without a word about it, all who are people."""
    return room.members or tuple(one.key for one in people.values() if not one.is_machine)

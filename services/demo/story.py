"""The whole story: its people, its rooms, and everything that happens in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from random import Random
from typing import Final

from services.demo import people, words
from services.demo.acts import Act
from services.demo.counting import counting
from services.demo.moments import at
from services.demo.people import Figures, read_people
from services.demo.plan import Planner
from services.demo.script import RoomScript, read_script
from services.demo.setting import History, Setting
from services.demo.station import readings
from services.demo.words import read_words, word_of_the_day

ROOMS: Final = Path(__file__).with_name("rooms")

SEED: Final = 1815
"""Any number; another one tells the same at slightly different moments."""

HISTORIES: Final[Mapping[str, History]] = {
    "counting": counting,
    "weather": lambda setting, _: readings(setting),
    "words": lambda setting, figures: word_of_the_day(
        setting, figures, read_words(words.FILE.read_text(encoding="utf-8"))
    ),
}
"""What is too long to be written, by the rooms that it is told in."""


@dataclass(frozen=True, slots=True)
class Story:
    people: Figures
    rooms: Mapping[str, RoomScript]
    acts: Sequence[Act]


def story(*, end: float, zone: tzinfo | None, share: float) -> Story:
    """Return the story as it is told at `end`, in seconds since 1970.

    `zone` says where days begin and people sleep; None: where the machine stands. `share`, above 0
    and at most 1, is how much of the long histories is told; the written scenes are whole.
    """
    figures = read_people(people.FILE.read_text(encoding="utf-8"))
    rooms = {
        path.stem: read_script(path.stem, path.read_text(encoding="utf-8"))
        for path in sorted(ROOMS.glob("*.txt"))
    }
    came = {one.key: at(one.came, end=end, zone=zone) for one in figures.values()}
    chance = Random(SEED)  # noqa: S311 - moments, not secrets
    histories = {
        key: make(
            Setting(
                key,
                first=sum(len(scene.lines) for scene in rooms[key].scenes),
                end=end,
                zone=zone,
                came=came,
                share=share,
                chance=Random(f"{SEED} {key}"),  # noqa: S311 - as above
            ),
            figures,
        )
        for key, make in HISTORIES.items()
    }
    planner = Planner(figures, end=end, zone=zone, chance=chance)
    return Story(figures, rooms, planner.acts(rooms.values(), histories))

"""How events come to the gateways of a fleet: in order and once, or as a test has ordered it.

A fleet that is started with `settings_for` has gateways that look into a file of its data folder
whenever the bus brings something; `sitecustomize.py` beside this module sees to that. While there
is no file they get what the bus brings, as it is.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Self

from tests.support.child import ROOT

VARIABLE: Final = "HUBBUB_UNRULY"
"""Where the file is."""


@dataclass(frozen=True, slots=True)
class Order:
    """What becomes of each event on its way to each gateway, by chance that begins at `seed`.

    `lost`: which share of them never comes. `never`: neither does any that holds this text.
    `copies`: how often each of the others comes. `late_s`: every copy on its own is late by up to
    so much, and so they overtake each other.
    """

    seed: int
    lost: float = 0.0
    never: str | None = None
    copies: int = 1
    late_s: float = 0.0

    @classmethod
    def read(cls, file: Path) -> Self:
        return cls(**json.loads(file.read_text()))

    def give(self, folder: Path) -> None:
        """Let it hold from now on for the fleet on this folder."""
        unfinished = _file(folder).with_suffix(".new")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.rename(_file(folder))


def restore(folder: Path) -> None:
    """Let events come again as the bus brings them."""
    _file(folder).unlink(missing_ok=True)


def settings_for(folder: Path) -> dict[str, str]:
    """Return what makes the gateways of a fleet on this folder obey."""
    ours = [str(Path(__file__).parent), str(ROOT)]
    path = os.pathsep.join([*ours, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PYTHONPATH": path, VARIABLE: str(_file(folder))}


def _file(folder: Path) -> Path:
    return folder / "unruly.json"

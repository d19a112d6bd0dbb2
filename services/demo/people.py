"""The people of the demo, as `people.toml` tells of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.demo.moments import Moment, read_moment

FILE: Final = Path(__file__).with_name("people.toml")

PASSWORD: Final = "correct horse demo staple"  # noqa: S105 - it is printed for everybody to see
"""Of all of them."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody of the demo. They read everything at `looked`, and what they answer to later."""

    key: str
    name: str
    language: str
    came: Moment
    looked: Moment
    is_machine: bool

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


Figures = Mapping[str, Figure]


def read_people(text: str) -> Figures:
    """Return who is told of, by their keys, in that order."""
    return {
        key: Figure(
            key,
            told["name"],
            told["language"],
            read_moment(told["came"]),
            read_moment(told["looked"]),
            told.get("is_machine", False),
        )
        for key, told in tomllib.loads(text).items()
    }

"""What a long history is told: where it goes, when it ends, how much of it is wanted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from random import Random
from typing import Final

from services.demo.acts import React, Say
from services.demo.people import Figures

LOOKS_AROUND_S: Final = 1_800.0

Told = Say | React


@dataclass(frozen=True, slots=True)
class Setting:
    """`first` is the place of the first message. `share`: above 0, at most 1, from the end back.
    `came` says when everybody made their account.
    """

    room: str
    first: int
    end: float
    zone: tzinfo | None
    came: Mapping[str, float]
    share: float
    chance: Random

    def has_come(self, who: str, now: float) -> bool:
        """Tell whether somebody is in all rooms by now; they take a while to look around."""
        return self.came[who] + LOOKS_AROUND_S < now


History = Callable[[Setting, Figures], Sequence[Told]]

"""Where and when the histories under test are told."""

from datetime import UTC
from random import Random
from typing import Final

from services.demo.people import FILE, read_people
from services.demo.setting import Setting

MIDNIGHT: Final = 1_772_323_200.0
"""00:00 of 1 March 2026, UTC."""

END: Final = MIDNIGHT + 43_200

PEOPLE: Final = read_people(FILE.read_text(encoding="utf-8"))


def setting(room: str, *, share: float = 1.0, came: float = 0.0, first: int = 0) -> Setting:
    """Return the setting of a history that ends at noon; everybody came at `came`."""
    return Setting(
        room,
        first=first,
        end=END,
        zone=UTC,
        came=dict.fromkeys(PEOPLE, came),
        share=share,
        chance=Random(7),
    )

"""How somebody likes the chat."""

from dataclasses import dataclass
from typing import Literal

Theme = Literal["system", "light", "dark"]
NotifyOf = Literal["all", "mentions", "none"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """What holds on every device of a person. The defaults are those of who never said."""

    locale: str | None = None
    theme: Theme = "system"
    notify_of: NotifyOf = "all"
    is_sound_wanted: bool = True
    is_email_wanted: bool = True

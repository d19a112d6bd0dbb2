"""When something happened, as the texts say it: "3 days before, 14:05" or "25 minutes before".

Before what? Before the story ends, which is when it is told. So the last days of a demo are always
the days just gone, and a day begins when it does where the machine stands.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

DAY: Final = re.compile(r"(\d+) days? before, (\d{1,2}):(\d{2})")
MINUTES: Final = re.compile(r"(\d+) minutes? before")


@dataclass(frozen=True, slots=True)
class Moment:
    """`minute` of the day that many `days` before the end, or so many minutes before the end."""

    days: int | None
    minute: int


def read_moment(text: str) -> Moment:
    """Return what a text means.  Raises: ValueError."""
    if found := DAY.fullmatch(text.strip()):
        days, hour, minute = map(int, found.groups())
        return Moment(days, time(hour, minute).hour * 60 + minute)
    if found := MINUTES.fullmatch(text.strip()):
        return Moment(None, int(found[1]))
    raise ValueError(f"{text!r} is neither '3 days before, 14:05' nor '25 minutes before'")


def at(moment: Moment, *, end: float, zone: tzinfo | None) -> float:
    """Return the moment in seconds since 1970; `zone` None is that of the machine."""
    if moment.days is None:
        return end - moment.minute * 60
    last = datetime.fromtimestamp(end, UTC).astimezone(zone)
    day = last.date() - timedelta(days=moment.days)
    hour, minute = divmod(moment.minute, 60)
    # Naive where the zone is the machine's: only so is the offset that of that day.
    return datetime.combine(day, time(hour, minute), tzinfo=zone).astimezone(UTC).timestamp()

"""What letters say of times."""

from datetime import UTC, datetime

UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def shown_time(at: float) -> str:
    """Return a time (seconds since 1970) as letters show it: `21 November 2026, 12:35 UTC`."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def shown_duration(duration_s: int) -> str:
    """Return a duration of a minute or more in words, of a whole number of the largest unit that
    divides it: `30 minutes`, `1 day`, `36 hours`.
    """
    for unit_s, name in UNITS:
        count, rest_s = divmod(duration_s, unit_s)
        if count and not rest_s:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return f"{duration_s // 60} minutes"

"""How times are written for people and programs outside; asks no clock."""

from datetime import UTC, datetime


def rfc3339(now: float) -> str:
    """Return seconds since 1970 as the protocol writes times: UTC, milliseconds, `Z`."""
    moment = datetime.fromtimestamp(now, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def rfc3339_if(at: float | None) -> str | None:
    """Return a moment as `rfc3339` writes it, if there is one."""
    return None if at is None else rfc3339(at)

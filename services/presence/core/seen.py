"""When somebody was last seen, as far as others may know."""

from typing import Final

from libs.common.times import rfc3339

STEP_S: Final = 60
"""Nobody needs it finer, and whoever compares the times of two people learns less of them."""


def coarse(last_seen: float | None) -> str | None:
    """Return the beginning of the minute."""
    return None if last_seen is None else rfc3339(last_seen // STEP_S * STEP_S)

"""Log-ins that did not succeed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many attempts in a row did not succeed, and when the last of them began (seconds since
    1970).
    """

    count: int
    last_at: float

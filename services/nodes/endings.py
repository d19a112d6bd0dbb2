"""How a running node ended, for the operator who has to know."""

import signal
from collections.abc import Sequence

_LAST_LINES = 5


def describe(node: str, status: int, last_lines: Sequence[str]) -> str:
    """Return how a node ended, in one line, and below it its last lines.

    `status` is its guard's: 128 + signal when the node was killed, negative when the guard was.
    """
    if status < 0:
        how = f"{node} was stopped because its guard process was killed"
    elif status > 128:
        how = f"{node} was killed by {signal.Signals(status - 128).name}"
    else:
        how = f"{node} ended with status {status}"
    return "\n".join((how, *last_lines[-_LAST_LINES:]))

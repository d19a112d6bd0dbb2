"""From the last lines of RabbitMQ to the one line an operator can act on."""

import re
from collections.abc import Sequence
from pathlib import Path

_MENDS: Sequence[tuple[str, str]] = (
    (
        "No space left on device|Disk quota exceeded|enospc|edquot",
        "The disk that holds {folder} is full: free some space and start again.",
    ),
    (
        "Permission denied|Read-only file system|eacces|erofs",
        "RabbitMQ may not write to {folder}: give the user who runs Hubbub that folder.",
    ),
    (
        "eaddrinuse|[Aa]ddress already in use|in use by another process|no_reg_reply_from_epmd",
        "Another program took a port of RabbitMQ while it started: start again.",
    ),
    (
        "erl: not found|erl: No such file",
        "RabbitMQ needs Erlang, which is not on the path: apt-get install rabbitmq-server.",
    ),
)

_PREFIX = re.compile(r"^[-\d]+ [:.\d]+[+:\d]* \[\w+\] <[.\d]+> ?")
"""Time, level and process."""

_SPEAKING = re.compile(r"error|failed to|not found", re.IGNORECASE)


def explain(last_lines: Sequence[str], *, folder: Path, log: Path) -> str:
    """Return one line that says why RabbitMQ did not start, and what mends it."""
    for pattern, mend in _MENDS:
        if any(re.search(pattern, line) for line in last_lines):
            return mend.format(folder=folder)
    return f"RabbitMQ did not start ({_verdict(last_lines)}): {log} says more."


def _verdict(last_lines: Sequence[str]) -> str:
    """Return the first line that speaks of an error, without time and process, else the last."""
    lines = [stripped for line in last_lines if (stripped := _PREFIX.sub("", line).strip())]
    errors = [line for line in lines if _SPEAKING.search(line)]
    return (errors[:1] or lines[-1:] or ["it said nothing"])[0]

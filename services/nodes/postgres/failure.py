"""From the last lines of Postgres to the one line an operator can act on."""

import re
from collections.abc import Sequence
from pathlib import Path

_MENDS: Sequence[tuple[str, str]] = (
    (
        "No space left on device|Disk quota exceeded",
        "The disk that holds {folder} is full: free some space and start again.",
    ),
    (
        "Permission denied|Read-only file system|Operation not permitted",
        "Postgres may not write to {folder}: give the user who runs Hubbub that folder.",
    ),
    (
        "lock file .* already exists|pre-existing shared memory block",
        "Another Postgres is using {folder}: stop it and start again.",
    ),
    (
        "Cannot allocate memory|could not map anonymous shared memory",
        "There is not enough memory for Postgres: it needs about 200 MB.",
    ),
)

_PREFIX = re.compile(r"^[-\d]+ [:.\d]+ \w+ \[\d+\] ")
"""Time and process, as `log_line_prefix` puts them."""

_SPEAKING = re.compile(r"(FATAL|PANIC|error): ")


def explain(last_lines: Sequence[str], *, folder: Path, log: Path) -> str:
    """Return one line that says why Postgres did not start, and what mends it."""
    for pattern, mend in _MENDS:
        if any(re.search(pattern, line) for line in last_lines):
            return mend.format(folder=folder)
    return f"Postgres did not start ({verdict(last_lines)}): {log} says more."


def verdict(last_lines: Sequence[str]) -> str:
    """Return the line that counts, without time and process: the last error, else the last line."""
    lines = [_PREFIX.sub("", line).strip() for line in last_lines if line.strip()]
    errors = [line for line in lines if _SPEAKING.search(line)]
    return (errors or lines or ["it said nothing"])[-1]

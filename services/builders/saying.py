"""What a program says to the person who started it, beside its log."""

import sys


def say(line: str) -> None:
    """Say one line, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

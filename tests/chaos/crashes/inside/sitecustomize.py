"""Puts the crash points into a service before it starts.

Python imports this before the program when its folder is first on PYTHONPATH. Nothing in the
program itself knows of it. See: `tests.chaos.crashes.armed`.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path


def prepare(arguments: Sequence[str]) -> None:
    """Watch the points of the service that is about to run here."""
    from tests.chaos.crashes.armed import VARIABLE, Armed

    armed = Armed(Path(os.environ[VARIABLE]))
    if arguments[-2:-1] == ["run"]:
        from tests.chaos.crashes.points import watch

        watch(arguments[-1], armed)
    elif arguments[-1:] == ["split"]:
        start_at_once()


def start_at_once() -> None:
    """Let the fleet make no growing pauses: who dies here dies of nothing of its own."""
    from services.fleet import keeper

    keeper.LONGEST_PAUSE_S = keeper.FIRST_PAUSE_S  # type: ignore[misc]


try:
    prepare(sys.orig_argv)
except Exception as reason:
    # Python itself would say a word of it and go on without.
    raise SystemExit(f"no crash points: {reason!r}") from reason

"""What is broken right now in a program that can be broken: a file says it, or is not there."""

import os
from pathlib import Path
from typing import Final

from tests.support.child import ROOT

VARIABLE: Final = "HUBBUB_BREAKS"
"""Where the file is."""


class Switch:
    """Breaks one thing at a time in a program that was started with `settings`."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def settings(self) -> dict[str, str]:
        ours = [str(Path(__file__).parent), str(ROOT)]
        path = os.pathsep.join([*ours, *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, VARIABLE: str(self._file)}

    def turn_to(self, name: str) -> None:
        """Let this be broken from now on, and nothing else."""
        unfinished = self._file.with_suffix(".new")
        unfinished.write_text(name)
        unfinished.rename(self._file)

    def turn_off(self) -> None:
        """Let nothing be broken."""
        self._file.unlink(missing_ok=True)

    def is_at(self, name: str) -> bool:
        """Tell whether this is what is broken."""
        try:
            return self._file.read_text() == name
        except FileNotFoundError:
            return False

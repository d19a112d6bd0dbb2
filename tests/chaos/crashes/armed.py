"""Which crash points are armed: files in a folder that the test and the services share.

A test arms a point for one kind of command while the services run. The first process that comes by
that point with such a command in its hands takes the file away and is dead: the fleet starts it
again, and nobody else dies of it. `inside/sitecustomize.py` puts the points into the services.
"""

import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import tests

VARIABLE: Final = "HUBBUB_CRASHES"
"""Where the folder is."""

ROOT: Final = Path(tests.__file__).parent.parent
INSIDE: Final = Path(__file__).parent / "inside"


@dataclass(frozen=True, slots=True)
class Armed:
    """The folder, which both sides know."""

    folder: Path

    def settings(self) -> dict[str, str]:
        """Return what makes the processes of a fleet know the points."""
        path = [str(INSIDE), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {"PYTHONPATH": os.pathsep.join(path), VARIABLE: str(self.folder)}

    def arm(self, point: str, kind: str) -> None:
        """Let the next process die that comes by this point with this kind."""
        self.folder.mkdir(exist_ok=True)
        self._file(point, kind).touch()

    def was_hit(self, point: str, kind: str) -> bool:
        """Tell whether somebody died there since it was armed."""
        return not self._file(point, kind).exists()

    def disarm(self) -> None:
        """Let nobody die any more."""
        for file in self.folder.glob("*"):
            file.unlink(missing_ok=True)

    def pass_by(self, point: str, kinds: Iterable[str]) -> None:
        """Die, as by `kill -9`, if the point is armed for one of these kinds."""
        for kind in set(kinds):
            try:
                self._file(point, kind).unlink()
            except FileNotFoundError:
                continue
            os.kill(os.getpid(), signal.SIGKILL)

    def is_armed(self, point: str, kinds: Iterable[str]) -> bool:
        """Tell whether `pass_by` would be the end."""
        return any(self._file(point, kind).exists() for kind in kinds)

    def _file(self, point: str, kind: str) -> Path:
        return self.folder / f"{point}: {kind}"

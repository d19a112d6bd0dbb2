"""Which RabbitMQ to run: one that was named, else Debian's newest.

Its scripts are called in its own folder. The ones that Debian puts on the path insist on root or
on a user of their own, and go to that user's folder.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.nodes.folder import StartFailed

OLDEST: Final = (3, 10)
"""Debian 12 has it; nothing newer is needed."""

INSTALL: Final = "apt-get install rabbitmq-server"

_DEBIAN: Final = Path("/usr/lib/rabbitmq/lib")
_MAIN_PART: Final = re.compile(r"rabbit-(\d+(?:\.\d+)+)")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A RabbitMQ of this machine: its folder, its version, as (3, 10, 8), and Erlang's epmd."""

    home: Path
    version: tuple[int, ...]
    epmd: Path

    def __str__(self) -> str:
        return f"RabbitMQ {'.'.join(map(str, self.version))}"

    def script(self, name: str) -> str:
        """Return the path of one of its programs."""
        return str(self.home / "sbin" / name)


def find_binaries(home: Path | None) -> Binaries:
    """Return the RabbitMQ in the folder `home`; `None` looks where Debian puts it.

    Raises: StartFailed, when there is none that can be used.
    """
    return choose(sorted(_DEBIAN.glob("*")) if home is None else [home], shutil.which("epmd"))


def choose(homes: Iterable[Path], epmd: str | None) -> Binaries:
    """Return the newest RabbitMQ in these folders.

    Raises: StartFailed, when there is none, it is too old, or Erlang is missing.
    """
    homes = list(homes)
    found = {home: _version(home) for home in homes if _version(home)}
    if not found:
        where = f"in {homes[0]}" if len(homes) == 1 else "on this machine"
        raise StartFailed(f"There is no RabbitMQ {where}: {INSTALL}.")
    home = max(found, key=lambda each: found[each])
    if found[home] < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        raise StartFailed(f"{home} is older than RabbitMQ {oldest}: {INSTALL}.")
    if epmd is None:
        raise StartFailed(f"RabbitMQ needs Erlang, which is not on the path: {INSTALL}.")
    return Binaries(home, found[home], Path(epmd))


def _version(home: Path) -> tuple[int, ...]:
    """Return the version of its main part; empty when the folder holds no RabbitMQ."""
    if not (home / "sbin" / "rabbitmq-server").exists():
        return ()
    named = (_MAIN_PART.match(part.name) for part in (home / "plugins").glob("rabbit-*"))
    versions = [tuple(int(part) for part in one[1].split(".")) for one in named if one]
    return max(versions, default=())

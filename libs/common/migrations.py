"""Changes to a service's schema: in order, each once, and in two halves.

A migration is a file `NNNN_(expand|contract)_what.sql` in the service's `migrations` folder. Code
of the release before must work on a schema that was *expanded* (a new table, a column with a
default); only when no process of it runs any more may the schema be *contracted* (a column
dropped). So a deploy expands, replaces the processes, and contracts.

    files 1e 2e 3c       applied 1        -> expand: 2e; contract: refused, 2e comes first
    files 1e 2e 3c       applied 1 2      -> expand: nothing; contract: 3c
    files 1e 2e 3c 4e    applied 1 2      -> expand: refused, 3c comes first; contract: 3c
    files 1e 2e 3c 4e    applied nothing  -> expand: all of them, there is nothing to take away
    files 1e 2e          applied 1 2 3e   -> fine: older code on an expanded schema
    files 1e 2e          applied 1 2 3c   -> refused: 3 took something away

See: docs/decisions/0013-two-halves.md
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import takewhile
from typing import Final, Literal

from libs.common.starting import CannotStart

NAME: Final = re.compile(r"(\d{4})_(expand|contract)_[a-z0-9_]+\.sql")

Half = Literal["expand", "contract"]

EXPAND: Final = "python -m services migrate --expand"
CONTRACT: Final = "python -m services migrate --contract"


class MigrationRefused(CannotStart):
    """The files and the database do not fit together; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration as the database remembers it."""

    version: int
    name: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration as its file has it."""

    version: int
    kind: Half
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(f"{self.name}\n{self.sql}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Schema:
    """What one service keeps in Postgres: the schema of its name, and the role it runs as."""

    name: str
    role: str
    migrations: tuple[Migration, ...]

    @property
    def version(self) -> int:
        """The last change that this code knows of; it can work without what a contract takes."""
        return len(self.migrations)

    @property
    def sessions(self) -> str:
        """The name of the sessions of whoever works on this schema with this code."""
        return f"{self.sessions_of_any}{self.version}"

    @property
    def sessions_of_any(self) -> str:
        """What the names of such sessions begin with, whichever code it is."""
        return f"hubbub-{self.name}/"


def read_migrations(package: str) -> tuple[Migration, ...]:
    """Return the migrations in the folder `migrations` of a package, in order.

    Raises: MigrationRefused when an SQL file is misnamed, or when numbers have holes or doubles.
    """
    folder = files(package) / "migrations"
    found = [
        parse(file.name, file.read_text("utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    ]
    migrations = tuple(sorted(found, key=lambda migration: migration.version))
    if [migration.version for migration in migrations] != list(range(1, len(migrations) + 1)):
        names = ", ".join(migration.name for migration in migrations)
        raise MigrationRefused(f"Number the migrations from 0001 without a hole: {names}")
    return migrations


def parse(name: str, sql: str) -> Migration:
    """Return the migration in a file of this name.  Raises: MigrationRefused."""
    parts = NAME.fullmatch(name)
    if parts is None:
        raise MigrationRefused(f"Name {name} like 0001_expand_what.sql or 0002_contract_what.sql")
    kind: Half = "expand" if parts[2] == "expand" else "contract"
    return Migration(version=int(parts[1]), kind=kind, name=name, sql=sql)


def plan(applied: Sequence[Applied], migrations: Sequence[Migration]) -> list[Migration]:
    """Return the migrations that are still to be applied.

    Raises: MigrationRefused when these files cannot work with what was applied.
    """
    if [one.version for one in applied] != list(range(1, len(applied) + 1)):
        raise MigrationRefused(
            "The table of applied migrations has a hole: somebody changed it. Restore a backup."
        )
    for done, migration in zip(applied, migrations, strict=False):
        if done.checksum != migration.checksum:
            raise MigrationRefused(
                f"{done.name} was applied, and {migration.name} is not the same any more. "
                "Restore the file, and put the change into a new migration."
            )
    for done in applied[len(migrations) :]:
        if parse(done.name, "").kind == "contract":
            raise MigrationRefused(
                f"The database has {done.name}, which took away what this release needs. "
                "Start the newer release again, or restore a backup made before it."
            )
    return list(migrations[len(applied) :])


def half_of(pending: Sequence[Migration], half: Half, *, is_new: bool) -> list[Migration]:
    """Return what of `pending` belongs to this half of a deploy.

    The order of the files is kept: nothing is applied before what stands in front of it. To a
    schema that `is_new` everything is an expansion. Raises: MigrationRefused.
    """
    if is_new and half == "expand":
        return list(pending)
    due = list(takewhile(lambda migration: migration.kind == half, pending))
    behind = [one for one in pending[len(due) :] if one.kind == half]
    if half == "expand" and behind:
        raise MigrationRefused(
            f"{pending[len(due)].name} is not applied and comes before {behind[0].name}: it ends "
            f"the upgrade to an earlier release. Run that release everywhere, then {CONTRACT}; or "
            "stop all services, then python -m services migrate."
        )
    if half == "contract" and behind and not due:
        raise MigrationRefused(
            f"{pending[0].name} is not applied and comes before {behind[0].name}: "
            f"run {EXPAND} and the new release everywhere, then this again."
        )
    return due


def check_known(sessions: Iterable[str], schema: Schema, contract: Migration) -> None:
    """Return when none of these sessions is one of a process that a contract would break.

    A process knows all migrations up to the number at the end of its sessions' name.
    Raises: MigrationRefused.
    """
    known = [name.removeprefix(schema.sessions_of_any) for name in sessions]
    if any(number.isdecimal() and int(number) < contract.version for number in known):
        raise MigrationRefused(
            f"A process of {schema.name} is running that needs what {contract.name} takes away: "
            "stop it or start it with the new release, then run this again."
        )

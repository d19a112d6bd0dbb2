"""Changes to a service's schema: in order, each once, and in two halves.

A migration is a file `NNNN_(expand|contract)_what.sql` in the service's `migrations` folder. Code
of the release before must work on a schema that was *expanded* (a new table, a column with a
default); only when no process of it runs any more may the schema be *contracted* (a column
dropped). So a deploy expands, replaces the processes, and contracts.

    files        1e 2e 3c 4e          applied 1 2      -> 3c and 4e are pending
    applied      1  2  3  4  5e       files to 4       -> fine: older code on an expanded schema
    applied      1  2  3  4  5c       files to 4       -> refused: 5 took something away
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Literal

NAME: Final = re.compile(r"(\d{4})_(expand|contract)_[a-z0-9_]+\.sql")


class MigrationRefused(Exception):
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
    kind: Literal["expand", "contract"]
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
    kind: Literal["expand", "contract"] = "expand" if parts[2] == "expand" else "contract"
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

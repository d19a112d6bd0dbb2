"""Where the socket lies."""

import os
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder
from services.nodes.postgres.identity import Identity
from services.nodes.postgres.socket_folder import is_fit, make_socket_folder

MYSELF = Identity((), os.geteuid(), os.getegid())


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders go."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_short_path_is_fit_and_a_long_one_is_not() -> None:
    longest = "/" + "d" * (103 - len("/.s.PGSQL.5432") - 1)

    assert is_fit(Path(longest))
    assert not is_fit(Path(longest + "d"))


def test_length_is_counted_in_bytes() -> None:
    assert is_fit(Path("/" + "d" * 60))
    assert not is_fit(Path("/" + "ü" * 60))


@pytest.mark.parametrize("name", ["a,b", 'a"b'])
def test_a_path_that_reads_as_two_is_not_fit(name: str) -> None:
    assert not is_fit(Path("/data") / name)


def test_it_is_in_the_data_folder_private_and_empty(tmp_path: Path) -> None:
    with DataFolder.open(tmp_path / "d", address="") as folder:
        (folder.postgres / "run").mkdir()
        (folder.postgres / "run" / ".s.PGSQL.5432.lock").write_text("10\n")

        made = make_socket_folder(folder, MYSELF)

    assert made == folder.postgres / "run"
    assert made.stat().st_mode & 0o777 == 0o700
    assert list(made.iterdir()) == []


def test_for_a_long_path_it_is_a_private_temporary_folder(elsewhere: Path) -> None:
    with DataFolder.open(elsewhere / ("long-" * 20), address="") as folder:
        made = make_socket_folder(folder, MYSELF)

    assert made.parent == elsewhere
    assert made.stat().st_mode & 0o777 == 0o700

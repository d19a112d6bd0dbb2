"""The data folder: private, held by one process, and its secrets whole or absent."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder, StartFailed, unusable

ADDRESS = "http://127.0.0.1:8080"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    with DataFolder.open(tmp_path / "data", address=ADDRESS) as held:
        yield held


def test_everything_in_it_is_for_its_owner_only(folder: DataFolder) -> None:
    parts = (folder.path, folder.keys, folder.logs, folder.postgres)

    assert [mode(part) for part in parts] == [0o700] * 4
    assert mode(folder.path / "lock") == 0o600


def test_the_folders_above_it_are_made(tmp_path: Path) -> None:
    with DataFolder.open(tmp_path / "a" / "b" / "data", address=ADDRESS) as folder:
        assert folder.postgres.is_dir()


def test_a_second_holder_is_told_who_and_where(folder: DataFolder) -> None:
    with pytest.raises(StartFailed) as refusal:
        DataFolder.open(folder.path, address="http://127.0.0.1:9090")

    assert str(refusal.value) == (
        f"Hubbub already runs on {folder.path} (process {os.getpid()}, {ADDRESS}): "
        "stop that one first, or choose another data folder."
    )


def test_a_holder_that_has_not_yet_said_who_it_is_counts(folder: DataFolder) -> None:
    (folder.path / "lock").write_bytes(b"")

    with pytest.raises(StartFailed, match="a process that is just starting"):
        DataFolder.open(folder.path, address=ADDRESS)


def test_a_closed_folder_can_be_held_again(tmp_path: Path) -> None:
    DataFolder.open(tmp_path, address="a much longer address than the next one").close()

    with (
        DataFolder.open(tmp_path, address=ADDRESS) as folder,
        pytest.raises(StartFailed, match=rf", {ADDRESS}\)"),
    ):
        DataFolder.open(folder.path, address=ADDRESS)


def test_a_killed_holder_lets_go_even_when_its_child_lives(tmp_path: Path) -> None:
    program = """
import subprocess, sys
from pathlib import Path
from services.nodes.folder import DataFolder
DataFolder.open(Path(sys.argv[1]), address="")
# It reads from the test, and so outlives its parent.
subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdout=sys.stderr)
print("held", flush=True)
sys.stdin.read()
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"

        holder.kill()
        holder.wait()

        DataFolder.open(tmp_path, address=ADDRESS).close()


def test_a_folder_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StartFailed, match=r"^.*/file/data cannot be used \(Not a directory\): .*$"):
        DataFolder.open(tmp_path / "file" / "data", address=ADDRESS)


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (errno.ENOSPC, "The disk that holds /data is full: free some space and start again."),
        (errno.EDQUOT, "The disk that holds /data is full: free some space and start again."),
        (
            errno.EROFS,
            f"User {os.geteuid()} may not write to /data (Read-only file system): "
            "give that user the folder, or choose another data folder.",
        ),
        (
            errno.EACCES,
            f"User {os.geteuid()} may not write to /data (Permission denied): "
            "give that user the folder, or choose another data folder.",
        ),
        (
            errno.EIO,
            "/data cannot be used (Input/output error): choose another data folder.",
        ),
    ],
)
def test_every_no_of_a_disk_has_its_mend(number: int, line: str) -> None:
    assert str(unusable(Path("/data"), OSError(number, os.strerror(number)))) == line


def test_a_secret_is_made_once(folder: DataFolder) -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"secret")
        return b"secret"

    assert folder.read_or_create_secret("signing", make) == b"secret"
    assert folder.read_or_create_secret("signing", make) == b"secret"
    assert made == [b"secret"]


def test_a_secret_is_for_its_owner_only_whatever_the_umask(folder: DataFolder) -> None:
    before = os.umask(0)
    try:
        folder.read_or_create_secret("signing", lambda: b"secret")
    finally:
        os.umask(before)

    assert mode(folder.keys / "signing") == 0o600


def test_secrets_of_two_names_are_two(folder: DataFolder) -> None:
    assert folder.read_or_create_secret("signing", lambda: b"one") == b"one"
    assert folder.read_or_create_secret("sessions", lambda: b"two") == b"two"


def test_a_secret_whose_making_failed_leaves_nothing(folder: DataFolder) -> None:
    def fail() -> bytes:
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        folder.read_or_create_secret("signing", fail)

    assert list(folder.keys.iterdir()) == []


def test_a_secret_whose_writing_was_killed_is_made_anew(folder: DataFolder) -> None:
    (folder.keys / ".signing.k1ll3d").write_bytes(b"sec")

    assert folder.read_or_create_secret("signing", lambda: b"secret") == b"secret"


def test_a_secret_that_cannot_be_stored_is_refused_in_one_line(folder: DataFolder) -> None:
    folder.keys.rmdir()

    with pytest.raises(StartFailed, match="cannot be used"):
        folder.read_or_create_secret("signing", lambda: b"secret")

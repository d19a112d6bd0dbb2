"""As whom Postgres runs."""

import os
import pwd
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.identity import Identity, hand_over, identities, refusal

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
MYSELF = Identity((), os.geteuid(), os.getegid())


@root_only
def test_root_tries_the_user_namespace_and_then_nobody() -> None:
    namespace, nobody, passing = identities()

    assert (namespace.prefix[0], namespace.uid) == ("unshare", 0)
    assert (nobody.prefix[0], nobody.uid) == ("setpriv", pwd.getpwnam("nobody").pw_uid)
    assert (passing.prefix[: len(nobody.prefix)], passing.uid) == (nobody.prefix, nobody.uid)


@root_only
def test_root_can_let_nobody_into_a_private_folder(tmp_path: Path) -> None:
    _, nobody, passing = identities()
    private = tmp_path / "private"
    private.mkdir(0o700)
    program = private / "initdb"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)

    assert refusal(nobody, program) is not None
    assert refusal(passing, program) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root does not run it directly")
def test_an_ordinary_user_runs_it_directly() -> None:
    assert identities()[0] == MYSELF


def test_the_reason_of_a_refusal_is_what_was_said_last(tmp_path: Path) -> None:
    initdb = tmp_path / "initdb"
    initdb.write_text("#!/bin/sh\necho one >&2\necho two >&2\necho 'x: hint: su' >&2\nexit 1\n")
    initdb.chmod(0o755)

    assert refusal(MYSELF, initdb) == "two"


def test_a_program_that_succeeds_is_not_refused() -> None:
    assert refusal(MYSELF, Path("/bin/true")) is None


@root_only
def test_a_database_of_the_other_shape_is_taken_over_whole(tmp_path: Path) -> None:
    nobody = identities()[1]
    with DataFolder.open(tmp_path / "data", address="") as folder:
        inner = folder.postgres / "cluster" / "base"
        inner.mkdir(parents=True)
        (inner / "file").write_bytes(b"")
        (inner / "link").symlink_to("/etc/passwd")
        for path in (folder.postgres, inner.parent, inner, inner / "file", inner / "link"):
            nobody.own(path)

        hand_over(folder, MYSELF)

        owners = {path.lstat().st_uid for path in [folder.postgres, *folder.postgres.rglob("*")]}
        assert owners == {0}
        assert Path("/etc/passwd").stat().st_uid == 0


@root_only
def test_the_database_of_another_user_is_refused(tmp_path: Path) -> None:
    with DataFolder.open(tmp_path / "data", address="") as folder:
        os.chown(folder.postgres, 12345, 12345)

        with pytest.raises(StartFailed, match="belongs to user 12345: start Hubbub as that user"):
            hand_over(folder, MYSELF)

        assert folder.postgres.stat().st_uid == 12345


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    powerless = Identity(("false",), os.geteuid(), os.getegid())

    with (
        DataFolder.open(tmp_path / "data", address="") as folder,
        pytest.raises(StartFailed, match="cannot write to"),
    ):
        hand_over(folder, powerless)

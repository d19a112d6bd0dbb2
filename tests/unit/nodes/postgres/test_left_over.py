"""What a killed run has left behind, told from what only looks like it."""

from pathlib import Path

import pytest

from services.nodes.postgres.left_over import drop_misleading_pid_file, mark, processes


@pytest.fixture
def cluster(tmp_path: Path) -> Path:
    path = tmp_path / "cluster"
    path.mkdir()
    return path


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A /proc with nothing of interest in it."""
    path = tmp_path / "proc"
    (path / "sys").mkdir(parents=True)
    run(path, 1, "/sbin/init")
    return path


def run(proc: Path, pid: int, *words: str) -> None:
    (proc / str(pid)).mkdir()
    (proc / str(pid) / "cmdline").write_bytes(b"".join(f"{word}\0".encode() for word in words))


def test_a_mark_belongs_to_one_database(tmp_path: Path) -> None:
    assert mark(tmp_path / "a") == mark(tmp_path / "b" / ".." / "a")
    assert mark(tmp_path / "a") != mark(tmp_path / "b")


def test_the_postmaster_and_its_children_are_found(cluster: Path, proc: Path) -> None:
    name = mark(cluster)
    run(proc, 10, "/usr/lib/postgresql/15/bin/postgres", "-D", "x", "-c", f"cluster_name={name}")
    run(proc, 11, f"postgres: {name}: checkpointer")
    run(proc, 12, f"postgres: {name}: postgres postgres [local] idle")

    assert processes(cluster, proc=proc) == {10, 11, 12}


@pytest.mark.parametrize(
    "words",
    [
        ("/usr/bin/postgres", "-c", "cluster_name=hubbub-0123456789ab"),
        ("postgres: hubbub-0123456789ab: checkpointer",),
        ("postgres: checkpointer",),
        ("grep", "cluster_name={name}"),
        ("vim", "postgres: {name}: notes"),
        ("/usr/bin/postgres", "-D", "/srv/{name}"),
        (),
    ],
)
def test_others_are_left_alone(cluster: Path, proc: Path, words: tuple[str, ...]) -> None:
    run(proc, 10, *(word.format(name=mark(cluster)) for word in words))

    assert processes(cluster, proc=proc) == set()


def test_without_proc_nothing_is_found(cluster: Path, tmp_path: Path) -> None:
    assert processes(cluster, proc=tmp_path / "absent") == set()


def test_a_process_that_ends_meanwhile_is_not_found(cluster: Path, proc: Path) -> None:
    (proc / "10").mkdir()

    assert processes(cluster, proc=proc) == set()


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("/usr/bin/python3", "-m", "services"), id="the number was given anew"),
        pytest.param((), id="a zombie that nobody reaps"),
    ],
)
def test_a_pid_file_of_no_postgres_is_removed(
    cluster: Path, proc: Path, words: tuple[str, ...]
) -> None:
    (cluster / "postmaster.pid").write_text("10\n/data\n")
    run(proc, 10, *words)

    drop_misleading_pid_file(cluster, proc=proc)

    assert not (cluster / "postmaster.pid").exists()


def test_a_pid_file_of_a_postgres_is_left(cluster: Path, proc: Path) -> None:
    (cluster / "postmaster.pid").write_text("10\n/data\n")
    run(proc, 10, "/usr/bin/postgres", "-D", "/elsewhere")

    drop_misleading_pid_file(cluster, proc=proc)

    assert (cluster / "postmaster.pid").exists()


@pytest.mark.parametrize("text", ["99\n/data\n", "", "not a number\n"])
def test_a_pid_file_of_no_process_is_left_to_postgres(cluster: Path, proc: Path, text: str) -> None:
    (cluster / "postmaster.pid").write_text(text)

    drop_misleading_pid_file(cluster, proc=proc)

    assert (cluster / "postmaster.pid").exists()


def test_no_pid_file_is_fine(cluster: Path, proc: Path) -> None:
    drop_misleading_pid_file(cluster, proc=proc)

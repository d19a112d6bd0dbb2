"""What a killed run has left behind, told from what only looks like it."""

from pathlib import Path

import pytest

from services.nodes.rabbitmq.files import Files
from services.nodes.rabbitmq.left_over import end_left_over, processes


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "rabbitmq")


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A /proc with nothing of interest in it."""
    path = tmp_path / "proc"
    (path / "sys").mkdir(parents=True)
    run(path, 1, "HOME=/")
    return path


def run(proc: Path, pid: int, *variables: str) -> None:
    (proc / str(pid)).mkdir()
    text = b"".join(f"{variable}\0".encode() for variable in variables)
    (proc / str(pid) / "environ").write_bytes(text)


def test_every_program_of_the_node_is_found(files: Files, proc: Path) -> None:
    run(proc, 10, "PATH=/bin", f"HUBBUB_NODE={files.mark}", "ERL_EPMD_PORT=20002")
    run(proc, 11, f"HUBBUB_NODE={files.mark}")

    assert processes(files, proc=proc) == {10, 11}


@pytest.mark.parametrize(
    "variable", ["HUBBUB_NODE=0123456789ab", "HUBBUB_NODE={mark}0", "NO_HUBBUB_NODE={mark}", ""]
)
def test_others_are_left_alone(files: Files, proc: Path, variable: str) -> None:
    run(proc, 10, variable.format(mark=files.mark))

    assert processes(files, proc=proc) == set()


def test_a_process_that_ends_meanwhile_is_not_found(files: Files, proc: Path) -> None:
    (proc / "10").mkdir()

    assert processes(files, proc=proc) == set()


def test_without_proc_nothing_is_found(files: Files, tmp_path: Path) -> None:
    assert processes(files, proc=tmp_path / "absent") == set()


async def test_where_nothing_is_left_nothing_is_ended(files: Files) -> None:
    assert await end_left_over(files) == set()

"""The files of a node: for their owner only."""

from pathlib import Path

from services.nodes.rabbitmq.files import Files


def test_what_is_written_only_its_owner_reads(tmp_path: Path) -> None:
    files = Files(tmp_path / "rabbitmq")

    files.write({files.cookie: "secret", files.config: "x = 1\n"})

    assert files.folder.stat().st_mode & 0o777 == 0o700
    assert files.cookie.stat().st_mode & 0o777 == 0o400
    assert files.cookie.read_text() == "secret"


def test_a_later_start_writes_anew(tmp_path: Path) -> None:
    files = Files(tmp_path)
    files.write({files.config: "a long text of an earlier start"})

    files.write({files.config: "x = 1\n"})

    assert files.config.read_text() == "x = 1\n"


def test_a_mark_belongs_to_one_node(tmp_path: Path) -> None:
    assert Files(tmp_path / "a").mark == Files(tmp_path / "b" / ".." / "a").mark
    assert Files(tmp_path / "a").mark != Files(tmp_path / "b").mark

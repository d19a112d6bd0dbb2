"""Which version made the database files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.nodes.folder import DataFolder, StartFailed
from services.nodes.postgres.cluster import cluster_folder, cluster_major


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[DataFolder]:
    with DataFolder.open(tmp_path / "data", address="") as held:
        yield held


def test_a_new_folder_has_no_version(folder: DataFolder) -> None:
    assert cluster_major(folder) is None


def test_the_version_is_what_postgres_wrote(folder: DataFolder) -> None:
    cluster_folder(folder).mkdir()
    (cluster_folder(folder) / "PG_VERSION").write_text("18\n")

    assert cluster_major(folder) == 18


@pytest.mark.parametrize("content", [None, "eighteen"])
def test_something_else_in_its_place_is_refused(folder: DataFolder, content: str | None) -> None:
    cluster_folder(folder).mkdir()
    if content is not None:
        (cluster_folder(folder) / "PG_VERSION").write_text(content)

    with pytest.raises(StartFailed, match="is not a database: move it away"):
        cluster_major(folder)


def test_a_file_in_its_place_is_refused(folder: DataFolder) -> None:
    cluster_folder(folder).write_bytes(b"")

    with pytest.raises(StartFailed, match="is not a database"):
        cluster_major(folder)

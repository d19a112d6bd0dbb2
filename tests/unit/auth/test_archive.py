"""Archives that were compressed long before they are put together."""

import io
from zipfile import ZipFile

import pytest

from services.auth.core.archive import Archive, piece
from services.auth.core.reading import index


def archived(files: dict[str, bytes]) -> ZipFile:
    archive = Archive()
    written = b"".join([archive.add(piece(name, content)) for name, content in files.items()])
    return ZipFile(io.BytesIO(written + archive.end()))


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"empty.json": b""},
        {"a.json": b"[1]" * 1_000, "Größe.json": "Grüße".encode(), "b.bin": bytes(range(256))},
        {f"{number}.json": b"{}" for number in range(300)},
    ],
    ids=["none", "empty", "some", "many"],
)
def test_every_file_comes_out_as_it_went_in(files: dict[str, bytes]) -> None:
    opened = archived(files)

    assert opened.testzip() is None
    assert {name: opened.read(name) for name in opened.namelist()} == files


def test_files_are_small_in_it() -> None:
    assert len(piece("a.json", b"[1, 2, 3]" * 10_000).body) < 1_000


def test_the_page_says_what_every_file_is_and_shows_no_markup_of_a_name() -> None:
    page = index(
        ["messages-0007.json", "picture.webp"], name="<b>Bob</b>", origin="https://c", at="now"
    ).decode()

    assert "what you wrote" in page
    assert "your picture" in page
    assert "<b>" not in page

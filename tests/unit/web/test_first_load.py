"""The page stays small: what people wait for before they see anything."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from services.gateway.api.site import File, read_files
from tests.browser.measure.weight import DIST, all_code, first_load, in_a_room

MOST_AT_FIRST_KB: Final = 115
"""JavaScript and CSS until one can log in, packed with gzip. At 400 kbit/s 50 KB are a second."""

MOST_IN_A_ROOM_KB: Final = 205
"""What somebody in a room has fetched."""

MOST_OF_ALL_KB: Final = 300
"""With every page of the settings, of desks, of guests and of the administration, each of which
comes when it is opened.
"""


@pytest.fixture
def built() -> Mapping[str, File]:
    """The page as the gateway serves it."""
    if not (DIST / "index.html").exists():
        pytest.skip("the page is not built: make web")
    return read_files(DIST)


def kilobytes(sizes: Mapping[str, int]) -> float:
    return (sizes["js"] + sizes["css"]) / 1000


def test_the_first_load_stays_small(built: Mapping[str, File]) -> None:
    kb = kilobytes(first_load(built))

    assert kb <= MOST_AT_FIRST_KB, f"{kb:.1f} KB of code until one can log in"


def test_what_a_room_needs_stays_small(built: Mapping[str, File]) -> None:
    kb = kilobytes(in_a_room(built))

    assert kb <= MOST_IN_A_ROOM_KB, f"{kb:.1f} KB of code in a room"


def test_all_of_the_page_stays_small(built: Mapping[str, File]) -> None:
    kb = kilobytes(all_code(built))

    assert kb <= MOST_OF_ALL_KB, f"{kb:.1f} KB of code in all"


def test_what_the_page_names_is_weighed_as_it_is_sent(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index.js").write_text("let x = 1;" * 1000)
    (tmp_path / "assets" / "later.js").write_text("let y = 2;" * 1000)
    (tmp_path / "assets" / "RoomsPage-a1.js").write_text('import"./shared-b2.js";')
    (tmp_path / "assets" / "shared-b2.js").write_text('import("./later.js");')
    (tmp_path / "favicon.svg").write_text("<svg/>")
    (tmp_path / "sw.js").write_text("let z = 3;" * 1000)
    (tmp_path / "index.html").write_text(
        '<link rel="icon" href="/favicon.svg" /><script src="/assets/index.js"></script>'
    )
    files = read_files(tmp_path)

    load = first_load(files)

    assert load["svg"] == len("<svg/>")
    assert 0 < load["js"] < 100
    assert all_code(files)["js"] == 2 * load["js"] + 44
    assert in_a_room(files)["js"] == load["js"] + 44

"""The browser that all these tests need."""

from pathlib import Path

import pytest

from tests.browser.chromium import NAMES, NoBrowser, find_chromium


@pytest.mark.parametrize("name", NAMES)
def test_any_chromium_of_the_machine_will_do(name: str, tmp_path: Path) -> None:
    program = tmp_path / name
    program.touch(mode=0o755)

    assert find_chromium(str(tmp_path)) == str(program)


def test_a_machine_without_one_is_told_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser, match="`make browser` installs it"):
        find_chromium(str(tmp_path))

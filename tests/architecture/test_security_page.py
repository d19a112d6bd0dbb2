"""docs/security.md names tests that are there."""

import re

import pytest

from tests.architecture.tree import ROOT, read

PAGE = "docs/security.md"
SHORT = {
    "auth/": "tests/integration/auth/",
    "unit/": "tests/unit/",
    "system/": "tests/system/",
}
NAMED = re.compile(r"`([a-z_/]+/test_\w+\.py)(?:::(\w+))?`")


def whole(path: str) -> str:
    """Return the path of a test as it is from the project's root."""
    short = next((each for each in SHORT if path.startswith(each)), "")
    return SHORT.get(short, "") + path.removeprefix(short)


def missing(page: str) -> list[str]:
    """Return what the page names and nobody has."""
    gone = []
    for path, test in NAMED.findall(page):
        file = ROOT / whole(path)
        if not file.is_file() or (test and f"def {test}(" not in file.read_text()):
            gone.append(f"{path}::{test}" if test else path)
    return gone


def test_every_attack_on_the_page_is_a_test() -> None:
    page = read(PAGE)

    assert len(NAMED.findall(page)) > 50
    assert missing(page) == []


@pytest.mark.parametrize("named", ["auth/test_gone.py", "auth/test_tokens.py::test_gone"])
def test_a_test_that_is_gone_is_noticed(named: str) -> None:
    assert missing(f"| `{named}` |") == [named]

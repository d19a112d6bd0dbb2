"""What the demo says, and whether it opens a browser."""

import pytest

from services.demo.guide import guide, link, may_open_browser
from services.demo.people import PASSWORD

HERE = "http://127.0.0.1:8000"


def test_a_link_fills_in_the_address_behind_the_hash() -> None:
    assert link(HERE, "alice") == f"{HERE}/login#email=alice%40example.org"


def test_who_listens_everywhere_is_reached_on_this_machine() -> None:
    assert link("http://0.0.0.0:8000", "bob") == f"{HERE}/login#email=bob%40example.org"


def test_the_guide_holds_both_links_and_the_password() -> None:
    told = guide(HERE)

    assert link(HERE, "alice") in told
    assert link(HERE, "bob") in told
    assert PASSWORD in told


def test_a_browser_opens_for_somebody_before_a_screen() -> None:
    assert may_open_browser({"DISPLAY": ":0"}, is_terminal=True, platform="linux")
    assert may_open_browser({}, is_terminal=True, platform="darwin")


@pytest.mark.parametrize("name", ["NO_BROWSER", "CI"])
def test_a_browser_stays_closed_where_that_is_wanted(name: str) -> None:
    environ = {"DISPLAY": ":0", name: "1"}

    assert not may_open_browser(environ, is_terminal=True, platform="linux")


def test_a_browser_stays_closed_without_a_terminal_or_a_screen() -> None:
    assert not may_open_browser({"DISPLAY": ":0"}, is_terminal=False, platform="linux")
    assert not may_open_browser({}, is_terminal=True, platform="linux")

"""What a session is called in its owner's list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.core.accounts import MAX_NAME_CHARS
from services.auth.core.devices import UNKNOWN, device_name

MOZILLA = "Mozilla/5.0"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on Linux",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/150.0.0.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            f"{MOZILLA} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0",
            "Edge on Windows",
        ),
        (
            f"{MOZILLA} (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/150.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            f"{MOZILLA} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/19.0 Safari/605.1.15",
            "Safari on macOS",
        ),
        ("python-httpx/0.28.1", "python-httpx"),
        ("curl/8.7", "curl"),
        ("Hubbub for phones", "Hubbub"),
        ("", UNKNOWN),
        ("/1.0", UNKNOWN),
        ("\u202e\x1b\x00", UNKNOWN),
    ],
)
def test_a_device_is_named_after_what_its_client_says(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


@given(st.text())
def test_whatever_a_client_says_the_name_is_short_and_visible(user_agent: str) -> None:
    name = device_name(user_agent)

    assert 1 <= len(name) <= MAX_NAME_CHARS
    assert all(char.isprintable() for char in name)

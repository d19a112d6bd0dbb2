"""The page for whoever opens a used link of a copy."""

import base64
import hashlib
import re

from starlette.requests import Request

from services.auth.api.privacy.gone import is_for_reading, page

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def accepting(kinds: str) -> Request:
    return Request({"type": "http", "headers": [(b"accept", kinds.encode())]})


def test_it_is_for_those_who_open_a_page() -> None:
    wanted = [is_for_reading(accepting(kinds)) for kinds in (FIREFOX, "*/*", "application/json")]

    assert wanted == [True, False, False]


def test_it_may_use_its_own_style_and_nothing_else() -> None:
    answer = page()
    found = re.search(r"<style>(.*)</style>", bytes(answer.body).decode(), re.DOTALL)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()

    assert answer.status_code == 404
    assert answer.headers["content-security-policy"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    )

"""Which pages may call us."""

import pytest

from libs.common.http.endpoint import Endpoint
from libs.common.http.settings import HttpSettings
from libs.common.settings import SettingsInvalid, load
from tests.unit.common.web import AS_ALICE, Site, browser

FRIEND = "https://friend.example"


async def change() -> None:
    """Change something."""


async def look() -> None:
    """Look at something."""


def site(**settings: str) -> Site:
    return Site(
        Endpoint("POST", "/v1/x", change),
        Endpoint("GET", "/v1/x", look),
        settings=load(HttpSettings, "", environ=settings),
    )


async def status_for(origin: str, *, method: str = "POST", host: str = "chat.test") -> int:
    async with browser(site().public(), headers=AS_ALICE) as alice:
        answer = await alice.request(method, "/v1/x", headers={"origin": origin, "host": host})
    return answer.status_code


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://chat.test", "chat.test"),
        ("https://chat.test", "chat.test"),
        ("https://chat.test", "chat.test:443"),
        ("http://chat.test:8000", "chat.test:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
async def test_our_own_pages_may_change_things(origin: str, host: str) -> None:
    assert await status_for(origin, host=host) == 204


async def test_of_two_origins_neither_is_believed() -> None:
    both = [("origin", "http://chat.test"), ("origin", FRIEND), ("host", "chat.test")]

    async with browser(site().public(), headers=AS_ALICE) as alice:
        answer = await alice.post("/v1/x", headers=both)

    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "https://chat.test.evil.example",
        "https://evilchat.test",
        "https://chat.test:8443",
        "https://chat.test@evil.example",
        "file://",
        "https://[broken",
        "https://chat.test:port",
    ],
)
async def test_foreign_pages_may_not(origin: str) -> None:
    assert await status_for(origin) == 403


async def test_foreign_pages_may_look_for_browsers_keep_the_answer_from_them() -> None:
    async with browser(site().public(), headers=AS_ALICE) as alice:
        answer = await alice.get("/v1/x", headers={"origin": "https://evil.example"})

    assert answer.status_code == 204
    assert "access-control-allow-origin" not in answer.headers


async def test_programs_send_no_origin_and_may() -> None:
    async with browser(site().public(), headers=AS_ALICE) as alice:
        assert (await alice.post("/v1/x")).status_code == 204


async def test_a_listed_origin_may_call_and_read_even_refusals() -> None:
    async with browser(site(CORS_ORIGINS=FRIEND).public()) as page:
        done = await page.post("/v1/x", headers=AS_ALICE | {"origin": FRIEND})
        refused = await page.post("/v1/x", headers={"origin": FRIEND})

    assert (done.status_code, refused.status_code) == (204, 401)
    for answer in (done, refused):
        assert answer.headers["access-control-allow-origin"] == FRIEND
        assert "access-control-allow-credentials" not in answer.headers
        assert "X-Request-Id" in answer.headers["access-control-expose-headers"]


async def test_a_browser_is_told_beforehand_what_a_listed_origin_may() -> None:
    asks = {
        "origin": FRIEND,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,idempotency-key",
    }

    async with browser(site(CORS_ORIGINS=FRIEND, CORS_CREDENTIALS="true").public()) as page:
        allowed = await page.options("/v1/x", headers=asks)
        denied = await page.options("/v1/x", headers=asks | {"origin": "https://evil.example"})

    assert allowed.status_code == 200
    assert allowed.headers["access-control-allow-origin"] == FRIEND
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert denied.status_code == 400
    assert "access-control-allow-origin" not in denied.headers
    assert denied.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "listed",
    [
        "*",
        "friend.example",
        "https://*.example",
        "https://friend.example/",
        "HTTPS://friend.example",
        "https://Friend.example",
        "ftp://friend.example",
    ],
)
def test_only_exact_origins_can_be_listed(listed: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"CORS_ORIGINS=.* is not valid: each must be"):
        load(HttpSettings, "", environ={"CORS_ORIGINS": f"{FRIEND},{listed}"})

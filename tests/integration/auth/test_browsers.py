"""Browsers: the refresh token in a cookie, and who cannot act by it."""

import httpx
import pytest

from tests.integration.auth.living import ORIGIN, Instance, Town, registration

JSON = {"content-type": "application/json"}
PAGE = JSON | {"origin": ORIGIN}


async def browser_of_alice(auth: Instance) -> httpx.AsyncClient:
    """Return a browser that has registered Alice and keeps her cookie."""
    browser = await auth.client()
    answer = await browser.post(
        "/v1/auth/register", json=registration("Alice", cookie=True), headers=PAGE
    )
    assert answer.status_code == 201
    return browser


async def test_the_refresh_token_goes_into_a_cookie_and_nowhere_else(auth: Instance) -> None:
    browser = await auth.client()

    answer = await browser.post("/v1/auth/register", json=registration("Alice", cookie=True))

    assert answer.json().keys() == {"user", "access_token", "expires_in"}
    cookie, _ = answer.headers.get_list("set-cookie")
    token = browser.cookies["hubbub_refresh"]
    assert cookie == (f"hubbub_refresh={token}; HttpOnly; Max-Age=604800; Path=/; SameSite=strict")


async def test_over_tls_the_cookie_is_bound_to_this_host(town: Town) -> None:
    async with town.instance(public_url="https://chat.example.org") as auth:
        browser = await auth.client()

        answer = await browser.post("/v1/auth/register", json=registration("Alice", cookie=True))

    refresh, device = answer.headers.get_list("set-cookie")
    assert refresh.startswith("__Host-hubbub_refresh=")
    assert refresh.endswith("; HttpOnly; Max-Age=604800; Path=/; SameSite=strict; Secure")
    assert device.startswith("__Host-hubbub_device=")
    assert device.endswith("; HttpOnly; Max-Age=15552000; Path=/; SameSite=strict; Secure")


async def test_a_log_in_can_use_the_cookie_too(auth: Instance) -> None:
    await auth.register("Alice")

    answer = await auth.log_in("alice@example.org", cookie=True)

    assert "refresh_token" not in answer.json()
    assert "hubbub_refresh" in answer.cookies


async def test_a_page_refreshes_by_its_cookie(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    before = browser.cookies["hubbub_refresh"]

    answer = await browser.post("/v1/auth/refresh", json={}, headers=PAGE)

    assert answer.status_code == 200
    assert answer.json().keys() == {"user", "access_token", "expires_in"}
    assert browser.cookies["hubbub_refresh"] != before


async def test_two_tabs_end_up_with_the_same_cookie(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    old = dict(browser.cookies)

    one = await browser.post("/v1/auth/refresh", json={}, headers=PAGE)
    other_tab = await auth.client(cookie=f"hubbub_refresh={old['hubbub_refresh']}")
    other = await other_tab.post("/v1/auth/refresh", json={}, headers=PAGE)

    assert one.cookies["hubbub_refresh"] == other.cookies["hubbub_refresh"]


@pytest.mark.parametrize("path", ["/v1/auth/refresh", "/v1/auth/logout"])
async def test_no_other_page_acts_by_the_cookie(auth: Instance, path: str) -> None:
    browser = await browser_of_alice(auth)
    pages = [
        (JSON | {"origin": "https://evil.example"}, 403),
        (JSON | {"origin": "null"}, 403),
        (JSON | {"origin": ORIGIN + ".evil.example"}, 403),
        (JSON | {"origin": "http://127.0.0.1:8001"}, 403),
        (JSON | {"origin": "https://127.0.0.1:8000"}, 403),
        (JSON, 403),
        ({"origin": ORIGIN, "content-type": "text/plain"}, 415),
        ({"origin": ORIGIN, "content-type": "application/x-www-form-urlencoded"}, 415),
    ]

    for headers, status in pages:
        answer = await browser.post(path, content=b"{}", headers=headers)

        assert answer.status_code == status
        assert "set-cookie" not in answer.headers

    assert (await browser.post("/v1/auth/refresh", json={}, headers=PAGE)).status_code == 200


async def test_a_page_logs_out_by_its_cookie(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    shown = browser.cookies["hubbub_refresh"]

    answer = await browser.post("/v1/auth/logout", headers=PAGE)

    assert answer.status_code == 204
    assert answer.headers["set-cookie"].startswith('hubbub_refresh=""; HttpOnly; Max-Age=0;')
    assert (await auth.refresh(shown)).json()["code"] == "session_revoked"


async def test_logging_out_by_a_cookie_that_means_nothing_takes_it_away(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    await browser.post("/v1/auth/logout", headers=PAGE)
    left_over = await auth.client(cookie="hubbub_refresh=hbr_" + "A" * 70)

    answer = await left_over.post("/v1/auth/logout", headers=PAGE)

    assert answer.status_code == 204
    assert "Max-Age=0" in answer.headers["set-cookie"]


async def test_logging_out_without_token_or_cookie_is_refused(auth: Instance) -> None:
    stranger = await auth.client()

    assert (await stranger.post("/v1/auth/logout", headers=PAGE)).status_code == 401


async def test_a_token_in_the_body_wins_over_the_cookie(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    bob = await auth.register("Bob")

    answer = await browser.post(
        "/v1/auth/refresh", json={"refresh_token": bob.refresh_token}, headers=PAGE
    )

    assert answer.json()["user"]["id"] == bob.id
    assert "refresh_token" in answer.json()
    assert "set-cookie" not in answer.headers


async def test_no_script_gets_at_the_token_in_the_cookie(auth: Instance) -> None:
    browser = await browser_of_alice(auth)

    for token in ("", "x", None):
        answer = await browser.post("/v1/auth/refresh", json={"refresh_token": token}, headers=PAGE)
        assert "refresh_token" not in answer.json()


async def test_a_page_of_another_origin_cannot_log_a_browser_in(auth: Instance) -> None:
    await auth.register("Alice")
    browser = await auth.client(origin="https://evil.example")

    answer = await browser.post(
        "/v1/auth/login",
        json={"email": "alice@example.org", "password": "x", "cookie": True},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")

"""Attempts at other people's sessions, from pages of others and with tokens that were copied."""

import asyncio

import httpx
import pytest

from tests.integration.auth.living import (
    ORIGIN,
    PASSWORD,
    Instance,
    SignedInPerson,
    Town,
    registration,
)

JSON = {"content-type": "application/json"}
PAGE = JSON | {"origin": ORIGIN}
CURL = "curl/8.7"


async def browser_of_alice(auth: Instance) -> httpx.AsyncClient:
    """Return a browser that has registered Alice and keeps her cookie."""
    browser = await auth.client()
    await browser.post("/v1/auth/register", json=registration("Alice", cookie=True), headers=PAGE)
    return browser


async def test_nothing_but_json_acts_by_the_cookie(auth: Instance) -> None:
    browser = await browser_of_alice(auth)

    for kind in (
        "",
        "text/plain; application/json",
        "text/plain;charset=application/json",
        "application/jsonp",
        "application/json-patch+json",
        "multipart/form-data; boundary=json",
    ):
        headers = {"origin": ORIGIN, "content-type": kind}
        for path in ("/v1/auth/refresh", "/v1/auth/logout"):
            answer = await browser.post(path, content=b"{}", headers=headers)
            assert answer.status_code == 415, kind

    assert (await browser.post("/v1/auth/refresh", json={}, headers=PAGE)).status_code == 200


async def test_an_origin_that_only_looks_like_ours_is_foreign(auth: Instance) -> None:
    browser = await browser_of_alice(auth)

    for origin in (
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:80000",
        "http://127.0.0.1:8000.evil.example",
        "http://127.0.0.1:8000@evil.example",
        "http://evil.example#http://127.0.0.1:8000",
        "http://evil.example/127.0.0.1:8000",
        "ftp://127.0.0.1:8000",
        "file://",
    ):
        answer = await browser.post("/v1/auth/refresh", json={}, headers={"origin": origin})
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin"), origin


async def test_a_second_origin_is_no_way_around_the_first(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    origins = [("origin", "https://evil.example"), ("origin", ORIGIN)]

    for headers in (origins, origins[::-1]):
        answer = await browser.post("/v1/auth/refresh", json={}, headers=headers)
        assert answer.status_code == 403


async def test_reading_changes_nothing(auth: Instance) -> None:
    browser = await browser_of_alice(auth)
    before = dict(browser.cookies)

    for path in ("refresh", "logout", "logout-all", "login", "step-up", "totp"):
        answer = await browser.get(f"/v1/auth/{path}", headers=PAGE)
        assert answer.status_code == 405, path

    assert dict(browser.cookies) == before
    assert (await browser.post("/v1/auth/refresh", json={}, headers=PAGE)).status_code == 200


async def test_a_refresh_token_is_taken_from_nowhere_else(
    auth: Instance, alice: SignedInPerson
) -> None:
    token = alice.refresh_token
    stranger = await auth.client(authorization=f"Bearer {token}", x_refresh_token=token)

    by_header = await stranger.post("/v1/auth/refresh", json={})
    by_query = await (await auth.client()).post(
        "/v1/auth/refresh", json={}, params={"refresh_token": token}
    )

    assert by_header.status_code == 401
    assert by_query.status_code in {401, 422}
    assert (await auth.refresh(token)).status_code == 200


async def test_over_tls_a_cookie_without_the_prefix_is_nobodys(town: Town) -> None:
    async with town.instance(public_url="https://chat.example.org") as auth:
        alice = await auth.register("Alice")
        # A host beside ours can set this one, and cannot set the one that is ours.
        tossed = await auth.client(cookie=f"hubbub_refresh={alice.refresh_token}")

        answer = await tossed.post("/v1/auth/refresh", json={})

    assert answer.status_code == 401


async def test_owner_and_thief_at_the_same_moment_both_lose(
    auth: Instance, alice: SignedInPerson
) -> None:
    answers = await asyncio.gather(
        *(
            auth.refresh(alice.refresh_token, **options)
            for _ in range(10)
            for options in ({}, {"user_agent": CURL})
        )
    )

    given = {answer.json()["refresh_token"] for answer in answers if answer.status_code == 200}
    assert len(given) <= 1
    for token in given:
        assert (await auth.refresh(token)).json()["code"] == "session_revoked"
        assert (await auth.refresh(token, user_agent=CURL)).json()["code"] == "session_revoked"
    assert (await alice.get("/v1/me")).json()["code"] == "session_revoked"


@pytest.mark.parametrize("path", ["/v1/auth/login", "/v1/auth/login/second-factor"])
async def test_no_form_of_another_page_logs_a_browser_in(auth: Instance, path: str) -> None:
    victim = await auth.client()
    fields = {"email": "mallory@example.org", "password": PASSWORD, "cookie": "true"}

    by_form = await victim.post(path, data=fields)
    by_text = await victim.post(path, content=b"{}", headers={"content-type": "text/plain"})

    assert {by_form.status_code, by_text.status_code} == {415}
    assert not victim.cookies

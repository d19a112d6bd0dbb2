"""Passkeys as Chromium makes them, asked with the words of auth and judged by it."""

from typing import Any, Final

import pytest
from playwright.async_api import Browser, Error, Page, Route

from libs.common.migrations import Schema
from tests.integration.auth.conftest import SCHEMA
from tests.integration.auth.living import Instance, SignedInPerson, Town
from tests.integration.auth.proving import SITE
from tests.support.virtual_authenticator import virtual_authenticator

pytestmark = pytest.mark.asyncio(loop_scope="package")

MAKE: Final = """
    async (options) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
      return (await navigator.credentials.create({ publicKey })).toJSON();
    }
"""

SHOW: Final = """
    async (options) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
      return (await navigator.credentials.get({ publicKey })).toJSON();
    }
"""


@pytest.fixture(scope="module")
def schema() -> Schema:
    return SCHEMA


async def page_of_ours(browser: Browser) -> Page:
    """Return an empty page at the address of the server."""

    async def empty(route: Route) -> None:
        await route.fulfill(content_type="text/html", body="<!doctype html><title>Hubbub</title>")

    page = await browser.new_page()
    await page.route(f"{SITE}/**", empty)
    await page.goto(SITE)
    return page


async def added(page: Page, person: SignedInPerson) -> dict[str, Any]:
    """Let the page make a passkey for somebody, and return what auth says to it."""
    asked = (await person.post("/v1/auth/passkeys/options")).json()
    credential = await page.evaluate(MAKE, asked["options"])
    body = {"challenge_id": asked["challenge_id"], "credential": credential, "name": "Chromium"}
    answer = await person.post("/v1/auth/passkeys", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def logged_in(page: Page, auth: Instance) -> int:
    """Let the page log in with whatever passkey it finds, and return the status."""
    stranger = await auth.client()
    asked = (await stranger.post("/v1/auth/login/passkey/options")).json()
    credential = await page.evaluate(SHOW, asked["options"])
    body = {"challenge_id": asked["challenge_id"], "credential": credential}
    return (await stranger.post("/v1/auth/login/passkey", json=body)).status_code


async def test_chromium_makes_a_passkey_and_logs_in_with_it(browser: Browser, dsn: str) -> None:
    town = await Town.found(dsn)
    page = await page_of_ours(browser)
    async with town.instance(public_url=SITE) as auth, virtual_authenticator(page) as phone:
        alice = await auth.register("Alice")

        shown = await added(page, alice)
        statuses = [await logged_in(page, auth) for _ in range(2)]
        (held,) = await phone.passkeys()
        with pytest.raises(Error, match="InvalidStateError"):
            await added(page, alice)
        await phone.verify(is_right=False)
        with pytest.raises(Error, match="NotAllowedError"):
            await logged_in(page, auth)

    await page.close()
    assert shown["name"] == "Chromium"
    assert statuses == [200, 200]
    assert (held["rpId"], held["isResidentCredential"]) == ("chat.example.org", True)

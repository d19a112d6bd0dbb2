"""Auth with two providers, and people who log in there."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from pydantic import SecretStr

from services.auth.settings.identity import IdentitySettings
from tests.integration.auth.living import ORIGIN, Instance
from tests.support.oidc_provider import CLIENT_ID, CLIENT_SECRET, Browser, RunningProvider

FIRST, SECOND = "first", "second"


def callback(name: str) -> str:
    """Return where a provider sends people back."""
    return f"{ORIGIN}/v1/auth/oidc/{name}/callback"


def entry(name: str, issuer: str, **more: Any) -> dict[str, Any]:
    """Return what an operator writes of a provider."""
    return {
        "name": name,
        "title": f"{name.title()} Company",
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    } | more


def settings_of(entries: Sequence[dict[str, Any]], **more: Any) -> IdentitySettings:
    """Return the settings with these providers."""
    return IdentitySettings(providers=SecretStr(json.dumps(list(entries))), **more)


def both(providers: Sequence[RunningProvider], **more: Any) -> IdentitySettings:
    """Return the settings with two running providers; `more` is said of each."""
    pairs = zip((FIRST, SECOND), providers, strict=True)
    return settings_of([entry(name, one.issuer, **more) for name, one in pairs])


@asynccontextmanager
async def browser(auth: Instance, *, address: str = "192.0.2.7") -> AsyncIterator[Browser]:
    """A browser that nobody has used yet."""
    here = await auth.client(address=address, accept="text/html")
    async with Browser(here, httpx.AsyncClient(trust_env=False)) as made:
        yield made


async def whoami(browser: Browser) -> dict[str, Any]:
    """Return the account that a browser is logged in to, as its page finds out."""
    origin = {"origin": ORIGIN, "content-type": "application/json"}
    answer = await browser.here.post("/v1/auth/refresh", content="{}", headers=origin)
    assert answer.status_code == 200, answer.text
    user: dict[str, Any] = answer.json()["user"]
    return user | {"access_token": answer.json()["access_token"]}

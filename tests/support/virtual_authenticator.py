"""Chromium's own passkey in software, for tests in front of a page.

    async with virtual_authenticator(page) as device:
        ...  # whatever the page asks for is answered at once, as by a phone with a finger on it

Browsers offer passkeys to pages at `https://` names and at `http://localhost`, and to none at an IP
address. See: the domain WebAuthn of the Chrome DevTools Protocol.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from playwright.async_api import CDPSession, Page

PHONE: Final[dict[str, Any]] = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class VirtualAuthenticator:
    """One device with passkeys; it is gone with its page."""

    def __init__(self, session: CDPSession, authenticator_id: str) -> None:
        self._session = session
        self._id = authenticator_id

    async def passkeys(self) -> list[dict[str, Any]]:
        """Return what it holds: `credentialId`, `rpId`, `signCount`, `userHandle` and more."""
        held = await self._ask("getCredentials")
        return list(held["credentials"])

    async def verify(self, *, is_right: bool) -> None:
        """Let its user show the right finger from now on, or a wrong one."""
        await self._ask("setUserVerified", isUserVerified=is_right)

    async def forget(self) -> None:
        """Lose all passkeys."""
        await self._ask("clearCredentials")

    async def _ask(self, what: str, **more: object) -> dict[str, Any]:
        answer = await self._session.send(f"WebAuthn.{what}", {"authenticatorId": self._id, **more})
        return dict(answer or {})


@asynccontextmanager
async def virtual_authenticator(page: Page) -> AsyncIterator[VirtualAuthenticator]:
    """Plug a device in for one page."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable", {"enableUI": False})
    added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    try:
        yield VirtualAuthenticator(session, added["authenticatorId"])
    finally:
        await session.send("WebAuthn.disable")
        await session.detach()

"""Auth with a mail server."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from services.auth.settings.mail import MailSettings
from tests.integration.auth.living import (
    PASSWORD,
    WORKERS,
    Instance,
    SignedInPerson,
    Town,
    registration,
)
from tests.support.mail_server import MailServer

SENDER = "Hubbub <chat@example.org>"
VERIFY = "Verify your e-mail address"
CONFIRM = "Confirm your new e-mail address"
RESET = "Choose a new password"
EXISTS = "You have an account already"
PASSWORD_CHANGED = "Your password was changed"
EMAIL_CHANGED = "Your e-mail address was changed"


def mail_settings(url: str, **knobs: Any) -> MailSettings:
    """Return settings that send to this server."""
    return MailSettings.model_validate({"url": url, "sender": SENDER} | knobs)


@dataclass(frozen=True, slots=True)
class Mailing:
    """An instance and the mail server it writes to."""

    auth: Instance
    server: MailServer

    async def post(self, path: str, **body: Any) -> httpx.Response:
        """Ask as a stranger."""
        stranger = await self.auth.client()
        return await stranger.post(f"/v1/auth/{path}", json=body)

    async def register(self, name: str, **more: Any) -> str:
        """Make an account, verify it, and return its address."""
        body = registration(name) | more
        answer = await self.post("register", **body)
        assert answer.status_code == 202, answer.text
        token = await self.server.token(body["email"], VERIFY)
        assert (await self.post("email/verify", token=token)).status_code == 204
        return str(body["email"])

    async def enter(self, name: str) -> SignedInPerson:
        """Make an account and log in."""
        email = await self.register(name)
        return await self.log_in(email, name=name)

    async def log_in(self, email: str, password: str = PASSWORD, *, name: str) -> SignedInPerson:
        answer = await self.auth.log_in(email, password)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        client = await self.auth.bearing(said["access_token"])
        return SignedInPerson(said["user"]["id"], email, name, said["refresh_token"], client)

    async def forget_password(self, email: str) -> str:
        """Ask for a new password and return the token that comes."""
        count = len(self.server.letters)
        answer = await self.post("password/forgot", email=email)
        assert answer.status_code == 202, answer.text
        await self.server.taken(count + 1)
        return await self.server.token(email, RESET)


@asynccontextmanager
async def mailing(
    town: Town,
    server: MailServer,
    *,
    workers: Collection[str] = WORKERS | {"mail"},
    instance: str = "auth-1",
    **knobs: Any,
) -> AsyncIterator[Mailing]:
    """Run an instance that writes to this server; `knobs` are settings of mail."""
    settings = mail_settings(server.url, **knobs)
    server.on_wait = partial(town.clock.advance, settings.poll_s)
    async with town.instance(mail=settings, workers=workers, instance=instance) as auth:
        yield Mailing(auth, server)

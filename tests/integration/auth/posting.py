"""Somebody who takes letters to a mail server, one round at a time."""

import ssl
from typing import Any, Final

from prometheus_client import CollectorRegistry

from libs.common.metrics import Metrics
from services.auth.api.mail.composing import Composing
from services.auth.api.mail.rendering import Rendering
from services.auth.api.mail.sending import Sending
from services.auth.api.mail.smtp import SmtpCarrier
from services.auth.model.letters import Letter, LetterKind
from services.auth.store.mail import MailStore, post
from tests.integration.auth.living import ORIGIN, Instance, Town
from tests.integration.auth.mailing import SENDER, mail_settings

ALICE: Final = "alice@example.org"
SECRET_LINK: Final = "https://chat.example.org/reset#token=canary-of-a-token"

OLDER = "UPDATE mail SET posted_at = posted_at - make_interval(secs => $1)"


class Postman:
    """What sends letters in one process, run by hand."""

    def __init__(
        self,
        auth: Instance,
        town: Town,
        url: str,
        *,
        tls: ssl.SSLContext | None = None,
        **knobs: Any,
    ) -> None:
        settings = mail_settings(url, **knobs)
        self.town = town
        self.auth = auth
        self.store = MailStore(auth.database)
        self.registry = CollectorRegistry()
        self.sending = Sending(
            self.store,
            SmtpCarrier(url, greets_as="[127.0.0.1]", timeout_s=settings.timeout_s, tls=tls),
            composing=Composing(Rendering(ORIGIN, settings), sender=SENDER),
            settings=settings,
            delay_s=lambda failures: 10.0 * failures,
            clock=town.clock,
            metrics=Metrics(self.registry, "auth"),
        )

    async def post(self, kind: LetterKind, to: str = ALICE, **fields: str) -> None:
        async with self.auth.database.transaction() as connection:
            letter = Letter(kind, to, fields)
            await post(connection, letter, account_id=None, now=self.town.clock.now())

    async def post_reset(self, to: str = ALICE) -> None:
        await self.post(LetterKind.RESET_PASSWORD, to, link=SECRET_LINK)

    async def age(self, by_s: int) -> None:
        """Let letters wait for so long that the clock, with all who live by it, need not."""
        await self.auth.database.execute(OLDER, float(by_s))

    async def go(self) -> None:
        await self.sending.send_waiting()

    async def left(self) -> int:
        return int(await self.auth.database.fetchval("SELECT count(*) FROM mail"))

    def outcomes(self, outcome: str) -> float:
        value = self.registry.get_sample_value("chat_auth_letters_total", {"outcome": outcome})
        return value or 0.0

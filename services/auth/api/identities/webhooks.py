"""Webhooks in which other servers tell of changes to their people.

    source -> signature over the raw body, time -> shape -> once, in order -> account

What is answered with 2xx was obeyed, now or before, or says nothing that we want to know; senders
repeat everything else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import structlog
from pydantic import ValidationError
from starlette.requests import Request

from libs.common.clock import Clock
from libs.common.errors import Conflict, Invalid, NotFound
from libs.common.http.endpoint import Endpoint
from libs.common.http.people import ANYONE
from services.auth.api.identities.obeying import Obeying
from services.auth.core.identities.refusals import InvalidWebhook
from services.auth.core.identities.shapes import clerk, keycloak, own
from services.auth.core.identities.signatures import (
    KEYCLOAK,
    Signed,
    check_keycloak,
    check_standard,
    seen_by,
)
from services.auth.model.identities import News
from services.auth.settings.identity import IdentitySettings, Source

log = structlog.get_logger()

READERS: Final[Mapping[str, Callable[..., News | None]]] = {
    "hubbub": own.read,
    "clerk": clerk.read,
    "keycloak": keycloak.read,
}

MAX_BODY_BYTES: Final = 262_144
"""A user with all that Clerk and Keycloak let one attach has some 10 KB."""


class WebhooksApi:
    """The endpoints of sources."""

    def __init__(self, obeying: Obeying, *, settings: IdentitySettings, clock: Clock) -> None:
        self._obeying = obeying
        self._sources = {source.name: source for source in settings.listed_sources()}
        self._tolerance_s = settings.webhook_tolerance_s
        self._clock = clock

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST",
                path,
                handler,
                admits=ANYONE,
                errors=(NotFound, InvalidWebhook, Invalid, Conflict),
                max_body_bytes=MAX_BODY_BYTES,
            )
            for path, handler in (
                ("/v1/webhooks/identity", self.from_the_only_one),
                ("/v1/webhooks/identity/{source}", self.from_one),
            )
        ]

    async def from_the_only_one(self, request: Request) -> None:
        """Hear of a change to somebody from the source, where there is exactly one."""
        if len(self._sources) != 1:
            raise NotFound
        (source,) = self._sources.values()
        await self._hear(source, request)

    async def from_one(self, source: str, request: Request) -> None:
        """Hear of a change to somebody from the source of this name."""
        if source not in self._sources:
            raise NotFound
        await self._hear(self._sources[source], request)

    async def _hear(self, source: Source, request: Request) -> None:
        body, now = await request.body(), self._clock.now()
        signed = self._signed(source, request.headers, body, now)
        try:
            read = READERS[source.shape]
            news = read(body, issuer=source.issuer, sent_at=signed.sent_at)
        except ValidationError:
            log.warning("webhook_not_understood", source=source.name, shape=source.shape)
            raise Invalid from None
        if news is None:
            return
        # Or a clock that is wrong for a day would silence a source for a day.
        news = replace(news, updated_at=min(news.updated_at, now + self._tolerance_s))
        done = await self._obeying.obey(news, seen_by(source.name, signed.id))
        log.info("webhook_obeyed", source=source.name, kind=news.kind, outcome=done)

    def _signed(
        self, source: Source, headers: Mapping[str, str], body: bytes, now: float
    ) -> Signed:
        is_keycloak = source.shape == "keycloak" and KEYCLOAK in headers
        check = check_keycloak if is_keycloak else check_standard
        secrets = [secret.get_secret_value() for secret in source.secrets]
        try:
            return check(headers, body, secrets=secrets, now=now, tolerance_s=self._tolerance_s)
        except InvalidWebhook:
            log.warning("webhook_refused", source=source.name)
            raise

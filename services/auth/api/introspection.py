"""Tells the doors of all services whose an opaque token is."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import structlog

from libs.common.clock import Clock
from libs.common.contracts.introspection import (
    Introspected,
    IntrospectionsAnswer,
    IntrospectionsRequest,
)
from libs.common.http.endpoint import Endpoint
from services.auth.api.identities.strangers import Strangers
from services.auth.core.tokens import is_use_due
from services.auth.model.tokens import ShownToken
from services.auth.store.tokens import TokenStore

log = structlog.get_logger()


class Introspecting:
    """Answers what `libs.common.tokens.introspection` asks, also of auth's own door."""

    def __init__(self, tokens: TokenStore, foreign: Strangers, *, clock: Clock) -> None:
        self._tokens = tokens
        self._foreign = foreign
        self._clock = clock

    def endpoints(self, *, callers: AbstractSet[str]) -> list[Endpoint]:
        """Return what these services may ask over internal HTTP."""
        return [Endpoint("POST", "/internal/introspections", self.answer, admits=callers)]

    async def answer(self, body: IntrospectionsRequest) -> IntrospectionsAnswer:
        """Return whose these tokens are; None for what is good for nothing."""
        return await self.introspect(body)

    async def introspect(self, asked: IntrospectionsRequest) -> IntrospectionsAnswer:
        """Return whose these tokens are.  Raises: Unavailable."""
        known = await self._own([bytes.fromhex(one) for one in asked.api_tokens])
        foreign = await self._foreign.find_all(asked.foreign) if self._foreign.is_on else None
        return IntrospectionsAnswer(
            api_tokens=known,
            foreign=foreign or [None] * len(asked.foreign),
            takes_foreign=self._foreign.is_on,
        )

    async def _own(self, hashes: Sequence[bytes]) -> list[Introspected | None]:
        if not hashes:
            return []
        now = self._clock.now()
        found = await self._tokens.find(hashes, now=now)
        used = [one.token.id for one in found.values() if is_use_due(one.token.used_at, now)]
        if used:
            await self._tokens.note_used(used, now=now)
        return [_introspected(found[one]) if one in found else None for one in hashes]


def _introspected(shown: ShownToken) -> Introspected:
    return Introspected(
        person_id=shown.account.id,
        kind=shown.account.kind,
        name=shown.account.name,
        session_id=shown.token.id,
        expires_at=shown.token.expires_at,
        scopes=sorted(shown.token.scopes),
    )

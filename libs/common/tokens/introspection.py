"""Tokens that say nothing by themselves: whoever is shown one asks auth whose it is.

An answer is kept for `KEEP_S`, a "no" for `KEEP_REFUSED_S`; a token that was revoked meanwhile is
known from the ended sessions, as it is its own session. When auth is away, what is not known is
refused as unavailable: nobody is let in for lack of an answer, and nobody is logged out for it.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from libs.common.client import InternalClient
from libs.common.clock import Clock
from libs.common.contracts.introspection import (
    MAX_TOKENS,
    Introspected,
    IntrospectionsAnswer,
    IntrospectionsRequest,
)
from libs.common.errors import ChatError, Unauthorized, Unavailable
from libs.common.gathering import Gathering
from libs.common.http import deadline
from libs.common.tokens import api_tokens
from libs.common.tokens.access import SessionRevoked
from libs.common.tokens.revoked import RevokedSessions

KEEP_S: Final = 30.0
"""How long a change that is no revocation may take to be noticed, of a name or a scope."""

KEEP_REFUSED_S: Final = 5.0
"""A token that was not known may be made, or its issuer come back, a moment later."""

ASK_TIMEOUT_S: Final = 3.0

MAX_KEPT: Final = 10_000
"""Answers, about 5 MB. The one that was asked for longest ago goes first."""

MAX_WAITING: Final = 1_000
"""Tokens that are being asked about; one more is refused as unavailable."""


class Knowing(Protocol):
    """Whoever knows whose tokens are: auth, or what stands for it."""

    async def introspect(self, asked: IntrospectionsRequest) -> IntrospectionsAnswer:
        """Return the answer.  Raises: ChatError."""
        ...


class AskedOfAuth:
    """Auth, for the other services."""

    def __init__(self, auth: InternalClient) -> None:
        self._auth = auth

    async def introspect(self, asked: IntrospectionsRequest) -> IntrospectionsAnswer:
        return await self._auth.post("/internal/introspections", IntrospectionsAnswer, body=asked)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, good until a monotonic time. `forgotten` is up to where ended sessions had been
    forgotten when it came: once that is more, a revocation of this one may be among them.
    """

    answer: Introspected | None
    until: float
    forgotten: float


Answer = Introspected | None

Begin = Callable[[], "asyncio.Future[Answer]"]
"""Asks about one token."""


class Introspection:
    """Answers for one door, from memory if it can."""

    def __init__(self, knowing: Knowing, revoked: RevokedSessions, *, clock: Clock) -> None:
        self._knowing = knowing
        self._revoked = revoked
        self._clock = clock
        self._kept: OrderedDict[bytes, _Kept] = OrderedDict()
        self._waiting: dict[bytes, asyncio.Future[Answer]] = {}
        # Apart, so that nobody waits for another issuer who shows a token of ours.
        self._own = Gathering(self._ask_own, max_questions=MAX_TOKENS)
        self._foreign = Gathering(self._ask_foreign, max_questions=MAX_TOKENS)
        self._no_foreign_until = float("-inf")

    async def api_token(self, token: str, now: float) -> Introspected:
        """Return whose API token this is.

        Raises: Unauthorized, SessionRevoked, Unavailable.
        """
        token_hash = api_tokens.hashed(token)
        return await self._find(token_hash, lambda: self._own.begin(token_hash), now=now)

    async def foreign(self, token: str, now: float) -> Introspected:
        """Return whose token of another issuer this is.  Raises: as `api_token`."""
        if self._clock.monotonic() < self._no_foreign_until:
            raise Unauthorized
        token_hash = hashlib.sha256(token.encode()).digest()
        return await self._find(token_hash, lambda: self._foreign.begin(token), now=now)

    async def _find(self, token_hash: bytes, begin: Begin, *, now: float) -> Introspected:
        kept = self._kept.get(token_hash)
        if kept is not None and self._is_fresh(kept):
            answer = kept.answer
        else:
            answer = await self._asked(token_hash, begin)
        if answer is None or answer.expires_at <= now:
            raise Unauthorized
        if self._revoked.has(answer.session_id):
            raise SessionRevoked
        return answer

    def _is_fresh(self, kept: _Kept) -> bool:
        is_young = self._clock.monotonic() < kept.until
        return is_young and kept.forgotten == self._revoked.expired_until

    async def _asked(self, token_hash: bytes, begin: Begin) -> Answer:
        """Ask, together with all who are shown the same token meanwhile."""
        waiting = self._waiting.get(token_hash)
        if waiting is None:
            if len(self._waiting) >= MAX_WAITING:
                raise Unavailable
            waiting = self._waiting[token_hash] = begin()
            waiting.add_done_callback(lambda done: self._note(token_hash, done))
        # One who gives up must not cancel the others.
        return await asyncio.shield(waiting)

    def _note(self, token_hash: bytes, done: "asyncio.Future[Answer]") -> None:
        del self._waiting[token_hash]
        if done.cancelled() or done.exception() is not None:
            return
        answer = done.result()
        keep_s = KEEP_REFUSED_S if answer is None else KEEP_S
        until = self._clock.monotonic() + keep_s
        self._kept[token_hash] = _Kept(answer, until, self._revoked.expired_until)
        self._kept.move_to_end(token_hash)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)

    async def _ask_own(self, hashes: Sequence[bytes]) -> Sequence[Answer]:
        asked = IntrospectionsRequest(api_tokens=[one.hex() for one in hashes])
        return (await self._ask(asked)).api_tokens

    async def _ask_foreign(self, tokens: Sequence[str]) -> Sequence[Answer]:
        answer = await self._ask(IntrospectionsRequest(foreign=list(tokens)))
        if not answer.takes_foreign:
            self._no_foreign_until = self._clock.monotonic() + KEEP_S
        return answer.foreign

    async def _ask(self, asked: IntrospectionsRequest) -> IntrospectionsAnswer:
        try:
            # Nobody's in particular: several wait for it, each as long as they may.
            with deadline.anew():
                async with deadline.within(ASK_TIMEOUT_S):
                    return await self._knowing.introspect(asked)
        except ChatError:
            raise Unavailable from None

"""Tokens of guests, for the rooms service: it says who is let in, auth signs, renews and ends.

A guest's session ends when its room says so, so it is not for auth to say when one is idle: it
lives as long as rooms wants it to at each refresh, or until rooms ends it.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from typing import Final

import structlog

from libs.common.contracts.guests import (
    GuestEndingsAnswer,
    GuestEndingsRequest,
    GuestRefreshRequest,
    GuestTokensAnswer,
    GuestTokensRequest,
)
from libs.common.contracts.ids import SessionId
from libs.common.errors import Unauthorized
from libs.common.http.endpoint import Endpoint
from libs.common.service import Worker
from libs.common.tokens.access import SessionRevoked
from services.auth.api.keys import KeyRing
from services.auth.api.surroundings import Surroundings
from services.auth.api.sweeping import MARGIN_S, sweeping
from services.auth.core.keys import MAKES_GUEST_TOKENS, derived
from services.auth.core.sessions import (
    RefreshChain,
    RefreshToken,
    Repeated,
    Reused,
    Rotated,
)
from services.auth.model.guests import NOWHERE, GuestSession
from services.auth.model.sessions import Ending, EndReason, Session
from services.auth.store.guests import EndedGuest, GuestStore

log = structlog.get_logger()

ROOMS: Final = frozenset({"rooms"})


class GuestsApi:
    """The endpoints of the internal port around guests."""

    def __init__(self, around: Surroundings, keys: KeyRing) -> None:
        settings = around.settings
        self._around = around
        self._keys = keys
        self._guests = GuestStore(around.database, around.facts)
        self._chain = RefreshChain(
            key=derived(settings.secret.get_secret_value(), MAKES_GUEST_TOKENS),
            idle_s=inf,
            max_s=inf,
            grace_s=settings.refresh_grace_s,
        )

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint("POST", "/internal/guest-tokens", self.begin, admits=ROOMS),
            Endpoint(
                "POST",
                "/internal/guest-refreshes",
                self.refresh,
                admits=ROOMS,
                errors=(SessionRevoked,),
            ),
            Endpoint("POST", "/internal/guest-endings", self.end, admits=ROOMS),
        ]

    def workers(self) -> list[Worker]:
        return [Worker("guest_sweeping", self.run)]

    async def begin(self, body: GuestTokensRequest) -> GuestTokensAnswer:
        """Open a session of a guest and return its tokens."""
        begun = self._chain.begin(
            SessionId(self._around.chance.new_id()),
            body.person_id,
            device=NOWHERE,
            proved_by=(),
            client_hash=bytes.fromhex(body.client),
            now=self._around.clock.now(),
        )
        guest = GuestSession(_bounded(begun.session, body), body.room_id, body.name)
        await self._guests.open(guest)
        return self._answer(guest, begun.token)

    async def refresh(self, body: GuestRefreshRequest) -> GuestTokensAnswer:
        """Exchange a refresh token of a guest of this room for a new pair."""
        try:
            return await self._exchange(body)
        except Unauthorized:
            # Anything else that is 401 would say that rooms is not who it says it is.
            raise SessionRevoked from None

    async def end(self, body: GuestEndingsRequest) -> GuestEndingsAnswer:
        """Make all tokens of these guests void."""
        ending = self._ending(EndReason.GUEST_ENDED)
        ended = await self._guests.end(body.person_ids, ending=ending)
        self._note(ended, ending)
        return GuestEndingsAnswer(count=len(ended))

    async def run(self) -> None:
        """Sweep again and again, for ever; a worker does this."""
        around = self._around
        await sweeping(
            self.sweep, "guests", every_s=around.settings.sweep_every_s, clock=around.clock
        )

    async def sweep(self) -> None:
        """Delete the sessions that matter to nobody any more."""
        await self._guests.sweep(before=self._around.clock.now() - MARGIN_S)

    async def _exchange(self, body: GuestRefreshRequest) -> GuestTokensAnswer:
        presented = RefreshToken.read(body.refresh_token)
        ending = self._ending(EndReason.TOKEN_REUSED)
        ended: Sequence[EndedGuest] = ()
        async with self._guests.lock(presented.session_id, body.room_id) as held:
            if held is None:
                raise Unauthorized
            guest = held.guest
            outcome = self._chain.exchange(
                presented,
                _bounded(guest.session, body),
                client_hash=bytes.fromhex(body.client),
                now=self._around.clock.now(),
            )
            if isinstance(outcome, Rotated):
                await held.rotate(outcome.session)
            elif isinstance(outcome, Reused):
                ended = await held.end(ending)
        if isinstance(outcome, Reused):
            log.warning(
                "refresh_token_reused", user_id=guest.person.id, session_id=guest.session.id
            )
            self._note(ended, ending)
        if isinstance(outcome, Rotated | Repeated):
            return self._answer(guest, outcome.token)
        raise SessionRevoked

    def _answer(self, guest: GuestSession, token: RefreshToken) -> GuestTokensAnswer:
        now = self._around.clock.now()
        person = guest.person
        return GuestTokensAnswer(
            person_id=person.id,
            access_token=self._keys.mint(person, guest.session.id, now=now, room_id=guest.room_id),
            refresh_token=token.write(),
            expires_in=self._keys.life_s,
        )

    def _ending(self, reason: EndReason) -> Ending:
        return self._around.endings.ending(reason)

    def _note(self, ended: Sequence[EndedGuest], ending: Ending) -> None:
        for session_id, person_id in ended:
            self._around.endings.note([session_id], person_id, ending=ending)


def _bounded(session: Session, asked: GuestTokensRequest | GuestRefreshRequest) -> Session:
    """Return the session with the end that rooms wants for it now."""
    ends_at = session.created_at + asked.max_s
    if asked.good_until is not None:
        ends_at = min(ends_at, asked.good_until)
    return replace(session, expires_at=ends_at, ends_at=ends_at)

"""Copies of one's own data over HTTP: ask for one, see how far it is, fetch it.

A copy is fetched by whoever is logged in as its owner or, as browsers want a plain link, with a
token that is good once: made of the copy and of how often it was fetched, and so stored nowhere.
"""

import base64
import hmac
from collections.abc import AsyncIterator
from typing import Annotated, Final
from uuid import UUID

import structlog
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from libs.common.errors import TooMany
from libs.common.http.endpoint import ClientAddress, Endpoint
from libs.common.http.people import ANYONE, Caller
from libs.common.http.reply import Page
from libs.common.networks import network_of
from libs.common.ratelimit import Limit
from libs.common.service import Worker
from services.auth.api.privacy.bodies import ExportShown
from services.auth.api.privacy.gone import is_for_reading, page
from services.auth.api.privacy.making import Making
from services.auth.api.surroundings import Surroundings
from services.auth.core.archive import Archive
from services.auth.core.keys import derived
from services.auth.core.proofs import StepUpRequired
from services.auth.model.acts import Act, Kind
from services.auth.model.exports import Export, ExportState
from services.auth.store.exports import ExportNotFound, ExportStore

log = structlog.get_logger()

MAKES_LINKS: Final = "hubbub.auth.export-links"

LISTED: Final = 20

DAY_MIN: Final = 1_440

Token = Annotated[str, Field(max_length=100)]

HEADERS: Final = {
    "content-disposition": 'attachment; filename="your-data.zip"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}


class ExportsApi:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        settings = around.neighbours.settings
        self._life_s = settings.export_life_s
        self._store = ExportStore(around.database)
        self._making = Making(around, self._store)
        self._key = derived(around.settings.secret.get_secret_value(), MAKES_LINKS)
        wanted = Limit.per_minute(settings.exports_per_day / DAY_MIN, burst=settings.exports_burst)
        self._asked = around.rates.of("exports.ask", wanted)
        fetches = Limit.per_minute(settings.fetches_per_minute, burst=settings.fetches_burst)
        self._fetches = around.rates.of("exports.fetch", fetches)

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                "POST", "/v1/me/export", self.ask, status=202, errors=(StepUpRequired, TooMany)
            ),
            Endpoint("GET", "/v1/me/exports", self.listed),
            Endpoint(
                "GET",
                "/v1/exports/{export_id}",
                self.fetch,
                admits=ANYONE,
                errors=(ExportNotFound, TooMany),
            ),
        ]

    def workers(self) -> list[Worker]:
        return [self._making.worker()]

    async def ask(self, caller: Caller, address: ClientAddress) -> ExportShown:
        """Have a copy of one's own data made; one that is being made already is shown again."""
        await self._around.proof.demand(caller)
        await self._asked.take(str(caller.id))
        now = self._around.clock.now()
        export = await self._store.ask(
            self._around.chance.new_id(),
            caller.id,
            act=_act(Kind.EXPORT_ASKED, caller, address),
            now=now,
            expires_at=now + self._life_s,
        )
        self._making.wake()
        return self._shown(export)

    async def listed(self, caller: Caller) -> Page[ExportShown]:
        """Show one's copies, the newest first."""
        found = await self._store.listed(caller.id, limit=LISTED)
        return Page(items=[self._shown(export) for export in found], next_cursor=None)

    async def fetch(
        self,
        export_id: UUID,
        request: Request,
        caller: Caller | None,
        address: ClientAddress,
        token: Token = "",
    ) -> Response:
        """Return a copy as a ZIP archive, to its owner or for a token that was not used yet."""
        await self._fetches.take(network_of(address))
        try:
            return await self._fetched(export_id, token, caller, address=address)
        except ExportNotFound:
            if is_for_reading(request):
                return page()
            raise

    async def _fetched(
        self, export_id: UUID, token: str, caller: Caller | None, *, address: str
    ) -> Response:
        now = self._around.clock.now()
        export = await self._store.ready(export_id, now=now)
        is_owner = caller is not None and caller.id == export.account_id
        if not is_owner and not hmac.compare_digest(token.encode(), self._token(export).encode()):
            raise ExportNotFound
        act = Act(
            kind=Kind.EXPORT_FETCHED,
            actor_id=export.account_id,
            subject_id=export.account_id,
            outcome="done",
            address=address,
            session_id=caller.session_id if caller is not None else None,
        )
        await self._store.use(export, act, now=now)
        log.info("export_fetched", export_id=export.id, user_id=export.account_id)
        return StreamingResponse(
            self._archive(export), media_type="application/zip", headers=dict(HEADERS)
        )

    async def _archive(self, export: Export) -> AsyncIterator[bytes]:
        archive = Archive()
        for place in range(export.pieces):
            yield archive.add(await self._store.piece(export.id, place))
        yield archive.end()

    def _shown(self, export: Export) -> ExportShown:
        is_there = export.state is ExportState.READY
        is_there = is_there and export.expires_at > self._around.clock.now()
        link = f"/v1/exports/{export.id}?token={self._token(export)}" if is_there else None
        return ExportShown.of(export, link=link)

    def _token(self, export: Export) -> str:
        named = export.id.bytes + export.uses.to_bytes(8, "big")
        return (
            base64.urlsafe_b64encode(hmac.digest(self._key, named, "sha256")).decode().rstrip("=")
        )


def _act(kind: Kind, caller: Caller, address: str) -> Act:
    return Act(
        kind=kind,
        actor_id=caller.id,
        subject_id=caller.id,
        outcome="done",
        address=address,
        session_id=caller.session_id,
    )

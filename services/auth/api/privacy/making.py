"""Makes copies of people's data: asks one service after the other, page by page.

    waiting -> taken for a while -> page -> kept, and the time prolonged -> ... -> index -> ready
                    '- this instance died: another takes it, and goes on behind the last page

What was kept is kept; a page that was asked for and not kept is asked for again.
"""

import asyncio
from typing import Final

import msgspec
import structlog

from libs.common.contracts.privacy import ExportAnswer, ExportPart, ExportRequest
from libs.common.errors import ChatError
from libs.common.service import Worker
from libs.common.times import rfc3339
from services.auth.api.privacy.working import Working
from services.auth.api.surroundings import Surroundings
from services.auth.core.archive import piece
from services.auth.core.letters import shown_time
from services.auth.core.reading import index
from services.auth.model.exports import Export, Piece
from services.auth.model.letters import Letter, LetterKind
from services.auth.store.exporting import ExportingStore
from services.auth.store.exports import ExportStore, LeaseLost

log = structlog.get_logger()

PAGE_OF_SETTINGS: Final = "settings/data"

RETRY_S: Final = 5.0
"""How soon a page is asked for again of a service that could not be reached."""

GIVE_UP_S: Final = 86_400.0
"""After a day somebody rather asks again."""

KEPT_S: Final = 30 * 86_400.0
"""How long the list of somebody's copies remembers one that is gone."""


class TooLarge(Exception):
    """A copy would be larger than the operator wants to keep."""


class Making:
    """Works on the copies that were asked for, one page at a time."""

    def __init__(self, around: Surroundings, store: ExportStore) -> None:
        self._around = around
        self._clock = around.clock
        self._settings = around.neighbours.settings
        self._others = list(around.neighbours.others.items())
        self._own = ExportingStore(around.database)
        self._store = store
        self._working = Working(self.once, poll_s=self._settings.poll_s, clock=around.clock)
        self.wake = self._working.wake

    def worker(self) -> Worker:
        return Worker("exports", self._working.run)

    async def once(self) -> bool:
        """Work on one copy until it is whole or nothing more comes; tell whether there was one."""
        now = self._clock.now()
        await self._store.sweep(now=now, forget_before=now - KEPT_S)
        export = await self._store.lease(now=now, lease_s=self._settings.lease_s)
        if export is None:
            return False
        try:
            await self._make(export)
        except LeaseLost:
            log.info("export_left", export_id=export.id)
        except TooLarge:
            log.warning("export_too_large", export_id=export.id)
            await self._store.give_up(export, now=self._clock.now())
        except ChatError as error:
            await self._postpone(export, error)
        return True

    async def _make(self, export: Export) -> None:
        while export.step <= len(self._others):
            if export.step == 0:
                pieces = await self._own_files(export)
                export = await self._keep(export, pieces, step=1, cursor=None, done=0.0)
            else:
                export = await self._next_page(export)
        await self._finish(export)

    async def _next_page(self, export: Export) -> Export:
        _, service = self._others[export.step - 1]
        answer = await service.post(
            "/internal/exports",
            ExportAnswer,
            body=ExportRequest(person_id=export.account_id, cursor=export.cursor),
        )
        pieces = await asyncio.to_thread(_files, answer.parts, export.pieces)
        if answer.next_cursor is None:
            return await self._keep(export, pieces, step=export.step + 1, cursor=None, done=0.0)
        return await self._keep(
            export, pieces, step=export.step, cursor=answer.next_cursor, done=answer.done
        )

    async def _keep(
        self, export: Export, pieces: list[Piece], *, step: int, cursor: str | None, done: float
    ) -> Export:
        if export.bytes + sum(len(one.body) for one in pieces) > self._settings.export_max_bytes:
            raise TooLarge
        share = (step + done) / (len(self._others) + 1)
        return await self._store.advance(
            export,
            pieces,
            step=step,
            cursor=cursor,
            progress_percent=min(99, int(100 * share)),
            due_at=self._clock.now() + self._settings.lease_s,
        )

    async def _own_files(self, export: Export) -> list[Piece]:
        found = await self._own.everything(export.account_id)
        parts = [ExportPart(name=name, items=items) for name, items in found.items()]
        pieces = await asyncio.to_thread(_files, parts, 0)
        picture = await self._own.picture(export.account_id)
        if picture is not None:
            pieces.append(piece("picture.webp", picture))
        return pieces

    async def _finish(self, export: Export) -> None:
        now = self._clock.now()
        account = await self._around.accounts.find(export.account_id)
        origin = self._around.settings.public_url
        page = index(
            await self._store.names(export.id),
            name=account.name,
            origin=origin,
            at=shown_time(now),
        )
        export = await self._store.advance(
            export,
            [piece("index.html", page)],
            step=export.step,
            cursor=None,
            progress_percent=99,
            due_at=now + self._settings.lease_s,
        )
        link = f"{origin}/{PAGE_OF_SETTINGS}"
        letter = Letter(LetterKind.EXPORT_READY, account.email, {"link": link})
        expires_at = now + self._settings.export_life_s
        await self._store.finish(export, letter, now=now, expires_at=expires_at)
        self._around.mailbox.posted.set()
        log.info("export_made", export_id=export.id, expires_at=rfc3339(expires_at))

    async def _postpone(self, export: Export, error: ChatError) -> None:
        now = self._clock.now()
        if now > export.made_at + GIVE_UP_S:
            await self._store.give_up(export, now=now)
            return
        log.warning("export_postponed", export_id=export.id, reason=error.code)
        await self._store.postpone(export, due_at=now + RETRY_S)


def _files(parts: list[ExportPart], first: int) -> list[Piece]:
    """Return a file for each part; the numbers go on at `first`, so that no two have one name."""
    return [
        piece(f"{part.name}-{number:04}.json", _written(part))
        for number, part in enumerate(parts, start=first + 1)
    ]


def _written(part: ExportPart) -> bytes:
    return msgspec.json.format(msgspec.json.encode(part.items), indent=2)

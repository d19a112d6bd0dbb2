"""Copies of people's own data in Postgres: the work on them, and the files themselves.

They are kept here and not in a folder: several instances make and hand them out, the split shape
has no folder that all of them see, and what erases a person erases them too.
"""

from typing import Final
from uuid import UUID

import asyncpg

from libs.common.contracts.ids import PersonId
from libs.common.errors import NotFound
from libs.common.postgres import Database
from services.auth.model.acts import Act
from services.auth.model.exports import Export, ExportState, Piece
from services.auth.model.letters import Letter
from services.auth.store.audit import note
from services.auth.store.mail import post

COLUMNS: Final = """
    id, account_id, state, step, cursor, progress_percent, pieces, bytes, lease, uses,
    extract(epoch FROM made_at)::float8 AS made_at,
    extract(epoch FROM expires_at)::float8 AS expires_at
"""

ASK: Final = f"""
    INSERT INTO export (id, account_id, state, due_at, made_at, expires_at)
    VALUES (
        $1, $2, 'waiting', to_timestamp($3::float8), to_timestamp($3::float8),
        to_timestamp($4::float8)
    )
    ON CONFLICT (account_id) WHERE state IN ('waiting', 'working') DO NOTHING
    RETURNING {COLUMNS}
"""

UNFINISHED: Final = f"""
    SELECT {COLUMNS} FROM export WHERE account_id = $1 AND state IN ('waiting', 'working')
"""

LIST: Final = f"""
    SELECT {COLUMNS} FROM export WHERE account_id = $1 ORDER BY made_at DESC, id LIMIT $2
"""

FIND: Final = f"""
    SELECT {COLUMNS} FROM export
    WHERE id = $1 AND state = 'ready' AND expires_at > to_timestamp($2::float8)
"""

USE: Final = "UPDATE export SET uses = uses + 1 WHERE id = $1 AND uses = $2 RETURNING true"

LEASE: Final = f"""
    UPDATE export
    SET state = 'working', lease = lease + 1, due_at = to_timestamp($1::float8 + $2::float8)
    WHERE id = (
        SELECT id FROM export
        WHERE state IN ('waiting', 'working') AND due_at <= to_timestamp($1::float8)
        ORDER BY due_at LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING {COLUMNS}
"""

# Only by whoever holds the lease: another may have taken over from one that stood still.
ADVANCE: Final = f"""
    UPDATE export
    SET step = $3, cursor = $4, progress_percent = greatest(progress_percent, $5),
        pieces = pieces + $6, bytes = bytes + $7, due_at = to_timestamp($8::float8)
    WHERE id = $1 AND lease = $2 AND state = 'working'
    RETURNING {COLUMNS}
"""

PUT_PIECE: Final = """
    INSERT INTO export_piece (export_id, place, name, crc, plain_bytes, body)
    VALUES ($1, $2, $3, $4, $5, $6)
"""

PIECE: Final = """
    SELECT name, crc, plain_bytes, body FROM export_piece WHERE export_id = $1 AND place = $2
"""

NAMES: Final = "SELECT name FROM export_piece WHERE export_id = $1 ORDER BY place"

POSTPONE: Final = """
    UPDATE export SET due_at = to_timestamp($3::float8)
    WHERE id = $1 AND lease = $2 AND state = 'working'
"""

FINISH: Final = """
    UPDATE export SET state = $3, progress_percent = $4, expires_at = to_timestamp($5::float8)
    WHERE id = $1 AND lease = $2 AND state = 'working'
    RETURNING true
"""

EXPIRE: Final = """
    UPDATE export SET state = 'expired'
    WHERE state = 'ready' AND expires_at <= to_timestamp($1::float8)
"""

DROP_PIECES: Final = """
    DELETE FROM export_piece USING export
    WHERE export.id = export_piece.export_id AND export.state IN ('expired', 'failed')
"""

FORGET: Final = """
    DELETE FROM export
    WHERE state IN ('expired', 'failed') AND expires_at <= to_timestamp($1::float8)
"""


class ExportNotFound(NotFound):
    message = "There is no such copy, or it was deleted."


class LeaseLost(Exception):
    """Another instance works on the copy now, or it is gone."""


class ExportStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ask(
        self, export_id: UUID, account_id: PersonId, *, act: Act, now: float, expires_at: float
    ) -> Export:
        """Have a copy made; return the one that is being made if there is one."""
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(ASK, export_id, account_id, now, expires_at)
            if row is not None:
                await note(connection, act, now=now)
                return _export(row)
        row = await self._database.fetchrow(UNFINISHED, account_id)
        if row is None:
            raise ExportNotFound
        return _export(row)

    async def listed(self, account_id: PersonId, *, limit: int) -> list[Export]:
        """Return somebody's copies, the newest first."""
        return [_export(row) for row in await self._database.fetch(LIST, account_id, limit)]

    async def ready(self, export_id: UUID, *, now: float) -> Export:
        """Return a copy that can be fetched.  Raises: ExportNotFound."""
        row = await self._database.fetchrow(FIND, export_id, now)
        if row is None:
            raise ExportNotFound
        return _export(row)

    async def use(self, export: Export, act: Act, *, now: float) -> None:
        """Void the link of a copy.  Raises: ExportNotFound when somebody was faster."""
        async with self._database.transaction() as connection:
            if not await connection.fetchval(USE, export.id, export.uses):
                raise ExportNotFound
            await note(connection, act, now=now)

    async def lease(self, *, now: float, lease_s: float) -> Export | None:
        """Take a copy to work on, which nobody else does for `lease_s`; None: there is no work."""
        row = await self._database.fetchrow(LEASE, now, lease_s)
        return None if row is None else _export(row)

    async def advance(
        self,
        export: Export,
        pieces: list[Piece],
        *,
        step: int,
        cursor: str | None,
        progress_percent: int,
        due_at: float,
    ) -> Export:
        """Keep the next files and where to go on.  Raises: LeaseLost."""
        size_bytes = sum(len(piece.body) for piece in pieces)
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                ADVANCE, export.id, export.lease, step, cursor, progress_percent, len(pieces),
                size_bytes, due_at,
            )  # fmt: skip
            if row is None:
                raise LeaseLost
            for place, piece in enumerate(pieces, start=export.pieces):
                await connection.execute(
                    PUT_PIECE, export.id, place, piece.name, piece.crc, piece.plain_bytes,
                    piece.body,
                )  # fmt: skip
        return _export(row)

    async def finish(
        self, export: Export, letter: Letter, *, now: float, expires_at: float
    ) -> None:
        """Let the copy be fetched, and tell its owner; nothing if the lease was lost."""
        async with self._database.transaction() as connection:
            done = await connection.fetchval(
                FINISH, export.id, export.lease, ExportState.READY, 100, expires_at
            )
            if done and letter.to:
                await post(connection, letter, account_id=export.account_id, now=now)

    async def postpone(self, export: Export, *, due_at: float) -> None:
        """Let anybody go on with the copy then; nothing if the lease was lost."""
        await self._database.execute(POSTPONE, export.id, export.lease, due_at)

    async def give_up(self, export: Export, *, now: float) -> None:
        """Let the copy have failed."""
        await self._database.fetchval(
            FINISH, export.id, export.lease, ExportState.FAILED, export.progress_percent, now
        )

    async def names(self, export_id: UUID) -> list[str]:
        """Return what the files are called, in their order."""
        return [row["name"] for row in await self._database.fetch(NAMES, export_id)]

    async def piece(self, export_id: UUID, place: int) -> Piece:
        """Return one file.  Raises: ExportNotFound."""
        row = await self._database.fetchrow(PIECE, export_id, place)
        if row is None:
            raise ExportNotFound
        return Piece(**row)

    async def sweep(self, *, now: float, forget_before: float) -> None:
        """Delete the files of copies that expired or failed, and after a while that they were."""
        await self._database.execute(EXPIRE, now)
        await self._database.execute(DROP_PIECES)
        await self._database.execute(FORGET, forget_before)


def _export(row: asyncpg.Record) -> Export:
    return Export(
        **{
            **row,
            "account_id": PersonId(row["account_id"]),
            "state": ExportState(row["state"]),
        }
    )

"""Letters that wait to be sent, in Postgres.

Whoever takes a letter has it for a while and nobody else does; if nothing is heard of it by then,
the next one takes it. What was sent is deleted.
"""

import json
from dataclasses import dataclass
from typing import Final

import asyncpg
import structlog

from libs.common.contracts.ids import PersonId
from libs.common.postgres import Connection, Database
from services.auth.model.letters import Letter, LetterKind

log = structlog.get_logger()

MAX_WAITING: Final = 20_000
"""More letters than this wait only where none leaves and somebody asks for more and more; they are
about 10 MB. Further ones are dropped: nobody is kept from logging in because a notice of it cannot
be sent.
"""

COLUMNS: Final = """
    id, account_id, recipient, kind, fields, tries,
    extract(epoch FROM posted_at)::float8 AS posted_at
"""

POST: Final = """
    INSERT INTO mail (account_id, recipient, kind, fields, posted_at, try_at)
    SELECT $1, $2, $3, $4, to_timestamp($5::float8), to_timestamp($5::float8)
    WHERE (SELECT count(*) FROM (SELECT FROM mail LIMIT $6)) < $6
    RETURNING true
"""

# Kinds that this release does not know are left to one that does.
TAKE: Final = f"""
    UPDATE mail SET try_at = to_timestamp($2::float8), tries = tries + 1
    WHERE id = (
        SELECT id FROM mail
        WHERE shown_at IS NULL AND try_at <= to_timestamp($1::float8) AND kind = ANY($3)
        ORDER BY try_at, id LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING {COLUMNS}
"""

DELETE: Final = "DELETE FROM mail WHERE id = $1"

# Only by whoever took it last: somebody may have been slower than the time that they had.
POSTPONE: Final = """
    UPDATE mail SET try_at = to_timestamp($3::float8) WHERE id = $1 AND tries = $2
"""

SHOWN: Final = "UPDATE mail SET shown_at = to_timestamp($2::float8) WHERE id = $1"

NEWEST_SHOWN: Final = f"""
    SELECT {COLUMNS} FROM mail
    WHERE shown_at IS NOT NULL AND id < $1 AND kind = ANY($3)
    ORDER BY id DESC LIMIT $2
"""

SWEEP: Final = "DELETE FROM mail WHERE posted_at < to_timestamp($1::float8)"


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter and what became of it so far; `posted_at` is in seconds since 1970."""

    id: int
    account_id: PersonId | None
    letter: Letter
    posted_at: float
    tries: int


class MailStore:
    """Hands out letters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, *, now: float, until: float) -> WaitingLetter | None:
        """Return the letter that is due for longest and leave it to the caller until that time."""
        row = await self._database.fetchrow(TAKE, now, until, list(LetterKind))
        return _waiting(row) if row else None

    async def delete(self, letter_id: int) -> None:
        """Forget a letter."""
        await self._database.execute(DELETE, letter_id)

    async def postpone(self, waiting: WaitingLetter, *, until: float) -> None:
        """Have a letter tried again at that time."""
        await self._database.execute(POSTPONE, waiting.id, waiting.tries, until)

    async def note_shown(self, letter_id: int, *, now: float) -> None:
        """Keep a letter as one that is not to be sent any more."""
        await self._database.execute(SHOWN, letter_id, now)

    async def shown(self, *, before_id: int, limit: int) -> list[WaitingLetter]:
        """Return at most `limit` letters that are kept, from before that one, newest first."""
        rows = await self._database.fetch(NEWEST_SHOWN, before_id, limit, list(LetterKind))
        return [_waiting(row) for row in rows]

    async def sweep(self, *, before: float) -> None:
        """Forget all letters that were posted before that time."""
        await self._database.execute(SWEEP, before)


async def post(
    connection: Connection, letter: Letter, *, account_id: PersonId | None, now: float
) -> None:
    """Leave a letter to be sent once the transaction has committed.

    `account_id` is whose letter it is: it goes with the account. Where too many wait, it is
    dropped.
    """
    fields = json.dumps(dict(letter.fields)).encode()
    args = (account_id, letter.to, letter.kind, fields, now, MAX_WAITING)
    if not await connection.fetchval(POST, *args):
        log.error("letter_dropped", kind=letter.kind, user_id=account_id, limit=MAX_WAITING)


def _waiting(row: asyncpg.Record) -> WaitingLetter:
    return WaitingLetter(
        id=row["id"],
        account_id=PersonId(row["account_id"]) if row["account_id"] else None,
        letter=Letter(LetterKind(row["kind"]), row["recipient"], json.loads(row["fields"])),
        posted_at=row["posted_at"],
        tries=row["tries"],
    )

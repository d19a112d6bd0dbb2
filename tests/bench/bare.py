"""The limit that a chat on Postgres cannot pass: the same rows, with nothing decided about them.

One statement per batch takes the next `seq` of each room, appends the messages and keeps their
command ids; one batch is on its way at a time. The tables are those of the messages service, empty,
in a database of their own on the same server.
"""

import random
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from tests.bench.crowd import CONTENT
from tests.bench.processes import POSTGRES
from tests.bench.shapes import Running

MIGRATIONS: Final = Path("services/messages/migrations")
DATABASE: Final = "bare"
BATCH: Final = 500
SOCKET_FOLDER_LINE: Final = 4
"""Where `postmaster.pid` says how to reach Postgres."""

MAKE_ROOMS: Final = """
INSERT INTO room_head
SELECT room_id, 'e', 0, 1, now(), 'public', 'open', '', '', 0
FROM unnest($1::uuid[]) AS room_id
"""

APPEND: Final = """
WITH message AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY room_id) AS place
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])
        AS message (room_id, actor_id, message_id, client_msg_id)
), head AS MATERIALIZED (
    SELECT room_id, last_seq FROM room_head
    WHERE room_id = ANY ($1)
    ORDER BY room_id
    FOR NO KEY UPDATE
), moved AS (
    UPDATE room_head SET last_seq = last_seq + those.count, written_at = now()
    FROM (SELECT room_id, count(*) AS count FROM message GROUP BY room_id) AS those
    WHERE room_head.room_id = those.room_id
), logged AS (
    INSERT INTO log (
        room_id, seq, kind, at, actor_kind, actor_id, actor_name, client_msg_id, message_id,
        content, rev, mentions
    )
    SELECT room_id, last_seq + place, 'message', now(), 'user', actor_id, 'Alice', client_msg_id,
        message_id, $5, 1, '{}'
    FROM message JOIN head USING (room_id)
)
INSERT INTO command_key (room_id, actor_id, command_id, seq, kind, content_hash)
SELECT room_id, actor_id, client_msg_id, last_seq + place, 'post', $6
FROM message JOIN head USING (room_id)
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """Messages per second, and what each cost Postgres."""

    per_s: float
    postgres_cpu_us: float


async def measured(running: Running, *, rooms: int, people: int, seconds: float) -> Limit:
    """Write for so long into the Postgres of a Hubbub, and return how much it took."""
    connection = await _own_database(running.folder)
    try:
        room_ids = [uuid.uuid4() for _ in range(rooms)]
        await connection.execute(MAKE_ROOMS, room_ids)
        actor_ids = [uuid.uuid4() for _ in range(people)]
        append = await connection.prepare(APPEND)
        number, spent_s, began = 0, running.parts.cpu_s()[POSTGRES], time.perf_counter()
        while (took := time.perf_counter() - began) < seconds:
            ids = [uuid.UUID(int=number + place) for place in range(BATCH)]
            await append.fetch(
                random.choices(room_ids, k=BATCH),
                random.choices(actor_ids, k=BATCH),
                ids,
                [str(one) for one in range(number, number + BATCH)],
                CONTENT,
                bytes(16),
            )
            number += BATCH
        spent_s = running.parts.cpu_s()[POSTGRES] - spent_s
        return Limit(number / took, spent_s / number * 1e6)
    finally:
        await connection.close()


async def _own_database(folder: Path) -> "asyncpg.Connection[asyncpg.Record]":
    pid_file = folder / "postgres" / "cluster" / "postmaster.pid"
    host = pid_file.read_text().splitlines()[SOCKET_FOLDER_LINE]
    first = await asyncpg.connect(host=host, user="postgres", database="postgres")
    await first.execute(f"CREATE DATABASE {DATABASE}")
    await first.close()
    connection = await asyncpg.connect(host=host, user="postgres", database=DATABASE)
    for script in sorted(MIGRATIONS.glob("*.sql")):
        await connection.execute(script.read_text())
    return connection

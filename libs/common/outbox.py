"""What leaves a service because its transaction committed, and only then.

    transaction   change rows, put ------------------> commit, wake
    relay         lock, read the oldest, publish (returns after the confirm), delete, commit

A row is published at least once: a relay that dies between the confirm and its commit leaves the
rows, and the next one publishes them again, so receivers compare versions. Rows of one `key` (a
room, a user) are published in the order in which their transactions committed; rows of different
keys may overtake each other.

A row is taken because it is there and is done when it is deleted; there is no "after the last id",
because ids are given before the commit and a lower one can appear later than a higher one.

`libs.common.relay` is the relay; `libs.common.outbox_tries` keeps one row from ending it for ever.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from libs.common.postgres import Connection, Database

TABLE: Final = """
    CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text NOT NULL,
        kind text NOT NULL,
        body bytea NOT NULL,
        put_at timestamptz NOT NULL DEFAULT now()
    )
"""
"""For the first migration of a service that has an outbox: it holds this text."""

TRIES_TABLE: Final = """
    CREATE TABLE outbox_try (
        id bigint PRIMARY KEY REFERENCES outbox ON DELETE CASCADE,
        tries integer NOT NULL,
        is_set_aside boolean NOT NULL DEFAULT false
    )
"""
"""For a later migration of the same service; see `libs.common.outbox_tries`."""

# Whoever puts a row of the same key waits here until this transaction ends. So within a key ids are
# given in the order of the commits.
PUT: Final = """
    WITH turn AS MATERIALIZED (
        SELECT pg_advisory_xact_lock(
            hashtextextended('outbox ' || current_schema() || ' ' || $1::text, 0))
    )
    INSERT INTO outbox (key, kind, body) SELECT $1::text, $2, $3 FROM turn
"""

# One relay at a time, whichever instance it runs in; freed with its transaction.
LOCK: Final = """
    SELECT pg_try_advisory_xact_lock(hashtextextended('outbox relay ' || current_schema(), 0))
"""

WAITING: Final = """
    SELECT count(*), coalesce(extract(epoch FROM now() - min(put_at)), 0)::float8 FROM outbox
"""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """Something to publish. `key` orders, `kind` says what `body` is."""

    key: str
    kind: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows have not been published, and for how long the oldest has waited."""

    rows: int
    oldest_s: float


Publish = Callable[[Sequence[OutboxRow]], Awaitable[None]]
"""Returns once all are confirmed, and raises Unavailable or TimedOut when that is not known.

It bounds its own time, to less than `database_idle_in_transaction_timeout_ms`.
"""


async def put(connection: Connection, row: OutboxRow) -> None:
    """Publish a row if the transaction that `connection` is in commits; then wake the relay.

    Until then nobody else can put a row of that key. A transaction that puts rows of several keys
    puts them in the order of the keys, or two of them could wait for each other.
    """
    await connection.execute(PUT, row.key, row.kind, row.body)


async def waiting(database: Database) -> Waiting:
    """Return what has not left yet: a number that grows is a broker that is not reached."""
    async with database.connection() as connection:
        rows, oldest_s = (await connection.fetch(WAITING))[0]
    return Waiting(rows, oldest_s)

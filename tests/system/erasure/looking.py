"""Looks through everything that is kept: tables, files, what was printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import asyncpg

SCHEMAS: Final = ("auth", "rooms", "messages", "presence")

BOOKS: Final = "migration"

# Tables as people think of them, not their partitions.
TEXTS: Final = """
    SELECT n.nspname || '.' || c.relname AS place, a.attname AS name, format_type(a.atttypid, NULL)
        AS kind
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY 1, 2
"""

WORDY: Final = {"text", "text[]", "bytea", "jsonb", "json", "character varying"}

NODES: Final = {"cluster", "mnesia"}
"""The folders of Postgres and RabbitMQ themselves, where what was deleted stands until its place is
used again: see docs/privacy.md.
"""


@dataclass(frozen=True, slots=True)
class Column:
    place: str
    name: str
    kind: str


async def columns(database: asyncpg.Connection) -> list[Column]:
    """Return every column of every table of every service."""
    rows = await database.fetch(TEXTS, list(SCHEMAS))
    found = [Column(row["place"], row["name"], row["kind"]) for row in rows]
    return [one for one in found if not one.place.endswith(f".{BOOKS}")]


async def marked(database: asyncpg.Connection, column: Column, mark: str) -> int:
    """Return in how many rows a column holds the mark."""
    if column.kind == "bytea":
        where = f"position(convert_to($1, 'UTF8') IN \"{column.name}\") > 0"
    else:
        where = f'position($1 IN lower("{column.name}"::text)) > 0'
    # Names of columns come from Postgres itself.
    query = f"SELECT count(*) FROM {column.place} WHERE {where}"
    return int(await database.fetchval(query, mark))


def files_with(folder: Path, mark: str) -> list[str]:
    """Return the files of a data folder that hold the mark."""
    wanted = mark.encode()
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if not NODES & set(path.parts) and path.is_file() and wanted in path.read_bytes().lower()
    ]


def lines_with(output: Sequence[str], mark: str) -> Iterator[str]:
    """Yield what was printed with the mark in it, but for letters that no mail server takes: those
    are shown to the operator instead, address and all.
    """
    for line in output:
        if mark in line.lower() and not line.startswith("No mail server is set."):
            yield line


def table(found: dict[str, Any]) -> str:
    """Return a table of two columns."""
    width = max(map(len, found))
    return "\n".join(f"{place:<{width}}  {said}" for place, said in found.items())

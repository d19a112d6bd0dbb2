"""Every statement fits the schema, and the ones that run all the time walk indexes."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from libs.common.postgres import Database
from services.messages import store
from services.messages.store import (
    effects,
    entries,
    known,
    log,
    members,
    messages,
    receipts,
    room_list,
)
from tests.integration.messages.conftest import SCHEMA
from tests.support.postgres import Databases
from tests.support.service_database import service_database, service_pool

STATEMENT = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")

FILL = """
INSERT INTO log (
    room_id, seq, kind, at, actor_kind, actor_id, actor_name, message_id, client_msg_id, content,
    rev, mentions
)
SELECT gen_random_uuid(), seq, 'message', now(), 'user', gen_random_uuid(), 'Alice',
    gen_random_uuid(), 'm', 'hello', 1, '{}'
FROM generate_series(1, 10000) AS seq
"""

FILL_MORE = (
    """
    INSERT INTO command_key
    SELECT room_id, actor_id, message_id::text, seq, 'post', '\\x00' FROM log
    """,
    """
    INSERT INTO room_head
    SELECT room_id, 'e', seq, 1, now(), 'private', 'open', '', '', 0 FROM log
    """,
    "INSERT INTO member SELECT room_id, actor_id, 'user', 'Alice', 'member', false FROM log",
    "INSERT INTO receipt SELECT room_id, actor_id, 1 FROM log",
    "INSERT INTO reaction SELECT room_id, seq, actor_id, 'x', seq FROM log",
    "INSERT INTO mention SELECT actor_id, room_id, seq FROM log",
    "INSERT INTO message_edit SELECT room_id, seq, 1, '', now() FROM log",
    "INSERT INTO system_role SELECT actor_id, 'admin', 1 FROM log",
    "INSERT INTO block SELECT actor_id, room_id, true, 1 FROM log",
    "ANALYZE",
)

SMALL = {"system_role", "command_try"}
"""Tables that stay so small that reading them whole is as good."""

ONE, SOME = uuid4(), [uuid4()] * 3
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def statements() -> dict[str, str]:
    """Return every SQL constant of the stores by its name."""
    found = {}
    for module in iter_modules(store.__path__):
        names = vars(import_module(f"{store.__name__}.{module.name}"))
        for name, value in names.items():
            if name.isupper() and isinstance(value, str) and value.strip().startswith(STATEMENT):
                found[f"{module.name}.{name}"] = value
    return found


@pytest.mark.parametrize("name", statements())
async def test_a_statement_fits_the_schema(database: Database, name: str) -> None:
    async with database.connection() as connection:
        await connection.prepare(statements()[name])


HOT: dict[str, tuple[str, list[Any]]] = {
    "a message's place in history": (messages.OLDER, [ONE, 5, 50]),
    "newer messages": (messages.NEWER, [ONE, 5, 50]),
    "a message by its id": (messages.FIND, [ONE]),
    "reactions to a page": (messages.REACTIONS, [ONE, [1, 2, 3], ONE]),
    "past versions": (messages.PAST, [ONE, 1, 0, 50]),
    "replay": (entries.RANGES, [SOME, [5] * 3, [200] * 3]),
    "heads": (entries.HEADS, [SOME]),
    "standings": (members.STANDINGS, [1000, 100, SOME, SOME]),
    "somebody's rooms": (members.ROOMS_OF, [1000, 100, SOME, 200]),
    "somebody's list": (room_list.LIST, [1000, 100, ONE, "", None, None, None, 51]),
    "more of somebody's list": (room_list.LIST, [1000, 100, ONE, "", MOMENT, MOMENT, ONE, 51]),
    "what commands depend on": (
        known.LOOK_UP,
        [SOME, SOME, SOME, SOME, SOME, ["x"] * 3, SOME, SOME, SOME, SOME, SOME],
    ),
    "read cursors": (receipts.MOVE, [SOME, SOME, [1, 1, 1]]),
    "changed messages": (
        effects.CHANGE_MESSAGES,
        [SOME, [1] * 3, ["x"] * 3, [1] * 3, [None] * 3, [None] * 3, [None] * 3, ["{}"] * 3],
    ),
    "mentions taken back": (effects.DROP_MENTIONS, [SOME, [1] * 3]),
    "reactions taken away": (effects.DROP_REACTIONS, [SOME, [1] * 3, SOME, ["x"] * 3]),
}


@pytest.fixture
async def filled(databases: Databases) -> AsyncIterator[Database]:
    """A database with thousands of rows in every table, and the planner told so.

    It is the test's own: what other tests have deleted would count in the plans.
    """
    async with service_database(databases, SCHEMA) as dsn:
        connection = await asyncpg.connect(dsn, server_settings={"search_path": SCHEMA.name})
        await connection.execute("SET ROLE NONE")
        for statement in (FILL, *FILL_MORE):
            await connection.execute(statement)
        await connection.close()
        async with service_pool(dsn, SCHEMA.name) as database:
            yield database


async def scanned_whole(database: Database, statement: str, arguments: list[Any]) -> set[str]:
    """Return the tables that a statement reads from end to end."""
    async with database.transaction() as connection:
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement}", *arguments)
    found: set[str] = set()
    todo = [json.loads(plan)[0]["Plan"]]
    while todo:
        node = todo.pop()
        if node["Node Type"] == "Seq Scan":
            found.add(node["Relation Name"])
        todo += node.get("Plans", [])
    return found


async def test_statements_that_run_all_the_time_walk_indexes(filled: Database) -> None:
    whole = {
        name: await scanned_whole(filled, statement, arguments) - SMALL
        for name, (statement, arguments) in HOT.items()
    }

    assert {name: tables for name, tables in whole.items() if tables} == {}


async def test_writing_walks_indexes(filled: Database) -> None:
    ids, words, numbers = SOME, ["x"] * 3, [1] * 3
    none = [None] * 3
    one = [ONE, 1, 1, None, "user", ONE, "Alice", "x", b"", ONE, "hello", None, None]
    many = [
        None, ids, numbers, numbers, numbers, numbers, ids, ids, words, numbers, words,
        [b""] * 3, ids, numbers, words, words, ids, words, numbers, none, ids, words, words, ids,
        ids, ["{}"] * 3, [True] * 3,
    ]  # fmt: skip

    assert await scanned_whole(filled, log.APPEND_ONE, one) == set()
    assert await scanned_whole(filled, log.APPEND, many) == set()


async def test_the_service_may_not_change_its_schema(database: Database) -> None:
    for statement in ("CREATE TABLE mine (x int)", "DROP TABLE log", "SELECT * FROM pg_authid"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await database.execute(statement)

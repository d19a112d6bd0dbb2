"""SQL is a constant: no value is ever written into a statement, and stores name each of theirs.

Constants have upper-case names and stand at the top of their module, where they can be read, and
prepared against the migrated schema.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.allowed import SQL
from tests.architecture.tree import CODE, Finding, Module, modules, sample, verdict

SENDS_SQL = {
    "cursor",
    "execute",
    "executemany",
    "fetch",
    "fetchmany",
    "fetchrow",
    "fetchval",
    "prepare",
}
STORE = re.compile(r"services/\w+/store(\.py|/)")


def built_sql(module: Module) -> Iterator[Finding]:
    """Find statements that are put together where they are sent, and nameless ones in stores."""
    in_store = STORE.match(module.path) is not None
    for node in ast.walk(module.tree):
        match node:
            case ast.Call(func=ast.Attribute(attr=method), args=[statement, *_]):
                if method not in SENDS_SQL:
                    continue
                if is_built(statement):
                    yield Finding(module.path, node.lineno, f"{method}() is sent SQL built here")
                elif in_store and not is_constant(statement):
                    yield Finding(module.path, node.lineno, f"{method}() is sent nameless SQL")


def is_built(statement: ast.expr) -> bool:
    """Say whether an expression makes text out of parts."""
    match statement:
        case ast.JoinedStr():
            return True
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace")):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return is_built(body) or is_built(orelse)
        case _:
            return False


def is_constant(statement: ast.expr) -> bool:
    """Say whether an expression is an upper-case name, or a choice between two."""
    match statement:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.isupper()
        case ast.IfExp(body=body, orelse=orelse):
            return is_constant(body) and is_constant(orelse)
        case _:
            return False


def test_sql_is_constant() -> None:
    findings = [found for module in modules(*CODE) for found in built_sql(module)]

    assert verdict(findings, allowed=SQL) == []


@pytest.mark.parametrize(
    "argument",
    [
        "f'SELECT * FROM message WHERE id = {message_id}'",
        "'SELECT * FROM message WHERE id = %s' % message_id",
        "'SELECT * FROM ' + table",
        "FIND + ' LIMIT 1'",
        "'SELECT * FROM {}'.format(table)",
        "' '.join(parts)",
        "FIND if one else f'{FIND} LIMIT 2'",
    ],
)
@pytest.mark.parametrize("path", ["libs/common/outbox.py", "services/messages/store.py"])
def test_built_sql_is_found_everywhere(path: str, argument: str) -> None:
    module = sample(f"pool.fetchrow({argument})", path=path)

    assert len(list(built_sql(module))) == 1


@pytest.mark.parametrize("path", ["services/auth/store.py", "services/messages/store/log.py"])
@pytest.mark.parametrize("argument", ["'SELECT 1'", "statement", "queries['find']"])
def test_nameless_sql_is_found_in_a_store(path: str, argument: str) -> None:
    module = sample(f"pool.execute({argument}, now)", path=path)

    assert len(list(built_sql(module))) == 1


@pytest.mark.parametrize("argument", ["FIND", "sql.FIND", "OLDER if before else NEWER"])
def test_a_constant_is_fine(argument: str) -> None:
    module = sample(f"pool.fetch({argument}, room_id)", path="services/messages/store.py")

    assert list(built_sql(module)) == []


def test_the_text_of_a_migration_may_be_sent_from_outside_a_store() -> None:
    module = sample("connection.execute(migration.sql)", path="libs/common/migrate.py")

    assert list(built_sql(module)) == []

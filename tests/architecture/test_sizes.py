"""A module fits into one reading, a function onto one screen."""

import ast
from collections.abc import Iterator

from tests.architecture.allowed import LONG_FUNCTIONS, LONG_MODULES
from tests.architecture.tree import CODE, Finding, Module, files, modules, read, sample, verdict

MODULE_LINES = 300
FUNCTION_LINES = 50


def long_files(paths: Iterator[str]) -> Iterator[Finding]:
    """Find source files of more than 300 lines."""
    for path in paths:
        if path.endswith((".py", ".ts", ".tsx")):
            yield from long_text(path, read(path))


def long_text(path: str, text: str) -> Iterator[Finding]:
    """Find a text of more than 300 lines."""
    line_count = len(text.splitlines())
    if line_count > MODULE_LINES:
        yield Finding(path, line_count, f"is longer than {MODULE_LINES} lines")


def long_functions(module: Module) -> Iterator[Finding]:
    """Find functions of more than 50 lines, decorators apart."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            line_count = (node.end_lineno or node.lineno) - node.lineno + 1
            if line_count > FUNCTION_LINES:
                yield Finding(module.path, node.lineno, f"{node.name} has {line_count} lines")


def test_modules_are_short() -> None:
    paths = (path for folder in ("libs", "services", "clients", "tests") for path in files(folder))

    assert verdict(long_files(paths), allowed=LONG_MODULES) == []


def test_functions_are_short() -> None:
    findings = [found for module in modules(*CODE, "tests") for found in long_functions(module)]

    assert verdict(findings, allowed=LONG_FUNCTIONS) == []


def test_a_long_module_is_found() -> None:
    assert list(long_text("libs/common/bus.py", "x = 1\n" * 300)) == []
    assert len(list(long_text("libs/common/bus.py", "x = 1\n" * 301))) == 1


def test_a_long_function_is_found() -> None:
    fits = "def fits():\n" + "    x = 1\n" * 49
    too_long = "async def too_long():\n" + "    x = 1\n" * 50

    assert [found.what for found in long_functions(sample(fits + too_long))] == [
        "too_long has 51 lines"
    ]

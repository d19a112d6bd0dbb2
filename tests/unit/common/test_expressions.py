"""No regular expression takes long over any text: its time grows with the length, not faster."""

import ast
import importlib
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from time import process_time
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
OUR_OWN: Final = ("services/demo", "services/nodes")
"""What these read nobody but us has written: stories, and the words of nodes that do not start."""

SOURCES: Final = [
    path
    for folder in ("libs", "services", "clients/python")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "__main__.py" and not path.relative_to(ROOT).as_posix().startswith(OUR_OWN)
]
TEXT: Final = "\n".join(path.read_text() for path in SOURCES)
ANYWHERE: Final = r"\b(\w+)\.(?:search|sub|subn|split|findall|finditer)\("
LOOKED_FOR: Final = set(re.findall(ANYWHERE, TEXT))

LENGTH: Final = 8_000
MAX_S: Final = 0.05
"""A hundred times what a good one takes."""

FILL: Final = ("", "a", "0", "-", ".", ":", "/", "@", " ", "<", "\u200d", "\u2764", "\ufe0f")


def module_of(path: Path) -> str:
    relative = path.relative_to(ROOT).with_suffix("")
    return ".".join(part for part in relative.parts if part not in {"clients", "python"})


def compiled() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the expressions that are constants of a module."""
    for path in SOURCES:
        if "re.compile" in path.read_text():
            for name, value in vars(importlib.import_module(module_of(path))).items():
                if isinstance(value, re.Pattern):
                    yield f"{module_of(path)}.{name}", value


def written() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the expressions in the limits of models."""
    for path in SOURCES:
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "pattern=" in text else ():
            if isinstance(node, ast.keyword) and node.arg == "pattern":
                assert isinstance(node.value, ast.Constant)
                yield f"{module_of(path)}:{node.value.lineno}", re.compile(str(node.value.value))


EXPRESSIONS: Final = dict([*compiled(), *written()])


def probes(expression: re.Pattern[str]) -> Iterator[str]:
    """Yield long texts of what the expression looks for, each with an end that spoils it."""
    words = set(re.findall(r"[A-Za-z]{2,}|[^\w\s\\]+", expression.pattern))
    pumps = {"".join(parts) for parts in product((*sorted(words), ""), FILL)} - {""}
    for pump in sorted(pumps):
        yield (pump * LENGTH)[: LENGTH - 1] + "\x01"


def is_looked_for(name: str) -> bool:
    """Tell whether an expression is looked for in a text; others have to match from its start."""
    return name.rpartition(".")[2] in LOOKED_FOR


def taken_s(expression: re.Pattern[str], text: str, *, anywhere: bool) -> float:
    began = process_time()
    if anywhere:
        expression.search(text)
    expression.fullmatch(text)
    return process_time() - began


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_is_quick_over_a_long_text(name: str) -> None:
    expression, anywhere = EXPRESSIONS[name], is_looked_for(name)

    slow = [
        text[:20]
        for text in probes(expression)
        # A pause of the machine is not the expression's: who is slow is slow twice.
        if all(taken_s(expression, text, anywhere=anywhere) > MAX_S for _ in range(2))
    ]

    assert slow == []


def test_the_expressions_of_input_are_among_those() -> None:
    names = " ".join(EXPRESSIONS)

    assert len(EXPRESSIONS) > 20
    for word in ("said:", "SECRETS_IN_TEXT", "MENTION", "EMOJI", "TRACEPARENT", "SECRET_NAME"):
        assert word in names


def test_a_slow_expression_is_found() -> None:
    slow = re.compile("a(?:[a-z]-?)*!")

    assert any(taken_s(slow, text, anywhere=True) > MAX_S for text in probes(slow))

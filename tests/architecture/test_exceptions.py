"""What nobody foresaw is caught in three layers, which log it once: http, bus and service.

The service layer is two modules: `service` says what there is to run, `runner` runs it. To tidy up
and raise again is not to catch.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.allowed import BROAD_EXCEPT
from tests.architecture.names import Imports
from tests.architecture.tree import CODE, Finding, Module, modules, sample, verdict

HOMES = tuple(
    f"libs/common/{name}{end}"
    for name in ("http", "bus", "service", "runner")
    for end in (".py", "/")
)
BROAD = {"BaseException", "Exception"}


def broad_catches(module: Module) -> Iterator[Finding]:
    """Find handlers that catch everything."""
    if module.path.startswith(HOMES):
        return
    imports = Imports(module.tree)
    for node in ast.walk(module.tree):
        match node:
            case ast.ExceptHandler(type=caught) if is_broad(caught) and not raises_again(node):
                yield Finding(module.path, node.lineno, "catches everything")
            case ast.Call(func=function, args=caught_by_name) if imports.dotted(
                function
            ) == "contextlib.suppress" and any(is_broad(argument) for argument in caught_by_name):
                yield Finding(module.path, node.lineno, "suppresses everything")


def is_broad(caught: ast.expr | None) -> bool:
    """Say whether what is caught is all there is, by name or for want of one."""
    match caught:
        case None:
            return True
        case ast.Name(id=name):
            return name in BROAD
        case ast.Tuple(elts=elements):
            return any(is_broad(element) for element in elements)
        case _:
            return False


def raises_again(handler: ast.ExceptHandler) -> bool:
    """Say whether a handler ends by raising what it caught."""
    match handler.body[-1]:
        case ast.Raise(exc=None):
            return True
        case _:
            return False


def test_only_three_layers_catch_everything() -> None:
    findings = [found for module in modules(*CODE) for found in broad_catches(module)]

    assert verdict(findings, allowed=BROAD_EXCEPT) == []


@pytest.mark.parametrize(
    "source",
    [
        "try: run()\nexcept: pass",
        "try: run()\nexcept Exception: pass",
        "try: run()\nexcept (ValueError, BaseException): pass",
        "try: run()\nexcept* Exception: pass",
        "from contextlib import suppress\nwith suppress(Exception): run()",
        "import contextlib\nwith contextlib.suppress(Exception): run()",
    ],
)
def test_catching_everything_is_found(source: str) -> None:
    assert len(list(broad_catches(sample(source)))) == 1


def test_catching_what_was_foreseen_is_fine() -> None:
    module = sample("try: run()\nexcept (OSError, TimeoutError): pass")

    assert list(broad_catches(module)) == []


@pytest.mark.parametrize(
    "path",
    ["libs/common/http/endpoints.py", "libs/common/bus/consume.py", "libs/common/runner.py"],
)
def test_the_three_layers_may(path: str) -> None:
    module = sample("try: run()\nexcept Exception: log()", path=path)

    assert list(broad_catches(module)) == []

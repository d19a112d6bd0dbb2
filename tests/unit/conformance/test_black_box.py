"""The runner knows a server from outside only: it imports nothing of ours but how frames look."""

import ast
from typing import Final

from tests.architecture.tree import Module, modules, sample

OURS: Final = ("libs", "services", "hubbub_client", "tests")
ALLOWED: Final = ("hubbub_client.frames", "tests.conformance")


def inside_knowledge(module: Module) -> list[str]:
    """Return what a module imports of ours that it must not know."""
    found: list[str] = []
    for node in ast.walk(module.tree):
        match node:
            case ast.Import(names=names):
                found += [name.name for name in names]
            case ast.ImportFrom(module=str(origin)):
                found.append(origin)
    return [
        one
        for one in found
        if one.partition(".")[0] in OURS
        and not any(one == allowed or one.startswith(f"{allowed}.") for allowed in ALLOWED)
    ]


def test_the_runner_knows_nothing_of_the_inside() -> None:
    knowing = {one.path: inside_knowledge(one) for one in modules("tests/conformance")}

    assert len(knowing) > 20
    assert {path: names for path, names in knowing.items() if names} == {}


def test_inside_knowledge_is_found() -> None:
    source = (
        "import httpx\nimport services.gateway.settings\nfrom hubbub_client.frames import parse\n"
        "def f():\n    from libs.common.clock import Clock\n    from tests.support import program\n"
    )

    assert inside_knowledge(sample(source)) == [
        "services.gateway.settings",
        "libs.common.clock",
        "tests.support",
    ]

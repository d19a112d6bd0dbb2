"""The project's own files, as the tests of this folder see them.

Every rule of this folder is a function from one module (or one text) to findings, so that each can
be shown a bad sample. A finding is one line: place, colon, what is wrong.
"""

import ast
import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("libs", "services", "clients/python")

# Made by tools or by running; none of them is committed.
NOT_OURS = {
    ".git",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".node",
    ".pytest_cache",
    ".ruff_cache",
    ".tools",
    ".venv",
    "__pycache__",
    "build",
    "data",
    "data-demo",
    "data-split",
    "dist",
    "htmlcov",
    "node_modules",
}


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path below the root, with slashes, and its syntax tree."""

    path: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that breaks a rule."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def sample(source: str, *, path: str = "services/auth/core.py") -> Module:
    """Return a module that is not in the tree, to show to a rule."""
    return Module(path, ast.parse(source))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Return the Python modules below these folders, in the order of their paths."""
    # A million nodes that stay: a collector that goes through them is most of the cost.
    gc.collect()
    gc.disable()
    try:
        return tuple(
            _module(path) for folder in folders for path in files(folder) if path.endswith(".py")
        )
    finally:
        gc.freeze()
        gc.enable()


@cache
def _module(path: str) -> Module:
    return Module(path, ast.parse(read(path), filename=path))


@cache
def files(folder: str = ".") -> tuple[str, ...]:
    """Return the paths of the project's own files below a folder, sorted; none if it is missing."""
    return tuple(sorted(path.relative_to(ROOT).as_posix() for path in _walk(ROOT / folder)))


def _walk(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name in NOT_OURS or entry.name.endswith(".egg-info") or entry.is_symlink():
            continue
        if entry.is_dir():
            yield from _walk(entry)
        elif not entry.name.startswith(".coverage"):
            yield entry


@cache
def read(path: str) -> str:
    """Return the text of a file; of one that is not text, nothing."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def verdict(findings: Iterable[Finding], *, allowed: Mapping[str, str]) -> list[str]:
    """Return what must be mended: findings nobody excused, and excuses that excuse nothing.

    `allowed` maps a path to the reason why the rule does not hold there.
    """
    found = list(findings)
    excused = {finding.path for finding in found} & allowed.keys()
    return [str(finding) for finding in found if finding.path not in excused] + [
        f"{path}: is allowed to break this rule and does not" for path in allowed.keys() - excused
    ]

"""Imports are absolute and from the defining module; a package's own file is empty.

Which package may import which is said by the contracts in pyproject.toml.
"""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.tree import CODE, Finding, Module, files, modules, sample


def relative_imports(module: Module) -> Iterator[Finding]:
    """Find imports that start with a dot."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield Finding(module.path, node.lineno, "imports relative to itself")


def full_packages(module: Module) -> Iterator[Finding]:
    """Find package files that hold something: a second address for what is defined elsewhere."""
    if PurePosixPath(module.path).name == "__init__.py" and module.tree.body:
        yield Finding(module.path, 1, "is not empty")


def folders_that_are_no_packages(paths: tuple[str, ...]) -> list[str]:
    """Find folders with Python modules and no package file: tools would not look into them."""
    folders = {PurePosixPath(path).parent.as_posix() for path in paths if path.endswith(".py")}
    return sorted(folder for folder in folders if f"{folder}/__init__.py" not in paths)


def test_imports_are_absolute() -> None:
    found = [found for module in modules(*CODE, "tests") for found in relative_imports(module)]

    assert [str(finding) for finding in found] == []


def test_package_files_are_empty() -> None:
    found = [found for module in modules(*CODE, "tests") for found in full_packages(module)]

    assert [str(finding) for finding in found] == []


def test_every_folder_with_modules_is_a_package() -> None:
    paths = tuple(path for folder in (*CODE, "tests") for path in files(folder))

    assert folders_that_are_no_packages(paths) == []


def test_a_relative_import_is_found() -> None:
    module = sample("from . import core\nfrom ..rooms.model import Room\nfrom libs import common")

    assert [finding.line for finding in relative_imports(module)] == [1, 2]


def test_a_package_file_with_content_is_found() -> None:
    module = sample("from libs.common.errors import NotFound", path="libs/common/__init__.py")

    assert len(list(full_packages(module))) == 1


def test_a_folder_without_package_file_is_found() -> None:
    paths = ("services/__init__.py", "services/__main__.py", "services/auth/core.py")

    assert folders_that_are_no_packages(paths) == ["services/auth"]

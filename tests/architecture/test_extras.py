"""A service needs no package beyond those of its own extra."""

import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest
from packaging.utils import canonicalize_name

from services.builders.catalog import SERVICES
from tests.architecture.test_pins import pins
from tests.architecture.tree import ROOT, read

# Stands between Python and the packages that a smaller installation would not have.
IMPORT_WITHOUT = """
import sys
from importlib import import_module

service, *hidden = sys.argv[1:]

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in hidden:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

sys.meta_path.insert(0, Hidden())
import_module(f"services.builders.{service}")
# What `python -m services run NAME` goes through.
import_module("services.__main__")
import_module("services.split.program")
"""


def import_without(service: str, hidden: set[str]) -> subprocess.CompletedProcess[str]:
    """Import all that a service is made of where some packages are not installed."""
    return subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT, service, *sorted(hidden)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def not_installed_with(extra: str) -> set[str]:
    """Return the importable names that an installation with this extra alone would not have."""
    installed = {pin.name for pin in pins(read(f"requirements/{extra}.txt"))}
    ours = {"libs", "services", "hubbub_client"}
    return {
        name
        for name, owners in packages_distributions().items()
        if not {canonicalize_name(owner) for owner in owners} & installed
    } - ours


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_needs_nothing_beyond_its_own_extra(service: str) -> None:
    imported = import_without(service, not_installed_with(service))

    assert imported.returncode == 0, imported.stderr


def test_a_package_that_is_not_there_is_noticed() -> None:
    imported = import_without("gateway", {"websockets"})

    assert "No module named 'websockets" in imported.stderr

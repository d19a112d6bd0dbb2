"""The scripts say what is missing."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, read

SCRIPTS = ("deploy/up.sh", "deploy/check.sh", "deploy/postgres/roles.sh")
NEEDED = ("sh", "dirname", "cat", "grep")


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """An environment in which next to nothing is installed."""
    for name in NEEDED:
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    return {"PATH": str(tmp_path)}


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_without_docker_it_says_what_to_do(bare: dict[str, str]) -> None:
    ended = run("deploy/up.sh", bare)

    assert ended.returncode == 1
    assert "needs Docker" in ended.stderr
    assert "make split" in ended.stderr


def test_what_was_not_checked_is_said_with_its_package(bare: dict[str, str]) -> None:
    ended = run("deploy/check.sh", bare)

    assert ended.returncode == 0
    for tool in ("docker-compose", "hadolint", "caddy", "shellcheck", "promtool"):
        assert f": {tool}, from " in ended.stdout


def test_a_file_that_is_wrong_fails_the_check(bare: dict[str, str]) -> None:
    tool = Path(bare["PATH"]) / "hadolint"
    tool.write_text("#!/bin/sh\necho a fault\nexit 1\n")
    tool.chmod(0o755)

    ended = run("deploy/check.sh", bare)

    assert ended.returncode == 1
    assert "deploy/Dockerfile: not fine\na fault\n" in ended.stdout


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_stops_at_a_fault(script: str) -> None:
    assert (ROOT / script).stat().st_mode & stat.S_IXUSR
    assert "\nset -eu\n" in read(script) or "\nset -u\n" in read(script)

"""CPU time and memory go to the part that a process belongs to."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.bench.processes import Parts, cpu_s

WAIT = "import sys; sys.stdin.read()"


@pytest.fixture
def child() -> Iterator[int]:
    """A process below this one."""
    with subprocess.Popen([sys.executable, "-c", WAIT], stdin=subprocess.PIPE) as process:
        yield process.pid
        process.kill()


def test_a_process_counts_for_the_part_that_its_id_says(child: int) -> None:
    parts = Parts(child, {child: "gateway"}, rest="guards")

    assert set(parts.memory_bytes()) == {"gateway"}
    assert parts.memory_bytes()["gateway"] > 0


def test_what_runs_below_counts_and_has_a_part_of_its_own(child: int) -> None:
    parts = Parts(os.getpid(), {os.getpid(): "program"}, rest="guards")

    assert {"program", "guards"} <= set(parts.cpu_s())
    assert child not in parts.by_pid


def test_cpu_time_is_what_the_kernel_says() -> None:
    times = os.times()

    assert cpu_s(os.getpid()) == pytest.approx(sum(times[:4]), abs=0.5)


def test_a_process_that_has_ended_costs_nothing(child: int) -> None:
    assert cpu_s(2**22 + 1) == 0.0

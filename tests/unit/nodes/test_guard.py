"""The parts of the guard; `test_guarded` has the whole."""

import os
import signal
from pathlib import Path

import pytest

from services.nodes.guard import BoundedLog, Listener, descend, read_ladder, write_ladder
from services.nodes.postgres.options import LADDER


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "postgres.log"


def test_a_log_is_appended_to(log: Path) -> None:
    log.write_bytes(b"before\n")

    BoundedLog(log, max_bytes=100).append(b"after\n")

    assert log.read_bytes() == b"before\nafter\n"


def test_a_full_log_starts_anew_and_keeps_one_predecessor(log: Path) -> None:
    bounded = BoundedLog(log, max_bytes=4)

    for text in (b"one.", b"two.", b"three."):
        bounded.append(text)

    assert log.read_bytes() == b"three."
    assert [path.read_bytes() for path in log.parent.glob("*.1")] == [b"two."]


def test_what_the_disk_does_not_take_is_lost_in_silence(log: Path) -> None:
    log.mkdir()

    BoundedLog(log, max_bytes=100).append(b"lost")


def test_a_listener_logs_everything_and_remembers_the_end(log: Path) -> None:
    ear, mouth = os.pipe()
    listener = Listener(ear, BoundedLog(log, max_bytes=1_000_000))
    listener.start()

    for _ in range(200):
        os.write(mouth, b"x" * 100)
    os.write(mouth, b"last words")
    os.close(mouth)
    listener.join(5)
    os.close(ear)

    assert log.stat().st_size == 20_010
    assert len(listener.last_words) == 16 * 1024
    assert listener.last_words.endswith(b"xlast words")


class Patient:
    """A program that ends at the given step, or never."""

    def __init__(self, ends_at: signal.Signals | None) -> None:
        self.heard: list[signal.Signals] = []
        self.waited_s: list[float] = []
        self._ends_at = ends_at

    def hear(self, step: signal.Signals) -> None:
        self.heard.append(step)

    def has_ended_within(self, patience_s: float) -> bool:
        self.waited_s.append(patience_s)
        return self.heard[-1] == self._ends_at


@pytest.mark.parametrize(
    ("ends_at", "heard"),
    [
        (signal.SIGINT, [signal.SIGINT]),
        (signal.SIGQUIT, [signal.SIGINT, signal.SIGQUIT]),
        (signal.SIGKILL, [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL]),
    ],
)
def test_the_ladder_is_gone_down_as_far_as_needed(
    ends_at: signal.Signals, heard: list[signal.Signals]
) -> None:
    program = Patient(ends_at)

    assert descend(program.hear, program.has_ended_within, LADDER)

    assert program.heard == heard


def test_every_step_has_its_time() -> None:
    program = Patient(None)

    assert not descend(program.hear, program.has_ended_within, LADDER)

    assert program.waited_s == [10, 5, 5]


def test_a_ladder_travels_as_one_word() -> None:
    word = write_ladder(LADDER)

    assert word == "SIGINT:10,SIGQUIT:5,SIGKILL:5"
    assert tuple(read_ladder(word)) == LADDER

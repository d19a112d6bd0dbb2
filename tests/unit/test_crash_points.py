"""The crash points are where they say, and only whoever is meant dies of one."""

import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from libs.common.contracts.commands import ROOM_PAYLOADS
from services.messages.core.decide import RULES
from tests.chaos.crashes.armed import INSIDE, ROOT, Armed
from tests.chaos.crashes.cases import all_cases, cross_section
from tests.chaos.crashes.hands import MARK_READ, Hands
from tests.chaos.crashes.places import Moment, Place
from tests.chaos.crashes.points import HALVES, OF_ERASURE, POINTS, PUBLISH

TABLES = (POINTS, OF_ERASURE)
NAMES = {point for points in POINTS.values() for point in points} | set(HALVES)


@pytest.fixture
def armed(tmp_path: Path) -> Armed:
    return Armed(tmp_path / "armed")


def run(armed: Armed, program: str) -> int:
    """Return the status of a program that knows the points."""
    arguments = [sys.executable, "-c", program, str(armed.folder)]
    return subprocess.run(arguments, cwd=ROOT, check=False, timeout=30).returncode


PASS_BY = """
import sys, pathlib
from tests.chaos.crashes.armed import Armed
Armed(pathlib.Path(sys.argv[1])).pass_by("here", ["edit", "post"])
"""


def test_every_point_is_at_a_function_that_is_there() -> None:
    for place in (
        PUBLISH,
        *(one for table in TABLES for of in table.values() for many in of.values() for one in many),
    ):
        place.find()


@pytest.mark.parametrize(
    "function",
    ["services.messages.gone:publish", "tests.unit.test_crash_points:Gone.write"],
)
def test_a_function_that_is_no_more_is_an_error(function: str) -> None:
    with pytest.raises((ImportError, AttributeError)):
        Place(Moment.BEFORE, function, lambda *_: ()).find()


def test_every_point_is_hit_by_some_case() -> None:
    assert {point for case in all_cases() for point, _ in case.hits} == NAMES


def test_every_kind_of_command_comes_by_every_point_that_all_pass() -> None:
    kinds = set(RULES) | {MARK_READ}

    for point in ("messages: received", "messages: decided, not written", "messages: settled"):
        assert {case.act.kind for case in all_cases() if case.point == point} == kinds
    assert kinds == set(ROOM_PAYLOADS)


def test_the_cross_section_hits_every_point_and_does_everything() -> None:
    chosen = list(cross_section())

    assert {point for case in chosen for point, _ in case.hits} == NAMES
    assert {case.name for case in chosen} == {case.name for case in all_cases()}
    assert len(chosen) < len(NAMES)


def test_no_case_is_there_twice() -> None:
    names = [str(case) for case in all_cases()]

    assert sorted(set(names)) == sorted(names)


def test_whoever_comes_by_an_armed_point_dies_once(armed: Armed) -> None:
    armed.arm("here", "post")
    assert armed.is_armed("here", ["edit", "post"])

    assert run(armed, PASS_BY) == -signal.SIGKILL
    assert armed.was_hit("here", "post")
    assert run(armed, PASS_BY) == 0


def test_a_point_that_is_armed_for_another_kind_kills_nobody(armed: Armed) -> None:
    armed.arm("here", "delete")
    armed.arm("elsewhere", "post")

    assert run(armed, PASS_BY) == 0
    assert not armed.was_hit("here", "delete")


def test_a_point_that_was_disarmed_kills_nobody(armed: Armed) -> None:
    armed.arm("here", "post")

    armed.disarm()

    assert run(armed, PASS_BY) == 0


def test_a_process_that_cannot_have_its_points_does_not_start(armed: Armed) -> None:
    surroundings = {**armed.settings(), "PYTHONPATH": str(INSIDE)}

    ended = subprocess.run(
        [sys.executable, "-c", "print('it runs')"],
        cwd="/",
        env=surroundings,
        capture_output=True,
        check=False,
        timeout=30,
    )

    assert ended.returncode == 1
    assert ended.stdout == b""
    assert b"no crash points" in ended.stderr


async def test_a_watched_function_does_what_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    this = sys.modules[__name__]
    passed: list[tuple[str, list[str]]] = []

    def note(point: str, kinds: object) -> None:
        passed.append((point, list(kinds)))  # type: ignore[call-overload]

    for name in ("double", "double_later"):
        monkeypatch.setattr(this, name, getattr(this, name))
        for moment in Moment:
            Place(moment, f"{__name__}:{name}", lambda number: [str(number)]).watch(
                f"{moment.value} {name}", note
            )

    assert (this.double(2), await this.double_later(3)) == (4, 6)
    assert passed == [
        ("before double", ["2"]),
        ("after double", ["2"]),
        ("before double_later", ["3"]),
        ("after double_later", ["3"]),
    ]


def double(number: int) -> int:
    return 2 * number


async def double_later(number: int) -> int:
    return 2 * number


def test_what_is_in_nobodys_hands_any_more_is_there_once() -> None:
    hands = Hands()

    hands.put_row(None, SimpleNamespace(kind="auth.user.updated"))

    assert hands.commit() == {"auth.user.updated"}
    assert hands.commit() == set()

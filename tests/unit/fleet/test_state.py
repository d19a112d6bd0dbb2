"""An operator asks who lives, and is told where to look."""

import os
from pathlib import Path

import pytest

from services.fleet import state
from services.fleet.keeper import Keeper
from services.fleet.nodes import NodeKeeper
from services.fleet.plan import Member
from tests.support.clock import CountedChance, SetClock
from tests.unit.fleet.test_keeper import Process
from tests.unit.fleet.test_nodes import Node

NOBODY = 1
"""A port of loopback at which nobody answers."""


async def started(folder: Path) -> None:
    """Write down a fleet of one node that answers and one process that was never started."""

    async def node() -> Node:
        return Node(100)

    async def process() -> Process:
        return Process(200)

    log_file = folder / "x.log"
    clock, chance = SetClock(), CountedChance()
    postgres = NodeKeeper("postgres", node, log_file=log_file, clock=clock, chance=chance)
    rooms = Keeper(
        Member("rooms", "rooms", NOBODY, NOBODY),
        process,
        log_file=log_file,
        clock=clock,
        chance=chance,
    )
    await postgres.start()
    state.write(folder, [postgres], [rooms])


async def test_the_table_shows_nodes_and_processes_with_where_they_are(tmp_path: Path) -> None:
    await started(tmp_path)

    lines = [line.split() for line in (await state.table(tmp_path)).splitlines()]

    assert lines == [
        ["process", "pid", "starts", "address", "inside", "state"],
        ["postgres", "100", "1", "-", "-", "answers"],
        ["rooms", "-", "0", "http://127.0.0.1:1", "http://127.0.0.1:1", "does", "not", "answer"],
    ]


async def test_what_is_written_names_every_log(tmp_path: Path) -> None:
    await started(tmp_path)

    written = state.read(tmp_path)

    assert written["pid"] == os.getpid()
    logs = [one["log"] for one in (*written["nodes"], *written["members"])]
    assert logs == [str(tmp_path / "x.log")] * 2


async def test_a_folder_on_which_nothing_runs_is_told_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = await state.show({"SPLIT_DATA_DIR": str(tmp_path)})

    assert status == 1
    assert capsys.readouterr().err == f"Nothing runs on {tmp_path}: make split starts it.\n"


async def test_a_fleet_that_was_killed_does_not_run(tmp_path: Path) -> None:
    await started(tmp_path)
    file = tmp_path / state.FILE
    file.write_text(file.read_text().replace(f'"pid": {os.getpid()}', '"pid": 4194305'))

    with pytest.raises(state.NothingRuns):
        state.read(tmp_path)

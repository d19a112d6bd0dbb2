"""A program with its guard: how it is started, heard, and ended."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from services.nodes.guarded import Ending, Guarded
from services.nodes.postgres.options import LADDER

WAITS = """
import signal, sys
signal.signal(signal.SIGINT, lambda *_: sys.exit("interrupted"))
print("up", flush=True)
signal.pause()
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "program.log"


async def run(program: str, log: Path) -> Guarded:
    command = [sys.executable, "-I", "-S", "-c", program]
    return await Guarded.run(command, log=log, ladder=LADDER, environment={"SPOKEN": "English"})


async def is_up(log: Path) -> None:
    async with asyncio.timeout(10):
        while b"up" not in logged(log):  # noqa: ASYNC110 - a file tells no event
            await asyncio.sleep(0.005)


async def is_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while runs(pid):  # noqa: ASYNC110 - it is not our child
            await asyncio.sleep(0.005)


def runs(pid: int) -> bool:
    """Return whether it runs: a zombie, whose parent has not looked, has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


def logged(log: Path) -> bytes:
    return log.read_bytes() if log.exists() else b""


async def test_the_end_has_the_status_and_the_last_lines(log: Path) -> None:
    program = await run("import sys; print('one', flush=True); sys.exit('two')", log)

    assert await program.ended() == Ending(1, ("one", "two"))
    assert program.has_ended


async def test_everything_said_is_in_the_log(log: Path) -> None:
    program = await run("print('one'); print('two')", log)

    await program.ended()

    assert logged(log) == b"one\ntwo\n"


async def test_an_end_is_asked_for_with_an_interrupt(log: Path) -> None:
    program = await run(WAITS, log)
    await is_up(log)

    assert await program.stop() == Ending(1, ("up", "interrupted"))


async def test_an_end_asked_for_at_once_is_heard(log: Path) -> None:
    """A guard that ignored the signal would let the program inherit that, and wait 10 s."""
    program = await run(WAITS, log)

    async with asyncio.timeout(8):
        ending = await program.stop()

    assert ending.status in {1, 128 + signal.SIGINT}


async def test_a_killed_program_is_told_from_one_that_ended(log: Path) -> None:
    program = await run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", log)

    assert (await program.ended()).status == 128 + signal.SIGKILL


async def test_a_program_that_does_not_exist_is_named(log: Path) -> None:
    program = await Guarded.run(["/nowhere/initdb"], log=log, ladder=LADDER, environment={})

    ending = await program.ended()

    assert ending.status == 1
    assert "/nowhere/initdb" in ending.last_lines[-1]


async def test_the_operators_own_postgres_settings_are_not_for_it(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/var/lib/postgresql")

    program = await run("import os; print(os.environ.get('PGDATA'), os.environ['LC_ALL'])", log)

    assert (await program.ended()).last_lines == ("None C",)


async def test_it_runs_apart_from_the_terminal(log: Path) -> None:
    program = await run("import os; print(os.getsid(0))", log)

    ending = await program.ended()

    assert ending.last_lines != (str(os.getsid(0)),)


async def test_it_gets_the_variables_that_are_meant_for_it(log: Path) -> None:
    program = await run("import os; print(os.environ['SPOKEN'])", log)

    assert (await program.ended()).last_lines == ("English",)


async def test_a_kill_takes_the_guard_and_the_program(log: Path) -> None:
    program = await run(f"import os; print(os.getpid(), flush=True)\n{WAITS}", log)
    await is_up(log)

    program.kill()
    ending = await program.ended()

    assert ending == Ending(-signal.SIGKILL, ())
    await is_gone(int(logged(log).split()[0]))
